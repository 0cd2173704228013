import { clipboard } from 'electron';
import type { Popover } from './popover.ts';

/** The owner token is shown once, at the very first start; afterwards only its hash is known. */
export async function showOwnerToken(token: string, ask: Popover['ask']): Promise<void> {
  const pressed = await ask({
    type: 'info',
    message: 'Keep your owner token',
    detail: `${token}\n\nIt lets the command line and a browser act for you. Tenure shows it only now; this window never needs it.`,
    buttons: ['Copy', 'Close'],
    defaultId: 0,
    cancelId: 1,
  });
  if (pressed === 0) await clipboard.writeText(token);
}
