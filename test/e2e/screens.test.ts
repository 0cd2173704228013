import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { testRepository } from '../builders.ts';
import { type Rig, startRig, until } from '../rig.ts';
import { expectAccessible, type Seen } from './browser.ts';
import { Popover } from './pages/popover.ts';
import { inEveryShell } from './shells.ts';

let rig: Rig;
let seen: Seen;

const path = () => join(rig.tenureHome, 'demo', 'config.jsonc');
const file = () => readFileSync(path(), 'utf8');

/** Opens the palette, types, runs what comes first. */
async function run(words: string): Promise<void> {
  const { page } = seen;
  await page.keyboard.press('Control+k');
  const field = page.getByRole('combobox', { name: 'Action' });
  await field.fill(words);
  await page.getByRole('listbox', { name: 'Actions' }).getByRole('option').first().waitFor();
  await page.keyboard.press('Enter');
}

inEveryShell('palette, settings, first steps', (shell) => {
  beforeAll(async () => {
    rig = await startRig({ demo: true });
    seen = await shell.page(rig);
    seen.page.setDefaultTimeout(15_000);
    await seen.page.goto(rig.host.loginUrl());
    await new Popover(seen.page).level.waitFor();
  }, 60_000);
  afterAll(() => rig?.stop());
  afterEach(async () => {
    await expectAccessible(seen.page);
    expect(seen.problems.splice(0)).toEqual([]);
  });

  test('the palette finds and does: pause all, taken back by its key', async () => {
    const { page, problems } = seen;
    await page.keyboard.press('Control+k');
    await page.getByRole('listbox', { name: 'Actions' }).getByRole('option').first().waitFor();
    await expectAccessible(page);
    const options = page.getByRole('listbox', { name: 'Actions' }).getByRole('option');
    const marked = () => options.evaluateAll((all) => all.findIndex((one) => one.hasAttribute('data-highlighted')));
    for (const [key, at] of [
      ['PageDown', 8],
      ['PageDown', 16],
      ['PageUp', 8],
      ['ArrowUp', 7],
      ['PageUp', 0],
      ['PageUp', 0],
    ] as const) {
      await page.keyboard.press(key);
      await expect.poll(marked).toBe(at);
    }
    // Every command of the contract is in it, by its own sentence.
    await page.getByRole('combobox', { name: 'Action' }).fill('forget a project');
    await page.getByRole('option', { name: /Forget a project/ }).waitFor();
    await page.keyboard.press('Escape');
    await run('pause all');
    await until('it is paused', async () => (await rig.call('state.snapshot', {})).paused);
    await page.getByRole('region', { name: 'Just done' }).getByText('Paused: nothing new starts.').waitFor();
    await page.keyboard.press('Control+z');
    await until('it goes on', async () => !(await rig.call('state.snapshot', {})).paused);
    expect(problems).toEqual([]);
  });

  test('private mode: by its button, back by undo, and by its key', async () => {
    const { page } = seen;
    const button = page.getByRole('button', { name: 'Private', exact: true });
    const isOn = (on: boolean) => page.locator(`[aria-label=Private][aria-pressed=${on}]`).waitFor();
    await button.click();
    await isOn(true);
    expect(file()).toContain('"private": true');
    await page.keyboard.press('Control+z');
    await isOn(false);
    await page.keyboard.press('Shift+V');
    await isOn(true);
    await button.click();
    await isOn(false);
    expect(file()).toContain('"private": false');
  });

  test('under the shell a link of the popover leads to the larger window', async () => {
    const { page, problems } = await shell.page(rig);
    await page.addInitScript(`
      window.opened = [];
      window.tenure = { platform: 'linux', openWindow: (hash) => window.opened.push(hash), hide() {}, pin() {}, pathOf: () => '' };
    `);
    await page.goto(rig.host.loginUrl());
    await page.getByRole('link', { name: /^CPU/ }).click();
    await page.getByRole('link', { name: 'Open the larger window' }).press('Enter');
    expect(await page.evaluate('window.opened')).toEqual(['#/window/health', '#/window/trust']);
    expect(new URL(page.url()).hash).not.toContain('window');
    expect(problems).toEqual([]);
    await page.close();
  });

  test('a part that cannot be loaded says so, and leaves the rest as it is', async () => {
    const { page, problems } = await shell.page(rig);
    await page.route(/\/assets\/(?:Window|SnoozeBubble)-/, (route) => route.abort());
    await page.goto(rig.host.loginUrl());
    const popover = new Popover(page);
    await popover.level.waitFor();
    await page.evaluate(() => {
      window.location.hash = '#/window/health';
    });
    const said = page.getByRole('alert').filter({ hasText: 'This part could not be shown.' });
    await said.waitFor();
    await page.goBack();
    await popover.level.waitFor();
    await said.waitFor({ state: 'detached' });
    await page.goForward();
    await page.unrouteAll();
    await page.getByRole('button', { name: 'Load the page again' }).click();
    await page.getByRole('heading', { level: 1, name: 'Health' }).waitFor();
    expect(problems.length).toBeGreaterThan(0);
    await page.close();
  });

  test('the list of keys says what the registry has, and the keys do it', async () => {
    const { page } = seen;
    await page.keyboard.press('?');
    const keys = page.getByRole('dialog', { name: 'Keys' });
    await keys.getByText('Launch a session…').waitFor();
    await expectAccessible(page);
    await page.keyboard.press('Escape');
    await page.keyboard.press('g');
    await page.keyboard.press('h');
    await page.getByRole('heading', { level: 1, name: 'Health' }).waitFor();
    await page.goto(new URL('/#/', rig.host.url).href);
  });

  test('a section that was folded stays so; a value that makes no sense is forgotten', async () => {
    const { page } = seen;
    const working = page.getByRole('button', { name: /^(Needs input|Working|Completed)$/ }).first();
    await working.waitFor();
    const name = (await working.textContent()) ?? '';
    await working.click();
    await page.reload();
    const again = page.getByRole('button', { name, exact: true });
    await again.waitFor();
    expect(await again.getAttribute('aria-expanded')).toBe('false');
    await page.evaluate(() => localStorage.setItem('tenure.folded', '{"not": ['));
    await page.reload();
    await again.waitFor();
    expect(await again.getAttribute('aria-expanded')).toBe('true');
  });

  test('the list is narrowed by words and whole again by Esc', async () => {
    const { page } = seen;
    await page.keyboard.press('/');
    await page.getByRole('searchbox', { name: 'Narrow the list' }).fill('nothing says this');
    await page.getByText('Nothing here says “nothing says this”.').waitFor();
    await expectAccessible(page);
    await page.keyboard.press('Escape');
    await page.getByRole('searchbox').waitFor({ state: 'detached' });
  });

  test('a setting is found, refused in words, written beside the comments, and taken back', async () => {
    const { page, problems } = seen;
    const before = existsSync(path()) ? file() : '{\n}\n';
    writeFileSync(path(), before.replace('{', '{\n  // Mine, at the top.'));
    await run('sessions at once');
    await page.getByRole('heading', { level: 1, name: 'Settings' }).waitFor();
    const field = page.getByRole('textbox', { name: /^Sessions at once/ });
    await until('it has the focus', () => field.evaluate((input) => input === document.activeElement));
    await expectAccessible(page);
    await field.fill('99');
    await field.press('Enter');
    await page.getByText('"sessions.concurrency" takes a whole number from 1 to 32, but got 99.').first().waitFor();
    await field.fill('7');
    await field.press('Enter');
    await until('it is in force', async () => (await rig.call('state.snapshot', {})).engine.concurrency === 7);
    expect(file()).toMatch(/^\{\n {2}\/\/ Mine, at the top\.\n[^]*"concurrency": 7/);
    await page.getByRole('button', { name: '1 setting changed' }).waitFor();
    await page.getByRole('button', { name: 'Undo' }).last().click();
    await until('it is as it was', async () => (await rig.call('state.snapshot', {})).engine.concurrency !== 7);
    // A refused call is told by the browser as well; nothing else may be.
    expect(problems.filter((problem) => !problem.includes('400'))).toEqual([]);
    problems.length = 0;
  });

  test('a setting of the gate is held against the last 30 days before it applies', async () => {
    const { page, problems } = seen;
    await run('unasked actions an hour');
    const field = page.getByRole('textbox', { name: /^Unasked actions an hour/ });
    await field.fill('10');
    await field.press('Enter');
    const before = page.getByRole('group', { name: 'Before it applies: Unasked actions an hour' });
    await before.getByText(/of the last 30 days/).waitFor();
    await before.getByText('50 → 10').waitFor();
    expect(file()).not.toContain('perHour');
    await expectAccessible(page);
    await before.getByRole('button', { name: 'Leave it as it is' }).click();
    await before.waitFor({ state: 'detached' });
    await field.fill('10');
    await field.press('Enter');
    await before.getByRole('button', { name: 'Apply' }).click();
    await until('it is in force', () => /"perHour": 10/.test(file()));
    await before.waitFor({ state: 'detached' });
    expect(problems).toEqual([]);
  });

  test('a rule of the level is held against the record before it applies', async () => {
    const { page, problems } = seen;
    await run('moderate needs: sessions');
    const field = page.getByRole('textbox', { name: /^Moderate needs: sessions/ });
    await field.fill('60');
    await field.press('Enter');
    const before = page.getByRole('group', { name: 'Before it applies: Moderate needs: sessions' });
    await before.getByText(/^\d+ → 60$/).waitFor();
    await before.getByText(/^(?:So far|In the last \d+ days?) /).waitFor();
    await expectAccessible(page);
    expect(file()).not.toContain('"minSessions": 60');
    await before.getByRole('button', { name: 'Apply' }).click();
    await until('it is in force', () => /"minSessions": 60/.test(file()));
    await before.waitFor({ state: 'detached' });
    expect(problems).toEqual([]);
  });

  test('a rule of the agent score is held against what was seen before it applies', async () => {
    const { page, problems } = seen;
    await page.evaluate(() => {
      window.location.hash = '#/window/settings';
    });
    // What the screen has beside the keys of the file is found as well.
    await page.getByRole('searchbox').first().fill('login start');
    await page.getByRole('region', { name: 'On this machine' }).getByText('Start at login').waitFor();
    await page.getByRole('searchbox').first().fill('trust.score.perDay');
    const row = page.locator('[id="setting-trust.score.perDay"]');
    const field = row.getByRole('textbox');
    await field.fill('7');
    await field.press('Enter');
    const before = row.getByRole('group', { name: /^Before it applies/ });
    await before.getByText(/^100 → 7$/).waitFor();
    await before.getByText(/would move\.$/).waitFor();
    await expectAccessible(page);
    expect(file()).not.toContain('"perDay": 7');
    await before.getByRole('button', { name: 'Apply' }).click();
    await until('it is in force', () => /"perDay": 7/.test(file()));
    await before.waitFor({ state: 'detached' });
    expect(problems).toEqual([]);
  });

  test('the first steps look for themselves, add a repository, and end in a decision that counts for nothing', async () => {
    const { page } = seen;
    const repository = testRepository();
    await run('first steps');
    const steps = page.getByRole('dialog');
    await steps.getByText('The demo agent needs none.').waitFor();
    await expectAccessible(page);
    await steps.getByRole('button', { name: 'Next', exact: true }).click();
    await steps.getByRole('textbox', { name: 'Another folder' }).fill(repository.path);
    await steps.getByRole('button', { name: 'Look there' }).click();
    await steps.getByRole('checkbox').first().check();
    await steps.getByRole('button', { name: 'Add 1 project' }).click();
    await until('it is a project', async () =>
      (await rig.call('projects.list', {})).some(({ path }) => path === repository.path),
    );
    await steps.getByRole('button', { name: 'Skip' }).click();
    await steps.getByRole('button', { name: 'Send a test' }).waitFor();
    await steps.getByRole('button', { name: 'Skip' }).click();
    await steps.getByText('tenure service install', { exact: true }).waitFor();
    await steps.getByRole('button', { name: 'Next', exact: true }).click();
    const before = (await rig.call('decisions.list', { all: true })).length;
    await steps.getByRole('article', { name: 'A sample question' }).getByRole('button', { name: 'Approve' }).click();
    await steps.getByText('this one push would run now').waitFor();
    await expectAccessible(page);
    expect((await rig.call('decisions.list', { all: true })).length).toBe(before);
    await steps.getByRole('button', { name: 'Done' }).click();
    await steps.waitFor({ state: 'detached' });
  });

  test('a folder that is dropped in a browser says why it cannot be added', async () => {
    const { page } = seen;
    await page.evaluate(() => {
      const data = new DataTransfer();
      data.items.add(new File([], 'folder'));
      window.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
    });
    await page
      .getByText(/A browser does not tell where a dropped folder lies/)
      .first()
      .waitFor();
    await page.keyboard.press('Escape');
  });
});
