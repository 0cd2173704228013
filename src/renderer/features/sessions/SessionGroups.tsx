import { useMemo, useState } from 'react';
import type { Session } from '../../../shared/contract/sessions.ts';
import { useProgressive } from '../../hooks/use-progressive.ts';
import { useMirror } from '../../mirror.ts';
import { Button } from '../../ui/Button.tsx';
import { Section } from '../../ui/Section.tsx';
import { aheadOf, type Layout } from '../popover/layout.ts';
import { SessionRow } from './SessionRow.tsx';

const FIRST = 8;
const COMPLETED = 6;

/** The sessions in the three groups a person sees them in. */
export function SessionGroups({ layout }: { layout: Layout }) {
  const sessions = useMirror((snapshot) => snapshot.sessions);
  const concurrency = useMirror((snapshot) => snapshot.engine.concurrency);
  const [all, setAll] = useState(false);
  const byId = useMemo(() => new Map(sessions.map((session) => [session.id, session])), [sessions]);
  const ahead = useMemo(() => aheadOf(sessions), [sessions]);
  const running = sessions.filter(({ state }) => state !== 'queued' && state !== 'parked' && state !== 'ended').length;
  const queued = ahead.size > 0 ? ` · ${ahead.size} queued` : '';
  const completed = all ? layout.completed : layout.completed.slice(0, COMPLETED);
  const rows = { byId, ahead };
  return (
    <>
      <Group title="Needs input" figure={String(layout.needs_input.length)} ids={layout.needs_input} {...rows} />
      <Group title="Working" figure={`${running} of ${concurrency}${queued}`} ids={layout.working} {...rows} />
      <Group title="Completed" figure={String(layout.completed.length)} ids={completed} {...rows} />
      {completed.length < layout.completed.length && (
        <Button kind="quiet" className="self-start" onClick={() => setAll(true)}>
          Show {layout.completed.length - completed.length} more
        </Button>
      )}
    </>
  );
}

interface GroupProps {
  title: string;
  figure: string;
  ids: readonly string[];
  byId: ReadonlyMap<string, Session>;
  ahead: ReadonlyMap<string, number>;
}

function Group({ title, figure, ids, byId, ahead }: GroupProps) {
  const shown = useProgressive(ids, FIRST);
  if (ids.length === 0) return null;
  return (
    <Section title={title} figure={figure}>
      <ul className="card divide-y divide-line overflow-hidden">
        {shown.map((id) => {
          const session = byId.get(id);
          return session && <SessionRow key={id} session={session} ahead={ahead.get(id) ?? 0} />;
        })}
      </ul>
    </Section>
  );
}
