import type { Session } from '../../../shared/contract/sessions.ts';

const MOST = 20;

/** What was asked on a project before, newest first, each once. What Tenure itself or a follow-up asked is left out. */
export function recentPrompts(
  sessions: readonly Pick<Session, 'projectId' | 'prompt' | 'createdAt' | 'lineage'>[],
  projectId: string | undefined,
): string[] {
  const own = sessions.filter((session) => session.projectId === projectId && session.lineage === null);
  const newest = own.toSorted((a, b) => b.createdAt - a.createdAt).map(({ prompt }) => prompt);
  return [...new Set(newest)].slice(0, MOST);
}
