import type { DecisionAlert } from '../../../shared/contract/analytics.ts';
import { useAct } from '../../hooks/use-act.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { useMirror } from '../../mirror.ts';
import { hashOf } from '../../route.ts';
import { Problem } from '../../ui/Field.tsx';
import { Mark, type Tone } from '../../ui/Mark.tsx';
import { Moment } from '../../ui/Time.tsx';
import { ActButton } from '../system/ActButton.tsx';

const TONES: Readonly<Record<DecisionAlert['severity'], Tone>> = {
  info: 'mute',
  warning: 'human',
  error: 'bad',
  critical: 'bad',
};

/** What the gate found out of order, until the person has seen it; nothing where all is well. */
export function Alerts() {
  const changes = useMirror(({ alerts }) => alerts.changes);
  const { data, error } = useQuery('analytics.alerts', {}, changes);
  if (!data || data.length === 0) return <Problem text={error} />;
  return (
    <ul className="card divide-y divide-line" aria-label="Alerts">
      {data.map((alert) => (
        <Alert key={alert.id} alert={alert} />
      ))}
    </ul>
  );
}

function Alert({ alert }: { alert: DecisionAlert }) {
  const act = useAct('analytics.acknowledge');
  return (
    <li className="flex flex-wrap items-center gap-3 px-3 py-2">
      <Mark shape="diamond" tone={TONES[alert.severity]} />
      <span className="min-w-0 flex-1">
        <span className="sr-only">{alert.severity}: </span>
        {alert.text}{' '}
        {alert.subject.startsWith('ses_') && (
          <a href={hashOf('sessions', alert.subject)} className="link">
            Its session
          </a>
        )}
      </span>
      <Moment at={alert.lastAt} className="text-ink-2" />
      <ActButton busy={act.busy} onClick={() => void act.run({ id: alert.id })}>
        Seen
      </ActButton>
      <Problem text={act.error} />
    </li>
  );
}
