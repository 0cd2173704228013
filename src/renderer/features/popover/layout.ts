import type { Decision } from '../../../shared/contract/decisions.ts';
import type { Session } from '../../../shared/contract/sessions.ts';
import { groupOf, type SessionGroup } from '../../../shared/state.ts';

/** Which ids stand where, from the top. Decisions stand in `needs_you`, sessions in the other three. */
export type Layout = Readonly<Record<'needs_you' | SessionGroup, readonly string[]>>;

/** Questions by their deadline, nearest first; of sessions that wait to start the longest waiting first. */
export function layoutOf(sessions: readonly Session[], decisions: readonly Decision[]): Layout {
  const open = onceAlike(decisions.filter((decision) => decision.state === 'pending'));
  open.sort((a, b) => (a.deadline ?? Infinity) - (b.deadline ?? Infinity) || a.askedAt - b.askedAt);
  const groups: Record<SessionGroup, Session[]> = { needs_input: [], working: [], completed: [] };
  for (const session of sessions) groups[groupOf(session)].push(session);
  groups.working.sort((a, b) => Number(a.state === 'queued') - Number(b.state === 'queued') || order(a, b));
  groups.completed.sort((a, b) => (b.endedAt ?? 0) - (a.endedAt ?? 0));
  const ids = (list: readonly { id: string }[]) => list.map(({ id }) => id);
  return {
    needs_you: ids(open),
    needs_input: ids(groups.needs_input),
    working: ids(groups.working),
    completed: ids(groups.completed),
  };
}

/** Of questions that ask the very same, the oldest: it is answered once for all of them. */
function onceAlike(open: readonly Decision[]): Decision[] {
  const first = new Map<string, Decision>();
  for (const decision of open.toSorted((a, b) => a.askedAt - b.askedAt)) {
    const key = decision.alike ?? decision.id;
    if (!first.has(key)) first.set(key, decision);
  }
  return [...first.values()];
}

function order(a: Session, b: Session): number {
  return a.state === 'queued' ? a.createdAt - b.createdAt : b.createdAt - a.createdAt;
}

/**
 * What to show while the pointer is inside: everything stays where it is, what is new comes last in its
 * section. Returns `held` itself when nothing is new.
 */
export function holdLayout(held: Layout, next: Layout): Layout {
  const known = new Set(Object.values(held).flat());
  const fresh = (section: keyof Layout) => next[section].filter((id) => !known.has(id));
  const added = { needs_you: fresh('needs_you'), needs_input: fresh('needs_input'), working: fresh('working') };
  // A session that was never seen before it ended can wait until the pointer has gone.
  if (Object.values(added).every((ids) => ids.length === 0)) return held;
  return {
    needs_you: [...held.needs_you, ...added.needs_you],
    needs_input: [...held.needs_input, ...added.needs_input],
    working: [...held.working, ...added.working],
    completed: held.completed,
  };
}

const saying = (words: string, texts: readonly (string | null | undefined)[]): boolean =>
  words.split(/\s+/).every((word) => texts.some((text) => text?.toLowerCase().includes(word)));

/** What is left when a person looks for some words: each of them stands somewhere in what is known of it. */
export function narrowed(
  layout: Layout,
  filter: string,
  sessions: readonly Session[],
  decisions: readonly Decision[],
): Layout {
  const words = filter.trim().toLowerCase();
  if (words === '') return layout;
  const found = new Set([
    ...sessions
      .filter((s) => saying(words, [s.project, s.prompt, s.activity, s.branch, s.outcome, s.id]))
      .map(({ id }) => id),
    ...decisions
      .filter((d) => saying(words, [d.project, d.action.tool, d.action.detail, d.action.summary, d.risk]))
      .map(({ id }) => id),
  ]);
  const left = (ids: readonly string[]) => ids.filter((id) => found.has(id));
  return {
    needs_you: left(layout.needs_you),
    needs_input: left(layout.needs_input),
    working: left(layout.working),
    completed: left(layout.completed),
  };
}

/** How many sessions are queued before each queued one, by id. */
export function aheadOf(sessions: readonly Session[]): ReadonlyMap<string, number> {
  const queued = sessions.filter((session) => session.state === 'queued').sort((a, b) => a.createdAt - b.createdAt);
  return new Map(queued.map((session, ahead) => [session.id, ahead]));
}
