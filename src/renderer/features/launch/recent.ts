import type { Session } from '../../../shared/contract/sessions.ts';

const MOST = 20;
/** A prompt that long may be the beginning of a longer one (see the contract); the detail has it whole. */
const MAY_BE_CUT = 1_990;

/** The session whose detail has this earlier prompt whole; null: it is whole. */
export const cutIn = (
  sessions: readonly Pick<Session, 'id' | 'projectId' | 'prompt'>[],
  projectId: string | undefined,
  prompt: string,
): string | null =>
  prompt.length > MAY_BE_CUT && prompt.endsWith('…')
    ? (sessions.find((one) => one.projectId === projectId && one.prompt === prompt)?.id ?? null)
    : null;

/** What was asked on a project before, newest first, each once. What Tenure itself or a follow-up asked is left out. */
export function recentPrompts(
  sessions: readonly Pick<Session, 'projectId' | 'prompt' | 'createdAt' | 'lineage'>[],
  projectId: string | undefined,
): string[] {
  const own = sessions.filter((session) => session.projectId === projectId && session.lineage === null);
  const newest = own.toSorted((a, b) => b.createdAt - a.createdAt).map(({ prompt }) => prompt);
  return [...new Set(newest)].slice(0, MOST);
}
