import { useState } from 'react';
import type { McpEntry } from '../../../shared/contract/mcp.ts';
import { clockTime, count } from '../../../shared/format.ts';
import { call, sentenceOf } from '../../api.ts';
import { useAct } from '../../hooks/use-act.ts';
import { useAway } from '../../hooks/use-away.ts';
import { useClock } from '../../hooks/use-clock.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { Button } from '../../ui/Button.tsx';
import { Problem } from '../../ui/Field.tsx';
import { Mark, type MarkShape, type Tone } from '../../ui/Mark.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { toast } from '../../ui.ts';
import { AddServer } from './AddServer.tsx';
import { RepositoryFile } from './RepositoryFile.tsx';

const FRESH_MS = 10_000;

const FACES: Readonly<Record<McpEntry['breaker']['state'], readonly [MarkShape, Tone]>> = {
  on: ['dot', 'trust'],
  off: ['square', 'bad'],
  trying: ['diamond', 'human'],
};

/** Which servers sessions of a project get, whether each is fit to be called, and the repository's own. */
export function McpServers({ projectId }: { projectId: string }) {
  const [changes, setChanges] = useState(0);
  const tick = useClock((now) => Math.floor(now / FRESH_MS));
  const { data, error } = useQuery('mcp.list', { projectId }, `${tick} ${changes}`);
  const changed = () => setChanges((n) => n + 1);
  if (!data) return error ? <Problem text={error} /> : <Skeleton rows={3} label="Looking for servers" />;
  return (
    <div className="flex flex-col gap-4">
      <Problem text={error} />
      {data.servers.length === 0 ? (
        <p className="text-ink-2">No servers yet. What is added here is given to every session of the project.</p>
      ) : (
        <ul className="card divide-y divide-line">
          {data.servers.map((entry) => (
            <Server key={entry.name} projectId={projectId} entry={entry} changed={changed} />
          ))}
        </ul>
      )}
      <RepositoryFile overview={data} changed={changed} />
      <AddServer projectId={projectId} changed={changed} />
    </div>
  );
}

function stateWords({ breaker, missing }: McpEntry): string {
  if (missing.length > 0)
    return `needs ${missing.join(', ')} in Tenure's environment; sessions do not start without ${missing.length > 1 ? 'them' : 'it'}`;
  const why = breaker.reason === null ? '' : `: ${breaker.reason}`;
  switch (breaker.state) {
    case 'off':
      return `off until ${clockTime(breaker.until ?? 0)}, after ${count(breaker.failures, 'failure')} in a row${why}`;
    case 'trying':
      return `its next call decides whether it is on again${why}`;
    case 'on':
      return breaker.failures === 0 ? 'on' : `on, ${count(breaker.failures, 'failure')} in a row${why}`;
  }
}

const commandOf = ({ server }: McpEntry): string =>
  'command' in server ? [server.command, ...(server.args ?? [])].join(' ') : server.url;

interface ServerProps {
  projectId: string;
  entry: McpEntry;
  changed: () => void;
}

async function putBack(projectId: string, name: string, server: McpEntry['server']): Promise<void> {
  try {
    await call('mcp.add', { projectId, config: { mcpServers: { [name]: server } } });
    toast(`${name} is back.`);
  } catch (error) {
    toast(sentenceOf(error));
  }
}

function Server({ projectId, entry, changed }: ServerProps) {
  const reset = useAct('mcp.reset');
  const remove = useAct('mcp.remove');
  const away = useAway();
  const [shape, tone] = entry.missing.length > 0 ? (['diamond', 'human'] as const) : FACES[entry.breaker.state];
  const { name, server } = entry;
  const switchOn = async () => {
    if (await reset.run({ projectId, name })) changed();
  };
  const takeAway = async () => {
    if (!(await remove.run({ projectId, name }))) return;
    toast(`${name} was removed.`, () => void putBack(projectId, name, server).then(changed));
    changed();
  };
  return (
    <li className="px-3 py-2 wrap-anywhere">
      <div className="flex min-h-8 items-center gap-3">
        <Mark shape={shape} tone={tone} />
        <p className="min-w-0 flex-1">
          <span className="font-strong">{entry.name}</span>
          {entry.origin === 'repository' && <span className="text-ink-2">, from the repository</span>}
        </p>
        {entry.breaker.state !== 'on' && (
          <Button busy={reset.busy} why={away} onClick={() => void switchOn()} aria-label={`Switch on ${entry.name}`}>
            Switch on
          </Button>
        )}
        {entry.origin === 'project' && (
          <Button
            kind="quiet"
            busy={remove.busy}
            why={away}
            onClick={() => void takeAway()}
            aria-label={`Remove ${entry.name}`}
          >
            Remove
          </Button>
        )}
      </div>
      <p className="font-mono text-[0.75rem] text-ink-2 select-text">{commandOf(entry)}</p>
      <p className="text-ink-2">{stateWords(entry)}</p>
      <Problem text={reset.error ?? remove.error} />
    </li>
  );
}
