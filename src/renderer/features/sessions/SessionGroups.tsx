import { type ReactNode, useMemo, useState } from 'react';
import type { Session } from '../../../shared/contract/sessions.ts';
import { count } from '../../../shared/format.ts';
import { useProgressive } from '../../hooks/use-progressive.ts';
import { useMirror } from '../../mirror.ts';
import { Button } from '../../ui/Button.tsx';
import { Section } from '../../ui/Section.tsx';
import { putAway, useUi } from '../../ui.ts';
import { aheadOf, type Layout } from '../popover/layout.ts';
import { SessionRow } from './SessionRow.tsx';

const FIRST = 8;
const COMPLETED = 6;

/** The sessions in the three groups a person sees them in. */
export function SessionGroups({ layout, looking }: { layout: Layout; looking: boolean }) {
  const sessions = useMirror((snapshot) => snapshot.sessions);
  const concurrency = useMirror((snapshot) => snapshot.engine.concurrency);
  const [all, setAll] = useState(false);
  const byId = useMemo(() => new Map(sessions.map((session) => [session.id, session])), [sessions]);
  const ahead = useMemo(() => aheadOf(sessions), [sessions]);
  const running = sessions.filter(({ state }) => state !== 'queued' && state !== 'parked' && state !== 'ended').length;
  const queued = ahead.size > 0 ? ` · ${ahead.size} queued` : '';
  const done = useUi((state) => state.done);
  const ended = looking ? layout.completed : layout.completed.filter((id) => !done.includes(id));
  const completed = all ? ended : ended.slice(0, COMPLETED);
  const rows = { byId, ahead, looking };
  return (
    <>
      <Group title="Needs input" figure={String(layout.needs_input.length)} ids={layout.needs_input} {...rows} />
      <Group title="Working" figure={`${running} of ${concurrency}${queued}`} ids={layout.working} {...rows} />
      <Group
        title="Completed"
        figure={String(ended.length)}
        ids={completed}
        {...rows}
        action={
          <button
            type="button"
            className="link text-small"
            onClick={() => putAway(ended, count(ended.length, 'session'))}
          >
            {ended.length === 1 ? 'Done' : `Done with ${ended.length}`}
          </button>
        }
      />
      {completed.length < ended.length && (
        <Button kind="quiet" className="self-start" onClick={() => setAll(true)}>
          Show {ended.length - completed.length} more
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
  looking: boolean;
  action?: ReactNode;
}

function Group({ title, figure, ids, byId, ahead, looking, action }: GroupProps) {
  const shown = useProgressive(ids, FIRST);
  if (ids.length === 0) return null;
  return (
    <Section title={title} figure={figure} name={title} open={looking} action={action}>
      <ul className="card divide-y divide-line overflow-hidden">
        {shown.map((id) => {
          const session = byId.get(id);
          return session && <SessionRow key={id} session={session} ahead={ahead.get(id) ?? 0} />;
        })}
      </ul>
    </Section>
  );
}
