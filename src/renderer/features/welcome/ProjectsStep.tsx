import { type FormEvent, useState } from 'react';
import { count } from '../../../shared/format.ts';
import { call, sentenceOf } from '../../api.ts';
import { useAway } from '../../hooks/use-away.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { useMirror } from '../../mirror.ts';
import { Button } from '../../ui/Button.tsx';
import { Check } from '../../ui/Check.tsx';
import { Problem } from '../../ui/Field.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { toast } from '../../ui.ts';
import { ActButton } from '../system/ActButton.tsx';

/** Repositories that were found, with check boxes; another folder is looked through on request. */
export function ProjectsStep() {
  const known = useMirror((snapshot) => snapshot.projects.length);
  const [folder, setFolder] = useState<string | null>(null);
  const { data, error } = useQuery('projects.find', folder === null ? {} : { folder }, known);
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set());
  const [state, setState] = useState<{ busy: boolean; errors: readonly string[] }>({ busy: false, errors: [] });
  const away = useAway();
  const chosen = data?.repositories.filter(({ path, registered }) => ticked.has(path) && !registered) ?? [];

  const toggle = (path: string, on: boolean) => {
    const next = new Set(ticked);
    if (on) next.add(path);
    else next.delete(path);
    setTicked(next);
  };
  const addAll = async () => {
    setState({ busy: true, errors: [] });
    const errors: string[] = [];
    let added = 0;
    for (const { path } of chosen) {
      try {
        await call('projects.add', { path });
        added += 1;
      } catch (thrown) {
        errors.push(sentenceOf(thrown));
      }
    }
    if (added > 0) toast(`${count(added, 'project')} added.`);
    setState({ busy: false, errors });
  };
  const look = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const typed = new FormData(event.currentTarget).get('folder');
    if (typeof typed === 'string' && typed.trim() !== '') setFolder(typed.trim());
  };

  return (
    <>
      {!data && !error && <Skeleton rows={4} label="Looking for repositories" />}
      <Problem text={error} />
      {data?.repositories.length === 0 && (
        <p className="card p-3 text-ink-2">
          {folder === null
            ? 'No git repository was found where people usually keep code. Name a folder below.'
            : `There is no git repository in ${folder}.`}
        </p>
      )}
      {data && data.repositories.length > 0 && (
        <ul className="card max-h-56 divide-y divide-line overflow-y-auto">
          {data.repositories.map(({ path, name, registered }) => (
            <li key={path}>
              <Check
                className="px-3 py-1.5"
                checked={registered || ticked.has(path)}
                disabled={registered}
                onChange={(on) => toggle(path, on)}
                hint={registered ? `${path}; a project already` : path}
              >
                {name}
              </Check>
            </li>
          ))}
        </ul>
      )}
      {data?.cut && (
        <p className="text-small text-ink-3">
          There may be more: only the first thousands of folders were looked through.
        </p>
      )}
      <div className="flex flex-wrap gap-2">
        <Button
          busy={state.busy}
          why={away ?? (chosen.length === 0 ? 'Tick what is to become a project.' : null)}
          onClick={() => void addAll()}
        >
          {state.busy ? 'Adding…' : chosen.length === 0 ? 'Add' : `Add ${count(chosen.length, 'project')}`}
        </Button>
        <form onSubmit={look} className="flex min-w-[min(13rem,100%)] flex-1 flex-wrap gap-1.5">
          <input
            name="folder"
            aria-label="Another folder"
            placeholder="~/another/folder"
            spellCheck={false}
            autoComplete="off"
            className="field min-w-36 flex-1"
          />
          <ActButton type="submit">Look there</ActButton>
        </form>
      </div>
      {state.errors.map((sentence) => (
        <Problem key={sentence} text={sentence} />
      ))}
    </>
  );
}
