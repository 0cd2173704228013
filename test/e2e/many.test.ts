import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { expect, test } from 'vitest';
import { type Rig, until } from '../rig.ts';
import { insertProject, insertSession } from '../rows.ts';
import { expectAccessible } from './browser.ts';
import { inBrowser } from './in-browser.ts';

const MANY = 1_200;

/** A year of work, as earlier days left it. */
function remembered(rig: Rig): void {
  const db = new Sqlite(join(rig.dataDir, 'tenure.db'));
  const projects = Array.from({ length: 12 }, (_, n) => insertProject(db, { id: `prj_${n}`, name: `project ${n}` }));
  const set = db.prepare(
    "UPDATE sessions SET prompt = ?, created_at = ?, started_at = ?, ended_at = ?, state = 'ended', outcome = 'completed' WHERE id = ?",
  );
  db.transaction(() => {
    for (let n = 0; n < MANY; n += 1) {
      const at = Date.now() - (MANY - n) * 3_600_000;
      const id = insertSession(db, {
        id: `ses_${n}`,
        projectId: projects[n % 12] ?? '',
        state: 'ended',
        outcome: 'completed',
      });
      set.run(`Task number ${n}.`, at, at, at + 60_000, id);
    }
  })();
  db.close();
}

inBrowser('a year of sessions', ({ start, open }) => {
  test('the popover shows the newest, the window finds the oldest, by keyboard alone', async () => {
    const rig = await start();
    remembered(rig);
    await rig.restart();
    const { page, problems } = await open(rig);
    await page.getByText('Show 54 more').waitFor();
    await expectAccessible(page);

    await page.setViewportSize({ width: 1_100, height: 760 });
    await page.goto(`${rig.host.url}/#/window/sessions`);
    const rows = page.locator('.split-list li');
    await until('the first page is there', async () => (await rows.count()) === 200);
    await expectAccessible(page);
    // From the filter to the oldest session and its page without a pointer.
    await page.getByLabel('Filter sessions').focus();
    await page.keyboard.type('task number 7.');
    await until('one is left', async () => (await rows.count()) === 1);
    // Past the chips of the grouping, which are one stop.
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'project 7' }).waitFor();

    await page.getByLabel('Filter sessions').fill('100%_');
    await page.getByText('No session matches.').waitFor();
    await page.getByLabel('Filter sessions').fill('');
    await page.getByRole('button', { name: 'Show older' }).click();
    await page.getByText('The newest 1,000. The filter finds older ones.').waitFor();
    expect(await rows.count()).toBe(1_000);
    expect(problems).toEqual([]);
  });
});
