import type { Session } from '../../../shared/contract/sessions.ts';
import { groupOf } from '../../../shared/state.ts';

/** By what the list of all sessions is put together. */
export const GROUPINGS = ['state', 'project', 'time'] as const;
export type Grouping = (typeof GROUPINGS)[number];

export interface Together {
  title: string;
  sessions: readonly Session[];
}

const STATES = { needs_input: 'Needs input', working: 'Working', completed: 'Completed' } as const;
const DAY = 86_400_000;
const MONTH = new Intl.DateTimeFormat('en-GB', { month: 'long', year: 'numeric' });

/**
 * Sessions under headings; within one they keep their order, and the headings come in the order of their
 * first session. @param now epoch ms; days are those of this page's zone.
 */
export function together(sessions: readonly Session[], by: Grouping, now: number): Together[] {
  const groups = new Map<string, Session[]>();
  const title = { state: stateOf, project: projectOf, time: (session: Session) => timeOf(session, now) }[by];
  const ordered = by === 'time' ? sessions.toSorted((a, b) => moment(b) - moment(a)) : sessions;
  for (const session of ordered) {
    const name = title(session);
    groups.set(name, [...(groups.get(name) ?? []), session]);
  }
  return [...groups].map(([name, of]) => ({ title: name, sessions: of }));
}

const stateOf = (session: Session): string => STATES[groupOf(session)];
const projectOf = (session: Session): string => session.project;
const moment = ({ endedAt, startedAt, createdAt }: Session): number => endedAt ?? startedAt ?? createdAt;

function timeOf(session: Session, now: number): string {
  const days = Math.round((midnight(now) - midnight(moment(session))) / DAY);
  if (days <= 0) return 'Today';
  if (days === 1) return 'Yesterday';
  if (days < 7) return 'The last seven days';
  return MONTH.format(moment(session));
}

const midnight = (at: number): number => new Date(at).setHours(0, 0, 0, 0);
