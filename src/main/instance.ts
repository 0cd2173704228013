import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { app } from 'electron';

/**
 * Chromium's own files lie apart from Tenure's, in `<home>/electron`, and the lock of the single
 * instance with them: the demo, whose home is another, runs beside the real one.
 * @returns whether this is the first instance; the first is told of the second.
 */
export function claimInstance(home: string): boolean {
  const userData = join(home, 'electron');
  mkdirSync(userData, { recursive: true, mode: 0o700 });
  app.setPath('userData', userData);
  return app.requestSingleInstanceLock();
}
