import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { app } from 'electron';
import type { Popover } from './popover.ts';

/**
 * Once: offers to move the app to Applications. From a disk image or the downloads macOS neither starts it at
 * login nor lets it update itself. Where the person agrees, the moved app starts in the place of this one.
 */
export async function offerApplications(platform: NodeJS.Platform, ask: Popover['ask']): Promise<void> {
  if (platform !== 'darwin' || !app.isPackaged || app.isInApplicationsFolder()) return;
  const asked = join(app.getPath('userData'), 'asked-applications');
  if (existsSync(asked)) return;
  writeFileSync(asked, '');
  const pressed = await ask({
    type: 'question',
    message: 'Move Tenure to your Applications folder?',
    detail: 'From where it is now, macOS can neither start it at login nor update it.',
    buttons: ['Move', 'Not now'],
    defaultId: 0,
    cancelId: 1,
  });
  if (pressed !== 0) return;
  try {
    app.moveToApplicationsFolder();
  } catch (error) {
    // It is thrown for a password that was not given, and for an older Tenure there that cannot be put away.
    const why = error instanceof Error ? error.message : String(error);
    const detail = `${why}. Tenure runs on from where it is; you can drag it to Applications yourself.`;
    await ask({ type: 'warning', message: 'Tenure was not moved.', detail });
  }
}
