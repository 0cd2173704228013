import { openDialog } from '../../ui.ts';
import { ActButton } from '../system/ActButton.tsx';

/** Where there is nothing yet to show: what would change that. */
export const LaunchButton = () => (
  <ActButton onClick={() => openDialog({ kind: 'launch' })}>Launch a session…</ActButton>
);
