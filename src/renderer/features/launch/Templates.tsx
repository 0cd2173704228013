import { useState } from 'react';
import { useAct } from '../../hooks/use-act.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { useMirror } from '../../mirror.ts';
import { Button } from '../../ui/Button.tsx';
import { Problem } from '../../ui/Field.tsx';
import { MenuButton } from '../../ui/MenuButton.tsx';
import { toast } from '../../ui.ts';
import { ActButton } from '../system/ActButton.tsx';

const KEY = 'launch.templates';
const isTemplates = (value: unknown): value is Record<string, string> => typeof value === 'object' && value !== null;

/** Prompts with names, kept in the configuration: one is picked, or what is written becomes one. */
export function Templates({ prompt, onPick }: { prompt: string; onPick: (prompt: string) => void }) {
  const changed = useMirror((snapshot) => snapshot.engine.configuredAt);
  const { data } = useQuery('config.get', {}, changed);
  const field = data?.fields.find(({ key }) => key === KEY);
  const templates = isTemplates(field?.value) ? field.value : {};
  const set = useAct('config.set');
  const [name, setName] = useState<string | null>(null);
  const names = Object.keys(templates);

  const save = async () => {
    const given = name?.trim();
    if (!given || !field) return;
    const value = { ...templates, [given]: prompt.trim() };
    if (!(await set.run({ changes: [{ key: KEY, value, mark: field.mark }] }))) return;
    toast(`“${given}” is a template now.`);
    setName(null);
  };

  return (
    <>
      <MenuButton
        label={names.length === 0 ? 'No template yet' : 'Templates'}
        entries={names.map((one) => ({ id: one, words: one, run: () => onPick(templates[one] ?? '') }))}
        className="flex-auto"
      />
      {name === null ? (
        <Button
          kind="quiet"
          className="-ml-2"
          why={prompt.trim() === '' ? 'Write a prompt first.' : null}
          onClick={() => setName('')}
        >
          Keep as a template…
        </Button>
      ) : (
        <span className="flex basis-full gap-1.5">
          <input
            aria-label="Name of the template"
            ref={(field) => field?.focus()}
            placeholder="Name of the template"
            maxLength={80}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            onKeyDown={(event) => {
              if (event.key !== 'Enter') return;
              event.preventDefault();
              void save();
            }}
            className="field flex-1"
          />
          <ActButton busy={set.busy} why={name.trim() === '' ? 'It needs a name.' : null} onClick={() => void save()}>
            Keep
          </ActButton>
          <Button kind="quiet" onClick={() => setName(null)}>
            Cancel
          </Button>
        </span>
      )}
      <Problem text={set.error} />
    </>
  );
}
