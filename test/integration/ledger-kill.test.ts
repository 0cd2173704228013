import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';
import { TEST_SECRET, tempDir } from '../builders.ts';
import { seededRandom } from '../fakes/random.ts';

const WRITER = join(import.meta.dirname, '..', 'fixtures', 'bin', 'ledger-writer.ts');
/** `TENURE_KILLS=100` for the long run. */
const KILLS = Number(process.env.TENURE_KILLS ?? 8);

test(
  'killed in the middle of commits and checkpoints, the ledger is never read as tampered with, and goes on',
  async () => {
    const dir = join(tempDir('ledger-kill'), 'data');
    const random = seededRandom(20_261_120);
    let before = 0;
    for (let kill = 0; kill <= KILLS; kill++) {
      const child = spawn(process.execPath, [WRITER, dir, TEST_SECRET], { stdio: ['ignore', 'pipe', 'inherit'] });
      const ended = new Promise((resolve) => child.once('exit', resolve));
      const lines = createInterface({ input: child.stdout });
      const { value } = await lines[Symbol.asyncIterator]().next();
      expect(JSON.parse(String(value)), `after ${kill} kills`).toMatchObject({ state: 'sound', findings: [] });
      const { events } = JSON.parse(String(value)) as { events: number };
      expect(events).toBeGreaterThan(kill === 0 ? 0 : before);
      before = events;
      // At no moment in particular: that is the point.
      await new Promise((resolve) => setTimeout(resolve, 20 + random() * 150));
      child.kill('SIGKILL');
      await ended;
    }
  },
  KILLS * 15_000,
);
