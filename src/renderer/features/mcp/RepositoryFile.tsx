import type { McpOverview } from '../../../shared/contract/mcp.ts';
import { useAct } from '../../hooks/use-act.ts';
import { useAway } from '../../hooks/use-away.ts';
import { Button } from '../../ui/Button.tsx';
import { Problem } from '../../ui/Field.tsx';
import { say } from '../../ui.ts';

const WORDS = {
  new: 'is not used: nobody has allowed it. Programs in it would run on this machine in every session.',
  allowed: 'is used as it is now. When it changes you are asked again.',
  changed: 'has changed since you allowed it, and is not used until you allow it as it is now.',
  refused: 'is not used.',
} as const;

/** The repository's own `.mcp.json`, shown before it may be allowed. */
export function RepositoryFile({ overview, changed }: { overview: McpOverview; changed: () => void }) {
  const allow = useAct('mcp.repository');
  const away = useAway();
  const { projectId, repository } = overview;
  if (!repository) return null;
  const { state, hash, text, problem } = repository;
  const run = async (wanted: string | null) => {
    if (!(await allow.run({ projectId, hash: wanted }))) return;
    say(wanted === null ? "The repository's servers are left out." : "The repository's servers are allowed.");
    changed();
  };
  return (
    <section aria-label="The repository's own file" className="card flex flex-col gap-2 p-3">
      <p>
        <span className="font-strong">.mcp.json of the repository</span>{' '}
        <span className="text-ink-2">{WORDS[state]}</span>
      </p>
      <Problem text={problem} />
      <pre
        className="max-h-48 overflow-auto rounded-control bg-sunken p-2 font-mono text-[0.75rem] select-text"
        tabIndex={0}
      >
        {text}
      </pre>
      <Problem text={allow.error} />
      {(state === 'new' || state === 'changed') && (
        <Button className="self-start" busy={allow.busy} why={away} onClick={() => void run(hash)}>
          Allow these servers
        </Button>
      )}
      {state === 'allowed' && (
        <Button kind="quiet" className="-ml-2 self-start" busy={allow.busy} why={away} onClick={() => void run(null)}>
          Leave them out
        </Button>
      )}
    </section>
  );
}
