import { clipboard, dialog } from 'electron';

/** The owner token is shown once, at the very first start; afterwards only its hash is known. */
export async function showOwnerToken(token: string): Promise<void> {
  const { response } = await dialog.showMessageBox({
    type: 'info',
    message: 'Keep your owner token',
    detail: `${token}\n\nIt lets the command line and a browser act for you. Tenure shows it only now; this window never needs it.`,
    buttons: ['Copy', 'Close'],
    defaultId: 0,
    cancelId: 1,
  });
  if (response === 0) await clipboard.writeText(token);
}
