import { app, dialog } from 'electron';
import { writeCrash } from '../core/kernel/crash.ts';
import type { TenurePaths } from '../core/kernel/paths.ts';
import { TenureError } from '../shared/errors.ts';

/** What falls sooner would fall again. */
const STEADY_MS = 600_000;

interface Ending {
  title: string;
  error: unknown;
  /** Null: not known yet. */
  paths: TenurePaths | null;
  /** Epoch ms. */
  at: number;
  /** How long the program has run. */
  ranMs: number;
}

/**
 * Nothing goes on in a state that nobody thought of: every gate is closed then, and the next start says so.
 * After a while of running that start comes by itself: a box would hold the folder, and the night's work, until
 * somebody comes and presses its button.
 */
export function endWith({ title, error, paths, at, ranMs }: Ending): void {
  // A sentence for the person is no crash: whoever wrote it knows what happened.
  if (paths && !(error instanceof TenureError)) {
    writeCrash(paths, { at, version: app.getVersion(), host: 'electron' }, error);
  }
  if (ranMs >= STEADY_MS) app.relaunch();
  else dialog.showErrorBox(title, error instanceof Error ? error.message : String(error));
  app.exit(1);
}
