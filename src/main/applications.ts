import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { app, dialog } from 'electron';

/**
 * Once: offers to move the app to Applications. From a disk image or the downloads macOS neither starts it at
 * login nor lets it update itself. Where the person agrees, the moved app starts in the place of this one.
 */
export async function offerApplications(platform: NodeJS.Platform): Promise<void> {
  if (platform !== 'darwin' || !app.isPackaged || app.isInApplicationsFolder()) return;
  const asked = join(app.getPath('userData'), 'asked-applications');
  if (existsSync(asked)) return;
  writeFileSync(asked, '');
  const { response } = await dialog.showMessageBox({
    type: 'question',
    message: 'Move Tenure to your Applications folder?',
    detail: 'From where it is now, macOS can neither start it at login nor update it.',
    buttons: ['Move', 'Not now'],
    defaultId: 0,
    cancelId: 1,
  });
  if (response === 0) app.moveToApplicationsFolder();
}
