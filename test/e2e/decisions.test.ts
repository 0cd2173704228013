import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { expect, test } from 'vitest';
import { bash, say } from '../fakes/messages-api.ts';
import type { Rig } from '../rig.ts';
import { choose, expectAccessible } from './browser.ts';
import { inBrowser, LARGE } from './in-browser.ts';

const look = process.env.TENURE_LOOK;
const MANY = 300;

/** What became of the first copies, by the chip that is to show them; all other decisions are completed or failed. */
const BECAME = {
  Pending: [`state = 'pending', outcome = NULL`, 3],
  Approved: [`state = 'approved', outcome = NULL, ended_as = NULL, delivered_at = NULL`, 4],
  Executing: [`state = 'allowed', outcome = NULL, ended_as = NULL`, 5],
  Rejected: [`state = 'denied', outcome = NULL`, 6],
  Expired: [`state = 'expired', outcome = NULL`, 7],
} as const;

/** @returns how many decisions each chip must find */
function scatter(rig: Rig): Record<string, number> {
  const db = new Sqlite(join(rig.dataDir, 'tenure.db'));
  let n = 0;
  const found: Record<string, number> = { All: MANY };
  for (const [chip, [sets, size]] of Object.entries(BECAME)) {
    for (let k = 0; k < size; k++) db.prepare(`UPDATE decisions SET ${sets} WHERE id = ?`).run(`dec_copy${(n += 1)}`);
    found[chip] = size;
  }
  const failed = db.prepare(`SELECT count(*) FROM decisions WHERE outcome = 'failed'`).pluck().get() as number;
  db.close();
  return { ...found, Failed: failed, Completed: MANY - n - failed };
}

/** As many decisions as a busy month makes: copies of a real one, each a second earlier, every fifth one failed, every tenth by another tool. */
function multiply(rig: Rig): void {
  const db = new Sqlite(join(rig.dataDir, 'tenure.db'));
  const columns = (db.pragma('table_info(decisions)') as { name: string }[]).map(({ name }) => name);
  const others = columns.filter((name) => !['id', 'asked_at', 'outcome', 'action', 'tool'].includes(name)).join(', ');
  const copy = db.prepare(`INSERT INTO decisions (id, asked_at, outcome, action, tool, ${others})
    SELECT ?, asked_at - ?, ?, replace(action, 'ls', 'ls ' || ?), coalesce(?, tool), ${others} FROM decisions WHERE rowid = 1`);
  for (let n = 1; n < MANY; n++) {
    copy.run(`dec_copy${n}`, n * 1_000, n % 5 === 0 ? 'failed' : 'ran', n, n % 10 === 0 ? 'Write' : null);
  }
  db.close();
}

inBrowser('the history of decisions', ({ start, open }) => {
  test('is filtered by stage, tool and words, counted, paged and exported', async () => {
    const rig = await start({ script: [bash('ls'), say('Done.')] });
    const { project } = await rig.addProject();
    await rig.raiseTo('cautious');
    const { id } = await rig.call('sessions.launch', { projectId: project.id, prompt: 'Look.' });
    await rig.ended(id);
    const { page, problems } = await open(rig, LARGE);
    multiply(rig);
    await page.evaluate(() => {
      window.location.hash = '#/window/decisions';
    });
    const status = page.getByRole('status').filter({ hasText: 'decision' });
    await status.getByText(`${MANY} decisions`, { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Failed' }).click();
    await status.getByText('59 decisions').waitFor();
    await page.getByRole('searchbox', { name: 'Filter decisions' }).fill('LS 25');
    // 25, 250 and 255.
    await status.getByText('3 decisions').waitFor();
    await page.getByRole('button', { name: 'Expired' }).click();
    await page.getByText('No decision matches.').waitFor();
    await page.getByRole('searchbox', { name: 'Filter decisions' }).fill('');
    await page.getByRole('button', { name: 'All', exact: true }).click();
    await status.getByText(`${MANY} decisions`, { exact: true }).waitFor();
    await choose(page.getByRole('combobox', { name: 'Tool' }), 'Write');
    await status.getByText('29 decisions').waitFor();
    await choose(page.getByRole('combobox', { name: 'Tool' }), 'Tool: all');
    await status.getByText(`${MANY} decisions`, { exact: true }).waitFor();
    // While it reads, the button takes no further word.
    await page.locator('ul[aria-busy="false"]').waitFor();
    await page.getByRole('button', { name: 'Show more' }).click();
    await page.waitForFunction(() => document.querySelectorAll('[data-item]').length >= 100);
    await page.getByText('The last 30 days in figures').click();
    await page.getByText('80 % of 300').waitFor();
    await page.getByRole('img', { name: /^Decisions, counts, 3\d moments?/ }).waitFor();
    await page.getByRole('button', { name: 'Success' }).click();
    await page
      .getByText('Ended well: 80 %')
      .or(page.getByRole('img', { name: /Ended well: 80 %/ }))
      .waitFor();
    await expectAccessible(page);
    if (look) await page.screenshot({ path: `${look}/decisions-dark.png` });
    await page.emulateMedia({ colorScheme: 'light' });
    if (look) await page.screenshot({ path: `${look}/decisions-light.png` });

    await page.getByRole('button', { name: '7 days', exact: true }).click();
    await page.getByRole('img', { name: /^Decisions, success, [78] moments/ }).waitFor();
    await page.getByText('The last 7 days in figures').click();
    await page.getByText('Limits in force').click();
    await choose(page.getByRole('combobox', { name: 'Try another value for' }), 'Score of an eligible agent');
    await page.getByLabel('Value', { exact: true }).fill('many');
    expect(problems).toEqual([]);
    await page.getByRole('button', { name: 'What would have changed?' }).click();
    await page.getByRole('alert').getByText('These are no settings of the gate').waitFor();
    await page.getByLabel('Value', { exact: true }).fill('900');
    await page.getByRole('button', { name: 'What would have changed?' }).click();
    await page.getByText(/^Of 300 decisions of the last 30 days, none would have gone otherwise/).waitFor();
    await expectAccessible(page);
    if (look) await page.screenshot({ path: `${look}/limits-light.png` });
    await page.emulateMedia({ colorScheme: 'dark' });
    if (look) await page.screenshot({ path: `${look}/limits-dark.png` });
    // A list that was open keeps no key from the page; letters at its field choose in it and do nothing else.
    await page.getByRole('combobox', { name: 'Try another value for' }).focus();
    await page.keyboard.press('?');
    await page.keyboard.press('Escape');
    expect(await page.getByRole('dialog').count()).toBe(0);
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keys' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    // The refusal itself is one, as the browser tells it.
    expect(problems.splice(0)).toEqual([expect.stringContaining('400')]);

    const saved = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Export CSV' }).click();
    const csv = readFileSync(await (await saved).path(), 'utf8');
    expect(csv.trim().split('\r\n')).toHaveLength(MANY + 1);

    // From a session's page to its decisions alone, and back to all.
    await page.evaluate((to) => {
      window.location.hash = to;
    }, `#/window/sessions/${id}`);
    await page.getByRole('link', { name: 'Filter its decisions' }).click();
    await page.getByText('Only those of').waitFor();
    await status.getByText(`${MANY} decisions`, { exact: true }).waitFor();
    await expectAccessible(page);
    if (look) await page.screenshot({ path: `${look}/decisions-of-session.png` });
    await page.evaluate(() => {
      window.location.hash = '#/window/decisions/ses_none';
    });
    await page.getByText('No decision matches.').waitFor();
    await page.getByRole('link', { name: 'Show all' }).click();
    await status.getByText(`${MANY} decisions`, { exact: true }).waitFor();

    // A link to a question that was answered meanwhile shows what became of it; to none, it says so.
    const go = (to: string) => page.evaluate((hash) => void (window.location.hash = hash), `#/window/decisions/${to}`);
    await go('dec_copy299');
    const linked = page.getByRole('list', { name: 'The decision of the link' });
    await linked
      .getByText(/\bls 299\b/)
      .first()
      .waitFor();
    await linked.getByText(/^Bash in /).waitFor();
    await go('dec_none');
    await page.getByText('There is no decision “dec_none”.').waitFor();
    await go('');
    expect(problems).toEqual([]);

    // Each chip shows its own, and what it shows is what is exported.
    const chips = page.getByRole('group', { name: 'Filter by what became of it' });
    const expected = scatter(rig);
    expect(await chips.getByRole('button').allTextContents()).toHaveLength(Object.keys(expected).length);
    for (const [chip, n] of Object.entries(expected)) {
      await chips.getByRole('button', { name: chip, exact: true }).click();
      if (chip === 'All') continue;
      await status.getByText(`${n} decisions`, { exact: true }).waitFor();
      const file = page.waitForEvent('download');
      await page.getByRole('button', { name: 'Export CSV' }).click();
      const [head, ...rows] = readFileSync(await (await file).path(), 'utf8')
        .trim()
        .split('\r\n');
      expect([chip, rows.length]).toEqual([chip, n]);
      const stage = head?.split(',').indexOf('stage') ?? -1;
      const word = chip === 'Pending' ? 'Waiting' : chip;
      expect([...new Set(rows.map((row) => row.split(',')[stage]))]).toEqual([word]);
    }
    expect(problems).toEqual([]);
  }, 150_000);
});
