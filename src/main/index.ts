import { join } from 'node:path';
import { app, Menu, session } from 'electron';
import { createClock } from '../core/adapters/clock.ts';
import { runAttached } from './attached.ts';
import { hostOrFollow } from './begin.ts';
import { offerEditing } from './context-menu.ts';
import { endWith } from './ending.ts';
import { runHosted } from './hosted.ts';
import { claimInstance } from './instance.ts';
import { createLinks } from './links.ts';
import { applicationMenu } from './menu.ts';
import { confineNavigation, denyPermissions } from './navigation.ts';
import { type Program, readProgram } from './program.ts';
import { registerScheme } from './protocol.ts';
import { followEngine } from './remote.ts';

let program: Program | null = null;

const end = (title: string, error: unknown): void =>
  endWith({ title, error, paths: program?.paths ?? null, at: createClock().now(), ranMs: process.uptime() * 1_000 });

async function start(here: Program, links: ReturnType<typeof createLinks>): Promise<void> {
  await app.whenReady();
  Menu.setApplicationMenu(Menu.buildFromTemplate(applicationMenu('Tenure')));
  if (here.platform === 'darwin') app.setActivationPolicy('accessory');
  denyPermissions(session.defaultSession);
  // A menubar program lives on without a window.
  app.on('window-all-closed', () => undefined);
  const clock = createClock();
  await hostOrFollow({
    host: () => runHosted(here, clock, links),
    async follow() {
      const remote = await followEngine({ runDir: here.paths.runDir, clock, fetch });
      if (remote !== null) runAttached(here, clock, remote, links);
      return remote !== null;
    },
    pause: () => new Promise((resolve) => void clock.after(1_000, resolve)),
  });
}

process.on('uncaughtException', (error) => end('Tenure has ended', error));
process.on('unhandledRejection', (error) => end('Tenure has ended', error));
try {
  const here = readProgram(join(import.meta.dirname, '..'));
  program = here;
  confineNavigation();
  offerEditing();
  app.enableSandbox();
  registerScheme();
  const links = createLinks();
  if (claimInstance(here.paths.home)) start(here, links).catch((error: unknown) => end('Tenure cannot start', error));
  else app.quit();
} catch (error) {
  end('Tenure cannot start', error);
}
