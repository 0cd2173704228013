import type { Session } from '../../../shared/contract/sessions.ts';
import { call, sentenceOf } from '../../api.ts';
import { toast } from '../../ui.ts';

/** Opens the work tree of a session in a terminal, and says so or why not. */
export async function openTerminal({ id, project }: Pick<Session, 'id' | 'project'>): Promise<void> {
  try {
    const { path } = await call('worktrees.open', { sessionId: id, with: 'terminal' });
    toast(`The work of ${project} is open in a terminal: ${path}`);
  } catch (error) {
    toast(sentenceOf(error));
  }
}
