import type { SessionDetail } from '../../../shared/contract/sessions.ts';
import { Nothing } from '../../ui/Screen.tsx';

export function Changes({ session }: { session: SessionDetail }) {
  return <Nothing>{session.id}</Nothing>;
}
