import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { expect, test } from 'vitest';
import { until } from '../rig.ts';
import { choose, expectAccessible, pick, picture } from './browser.ts';
import { inBrowser } from './in-browser.ts';
import { Popover } from './pages/popover.ts';

inBrowser('the launch sheet', ({ start, open }) => {
  test('takes an earlier prompt, a model, a ceiling, a time box and a budget for one launch, and keeps templates', async () => {
    const rig = await start();
    const { project } = await rig.addProject({ name: 'greeter' });
    const first = await rig.call('sessions.launch', { projectId: project.id, prompt: 'Greet everybody.' });
    await rig.ended(first.id);
    const { page, problems } = await open(rig);
    const popover = new Popover(page);
    await popover.project.waitFor();
    await page.getByRole('button', { name: 'Options for this launch' }).click();
    const sheet = page.getByRole('dialog', { name: 'Launch a session' });
    await pick(sheet.getByRole('button', { name: 'Earlier prompts' }), 'Greet everybody.');
    await sheet.getByRole('combobox', { name: 'Model' }).fill('claude-sonnet-4-5');
    await choose(sheet.getByRole('combobox', { name: 'Acts at most at' }), 'Observe');
    await sheet.getByRole('textbox', { name: 'Budget, dollars' }).fill('a lot');
    await sheet.getByRole('textbox', { name: 'Time box' }).fill('7 min');
    await sheet.getByRole('button', { name: 'Launch', exact: true }).click();
    await sheet.getByText('takes dollars above 0, such as 2.50, but got “a lot”').waitFor();
    // What is wrong is marked, and is where one goes on.
    await sheet.locator('[aria-invalid=true]:focus').fill('2.50');
    expect(await sheet.getByRole('textbox', { name: 'Budget, dollars' }).inputValue()).toBe('2.50');
    await sheet.getByRole('button', { name: 'Keep as a template…' }).click();
    await sheet.getByRole('textbox', { name: 'Name of the template' }).fill('Greeting');
    await page.keyboard.press('Enter');
    await pick(sheet.getByRole('button', { name: 'Templates' }), 'Greeting');
    await expectAccessible(page);
    await picture(page, 'launch');
    await sheet.getByRole('textbox', { name: 'Prompt' }).press('ControlOrMeta+Enter');
    await page.getByText('Launched on greeter.').first().waitFor();
    const next = await until('it was launched', async () =>
      (await rig.call('sessions.list', {})).find(({ id }) => id !== first.id),
    );
    const ended = await rig.ended(next.id);
    expect(ended).toMatchObject({ prompt: 'Greet everybody.', model: 'claude-sonnet-4-5', level: 'observe' });
    const db = new Sqlite(join(rig.dataDir, 'tenure.db'), { readonly: true });
    const given = db.prepare('SELECT time_box_ms, budget_usd FROM sessions WHERE id = ?').get(next.id);
    db.close();
    expect(given).toEqual({ time_box_ms: 7 * 60_000, budget_usd: 2.5 });
    expect(problems).toEqual([]);
  });
});
