import { join } from 'node:path';
import { app, dialog, Menu, session } from 'electron';
import { createClock } from '../core/adapters/clock.ts';
import { writeCrash } from '../core/kernel/crash.ts';
import { TenureError } from '../shared/errors.ts';
import { runAttached } from './attached.ts';
import { runHosted } from './hosted.ts';
import { claimInstance } from './instance.ts';
import { createLinks } from './links.ts';
import { applicationMenu } from './menu.ts';
import { confineNavigation, denyPermissions } from './navigation.ts';
import { type Program, readProgram } from './program.ts';
import { registerScheme } from './protocol.ts';
import { followEngine } from './remote.ts';

let program: Program | null = null;

/** Nothing goes on in a state that nobody thought of: it says so and ends; every gate is closed then. */
function endWith(title: string, error: unknown): void {
  // A sentence for the person is no crash: whoever wrote it knows what happened.
  if (program && !(error instanceof TenureError)) {
    writeCrash(program.paths, { at: createClock().now(), version: app.getVersion(), host: 'electron' }, error);
  }
  dialog.showErrorBox(title, error instanceof Error ? error.message : String(error));
  app.exit(1);
}

async function start(here: Program, links: ReturnType<typeof createLinks>): Promise<void> {
  await app.whenReady();
  Menu.setApplicationMenu(Menu.buildFromTemplate(applicationMenu('Tenure')));
  if (here.platform === 'darwin') app.setActivationPolicy('accessory');
  denyPermissions(session.defaultSession);
  // A menubar program lives on without a window.
  app.on('window-all-closed', () => undefined);
  const clock = createClock();
  try {
    await runHosted(here, clock, links);
  } catch (error) {
    // An engine lives there already: this one becomes its icon and its window, and never stops it.
    if (!(error instanceof TenureError && error.kind === 'conflict')) throw error;
    const remote = await followEngine({ runDir: here.paths.runDir, clock, fetch });
    if (remote === null) throw error;
    runAttached(here, clock, remote, links);
  }
}

process.on('uncaughtException', (error) => endWith('Tenure has ended', error));
process.on('unhandledRejection', (error) => endWith('Tenure has ended', error));
try {
  const here = readProgram(join(import.meta.dirname, '..'));
  program = here;
  confineNavigation();
  app.enableSandbox();
  registerScheme();
  const links = createLinks();
  if (claimInstance(here.paths.home))
    start(here, links).catch((error: unknown) => endWith('Tenure cannot start', error));
  else app.quit();
} catch (error) {
  endWith('Tenure cannot start', error);
}
