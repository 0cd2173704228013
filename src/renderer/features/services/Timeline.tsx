import { useState } from 'react';
import type { Incident, IncidentEntry } from '../../../shared/contract/incidents.ts';
import { clockSeconds, count, whole } from '../../../shared/format.ts';
import { checkWords, entryWords } from '../../../shared/service-words.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { useMirror } from '../../mirror.ts';
import { Problem } from '../../ui/Field.tsx';
import { Moment } from '../../ui/Time.tsx';

/** All that happened in an incident, in its order: every check, restart and message. */
export function Timeline({ incident }: { incident: Incident }) {
  const { id, closedAt, reminders, toldAt, needsPerson } = incident;
  const mirrored = useMirror((snapshot) => {
    const service = snapshot.services.find((one) => one.id === incident.serviceId);
    const last = closedAt === null ? service?.last?.at : '';
    return `${last} ${service?.state} ${service?.restarting?.state}`;
  });
  const found = useQuery('incidents.get', { id }, `${closedAt} ${reminders} ${toldAt} ${needsPerson} ${mirrored}`);
  return (
    <>
      <Problem text={found.error} />
      <ol className="flex flex-col gap-1">
        {(found.data?.timeline ?? []).map((entry, n) => (
          <li key={n} className="flex gap-3">
            <Moment at={entry.at} className="w-20 shrink-0 text-small text-ink-3" />
            <Entry incidentId={id} entry={entry} />
          </li>
        ))}
      </ol>
    </>
  );
}

const TONES: Readonly<Partial<Record<IncidentEntry['kind'], string>>> = {
  message: 'font-strong',
  check: 'text-ink-2',
};

function Entry({ incidentId, entry }: { incidentId: string; entry: IncidentEntry }) {
  const [open, setOpen] = useState(false);
  const { checks, at, kind } = entry;
  const words = entryWords(entry);
  const look = `min-w-0 flex-1 wrap-anywhere ${TONES[kind] ?? ''}`;
  if (checks === null || checks.until === at) return <span className={look}>{words}</span>;
  return (
    <details className={look} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary className="cursor-default rounded-[3px] hover:bg-sunken/45">
        {words}
        <span className="text-ink-3"> · until {clockSeconds(checks.until)}</span>
      </summary>
      {open && <Single incidentId={incidentId} at={at} checks={checks} />}
    </details>
  );
}

interface SingleProps {
  incidentId: string;
  at: number;
  checks: NonNullable<IncidentEntry['checks']>;
}

/** The checks that an entry stands for, one by one. */
function Single({ incidentId, at, checks }: SingleProps) {
  const found = useQuery('incidents.checks', { id: incidentId, from: at, to: checks.until });
  const all = checks.good + checks.failed + checks.unknown;
  const missing = all - (found.data?.length ?? all);
  return (
    <>
      <Problem text={found.error} />
      {missing > 0 && (
        <p className="text-small text-ink-3">
          Of {count(all, 'check')} the newest {whole(all - missing)} are kept one by one.
        </p>
      )}
      {found.data && found.data.length > 0 && (
        <ol
          className="mt-1 flex max-h-52 flex-col overflow-y-auto text-small"
          // Scrolled by the keyboard.
          tabIndex={0}
          aria-label="Single checks"
        >
          {found.data.map((check) => (
            <li key={check.at} className="flex gap-2">
              <span className="shrink-0 text-ink-3 tabular-nums">{clockSeconds(check.at)}</span>
              <span className="min-w-0">{checkWords(check)}</span>
            </li>
          ))}
        </ol>
      )}
    </>
  );
}
