import { ANOMALY_WORDS } from '../../../shared/agent-words.ts';
import type { Anomaly } from '../../../shared/contract/agents.ts';
import { whoWords } from '../../../shared/words.ts';
import { useAct } from '../../hooks/use-act.ts';
import { useAway } from '../../hooks/use-away.ts';
import { hashOf } from '../../route.ts';
import { Button } from '../../ui/Button.tsx';
import { Problem } from '../../ui/Field.tsx';
import { Mark } from '../../ui/Mark.tsx';
import { Part } from '../../ui/Screen.tsx';
import { Moment } from '../../ui/Time.tsx';
import { say } from '../../ui.ts';

/** What was out of the ordinary: what nobody has looked at first, and then the rest folded away. */
export function Anomalies({ anomalies, withAgent = false }: { anomalies: readonly Anomaly[]; withAgent?: boolean }) {
  const open = anomalies.filter(({ acknowledged }) => acknowledged === null);
  const seen = anomalies.filter(({ acknowledged }) => acknowledged !== null);
  return (
    <Part title="Out of the ordinary">
      {open.length === 0 && <p className="text-ink-2">Nothing that you have not looked at.</p>}
      {open.length > 0 && <List anomalies={open} withAgent={withAgent} />}
      {seen.length > 0 && (
        <details>
          <summary className="link w-fit">{seen.length} that you have looked at</summary>
          <div className="mt-2">
            <List anomalies={seen} withAgent={withAgent} />
          </div>
        </details>
      )}
    </Part>
  );
}

function List({ anomalies, withAgent }: { anomalies: readonly Anomaly[]; withAgent: boolean }) {
  return (
    <ul className="card divide-y divide-line">
      {anomalies.map((anomaly) => (
        <Item key={anomaly.id} anomaly={anomaly} withAgent={withAgent} />
      ))}
    </ul>
  );
}

function Item({ anomaly, withAgent }: { anomaly: Anomaly; withAgent: boolean }) {
  const look = useAct('agents.acknowledge');
  const away = useAway();
  const { id, at, kind, agent, agents, serious, text, sessionId, acknowledged } = anomaly;
  const acknowledge = async () => {
    if (await look.run({ id })) say(`${ANOMALY_WORDS[kind]}: looked at.`);
  };
  return (
    <li className="flex flex-wrap items-start gap-x-3 gap-y-1 px-3 py-2">
      <div className="flex min-w-60 flex-1 flex-col gap-0.5">
        <p className="flex flex-wrap items-center gap-x-2">
          <Mark shape={serious ? 'square' : 'ring'} tone={acknowledged ? 'mute' : serious ? 'bad' : 'human'} />
          <span className="font-strong">{ANOMALY_WORDS[kind]}</span>
          {withAgent && (
            <a href={hashOf('agents', agent)} className="link wrap-anywhere">
              {agents.length > 1 ? `${agents.length} agents` : agent}
            </a>
          )}
          <Moment at={at} className="text-small text-ink-3" />
        </p>
        <p className="text-ink-2 wrap-anywhere">{text}</p>
        {agents.length > 1 && <p className="text-small text-ink-3 wrap-anywhere">{agents.join(', ')}</p>}
        {acknowledged && (
          <p className="text-small text-ink-3">
            Looked at by {whoWords(acknowledged.by)}, <Moment at={acknowledged.at} />
            {acknowledged.note && `: ${acknowledged.note}`}
          </p>
        )}
        <Problem text={look.error} />
      </div>
      <div className="flex items-center gap-2">
        {sessionId && (
          <a href={hashOf('sessions', sessionId)} className="link">
            Session
          </a>
        )}
        {acknowledged === null && (
          <Button busy={look.busy} why={away} onClick={() => void acknowledge()}>
            Acknowledge
          </Button>
        )}
      </div>
    </li>
  );
}
