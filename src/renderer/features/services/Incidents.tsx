import { useState } from 'react';
import type { AlertVerdict, Incident } from '../../../shared/contract/incidents.ts';
import { span } from '../../../shared/format.ts';
import { incidentTitle } from '../../../shared/service-words.ts';
import { useAct } from '../../hooks/use-act.ts';
import { useAway } from '../../hooks/use-away.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { useMirror } from '../../mirror.ts';
import { Button } from '../../ui/Button.tsx';
import { Problem } from '../../ui/Field.tsx';
import { Mark } from '../../ui/Mark.tsx';
import { Nothing, Part } from '../../ui/Screen.tsx';
import { Elapsed, Moment } from '../../ui/Time.tsx';
import { Timeline } from './Timeline.tsx';

const LIMIT = 30;

/** The incidents of one service, or all of the last time; each with its timeline. */
export function Incidents({ serviceId }: { serviceId?: string }) {
  const mirrored = useMirror((snapshot) => snapshot.incidents);
  const mine = mirrored.filter((incident) => serviceId === undefined || incident.serviceId === serviceId);
  const version = mine.map(({ id, closedAt, verdict, toldAt }) => `${id}${closedAt}${verdict}${toldAt}`).join();
  const older = useQuery('incidents.list', { all: true, limit: LIMIT, ...(serviceId && { serviceId }) }, version);
  const incidents = older.data ?? mine;
  return (
    <Part title="Incidents">
      <Problem text={older.error} />
      {incidents.length === 0 ? (
        <Nothing>None so far.</Nothing>
      ) : (
        <ul className="card divide-y divide-line">
          {incidents.map((incident) => (
            <IncidentItem key={incident.id} incident={incident} />
          ))}
        </ul>
      )}
    </Part>
  );
}

function IncidentItem({ incident }: { incident: Incident }) {
  const [open, setOpen] = useState(incident.closedAt === null);
  const { cause, failingSince, closedAt, flapping, needsPerson } = incident;
  return (
    <li>
      <details open={open} onToggle={(event) => setOpen(event.currentTarget.open)} data-item>
        <summary className="flex min-h-11.5 list-none items-center gap-3 rounded-card px-3 py-1 hover:bg-sunken/45">
          <Mark shape={closedAt === null ? 'square' : 'ring'} tone={closedAt === null ? 'bad' : 'mute'} />
          <span className="min-w-0 flex-1">
            <span className="block truncate font-strong">{incidentTitle(incident)}</span>
            <span className="block truncate text-ink-2">
              {closedAt === null ? (
                <>
                  for <Elapsed from={failingSince} to={null} />
                </>
              ) : (
                `for ${span(closedAt - failingSince)}`
              )}
              {flapping && ', goes up and down'}: {cause}
            </span>
          </span>
          <Moment at={failingSince} className="w-20 shrink-0 text-right text-ink-2" />
        </summary>
        {open && (
          <div className="flex flex-col gap-2 px-3 pt-1 pb-3">
            {needsPerson && <p className="text-human">{needsPerson}</p>}
            {incident.partOf && (
              <p className="text-ink-2">It failed together with others; their message spoke for it.</p>
            )}
            {incident.kind === 'infrastructure' && <p className="text-ink-2">{incident.services.join(', ')}</p>}
            <Verdict incident={incident} />
            <Timeline incident={incident} />
          </div>
        )}
      </details>
    </li>
  );
}

const VERDICTS: readonly (readonly [AlertVerdict, string])[] = [
  ['useful', 'Useful'],
  ['false', 'False alarm'],
];

/** Was it right to tell? It counts in the trust record. */
function Verdict({ incident: { id, verdict, toldAt } }: { incident: Incident }) {
  const judge = useAct('incidents.judge');
  const away = useAway();
  if (toldAt === null) return null;
  return (
    <div className="flex flex-wrap items-center gap-2">
      <span className="text-ink-2">This alert was</span>
      {VERDICTS.map(([value, words]) => (
        <Button
          key={value}
          kind="quiet"
          aria-pressed={verdict === value}
          busy={judge.busy}
          why={away}
          onClick={() => void judge.run({ id, verdict: verdict === value ? null : value })}
        >
          {words}
        </Button>
      ))}
      <Problem text={judge.error} />
    </div>
  );
}
