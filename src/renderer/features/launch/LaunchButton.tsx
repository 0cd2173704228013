import { Button } from '../../ui/Button.tsx';
import { openDialog } from '../../ui.ts';

/** Where there is nothing yet to show: what would change that. */
export const LaunchButton = () => <Button onClick={() => openDialog({ kind: 'launch' })}>Launch a session…</Button>;
