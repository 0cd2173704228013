import { useState } from 'react';
import type { AlertKind } from '../../../shared/contract/alerts.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { useMirror } from '../../mirror.ts';
import { openWindow } from '../../route.ts';
import { Section } from '../../ui/Section.tsx';
import { Moment } from '../../ui/Time.tsx';
import { VerdictButtons } from './VerdictButtons.tsx';

const DAY_MS = 86_400_000;
const SHOWN = 3;
/** What is answered by itself asks for no word on top. */
const ANSWERED: ReadonlySet<AlertKind> = new Set(['question', 'promotion']);

/** The last alerts of a day that nobody has judged: two clicks that make the next ones better. */
export function ToldLately() {
  const version = useMirror(({ alerts }) => alerts.changes);
  const [since] = useState(() => Date.now() - DAY_MS);
  const { data } = useQuery('alerts.list', { unjudged: true, since, limit: 50, offset: 0 }, version);
  const alerts = (data?.alerts ?? []).filter(({ kind }) => !ANSWERED.has(kind)).slice(0, SHOWN);
  if (alerts.length === 0) return null;
  return (
    <Section title="Was it worth telling?">
      <ul className="flex flex-col gap-1.5 px-1">
        {alerts.map((alert) => (
          <li key={alert.id} data-item className="flex flex-wrap items-center gap-x-2">
            <button
              type="button"
              className="link line-clamp-2 min-w-44 flex-1 text-left"
              onClick={() => openWindow(alert.place ?? '#/window/trust')}
            >
              {alert.subject}
            </button>
            <Moment at={alert.at} className="text-small text-ink-3" />
            <span className="flex">
              <VerdictButtons alert={alert} />
            </span>
          </li>
        ))}
      </ul>
    </Section>
  );
}
