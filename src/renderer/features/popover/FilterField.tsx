import { useEffect, useRef } from 'react';
import { Button } from '../../ui/Button.tsx';
import { moveFocus } from '../../ui/keyboard.ts';
import { setFilter } from '../../ui.ts';

/** What the list is narrowed to. It is there only while something is looked for; Esc takes it away. */
export function FilterField({ filter, found }: { filter: string; found: number }) {
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  return (
    <search className="flex items-center gap-2">
      <input
        ref={field}
        type="search"
        aria-label="Narrow the list"
        placeholder="Project, command or prompt"
        value={filter}
        onChange={(event) => setFilter(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== 'ArrowDown' && event.key !== 'Enter') return;
          event.preventDefault();
          moveFocus('first');
        }}
        className="field flex-1"
      />
      <span role="status" className="text-small text-ink-2">
        {filter.trim() !== '' && `${found} found`}
      </span>
      <Button kind="quiet" onClick={() => setFilter(null)} title="Esc">
        Done
      </Button>
    </search>
  );
}

export function NoMatch({ filter }: { filter: string }) {
  return (
    <div className="m-auto flex flex-col items-center gap-2 py-6 text-center text-ink-2">
      <p>Nothing here says “{filter.trim()}”.</p>
      <Button onClick={() => setFilter(null)}>Show everything</Button>
    </div>
  );
}
