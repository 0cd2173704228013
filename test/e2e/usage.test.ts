import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { bash, say } from '../fakes/messages-api.ts';
import type { Rig } from '../rig.ts';
import { choose, expectAccessible, picture } from './browser.ts';
import { inBrowser, LARGE } from './in-browser.ts';

const DAY = 86_400_000;
const SERVER = join(import.meta.dirname, '..', 'fixtures', 'bin', 'mcp-server.mjs');

const goTo = (page: Page, hash: string): Promise<void> =>
  page.evaluate((to) => {
    window.location.hash = to;
  }, hash);

/** Rows of the record, as earlier days left them. */
function recorded(rig: Rig, projectId: string): void {
  const db = new Sqlite(join(rig.dataDir, 'tenure.db'));
  const insert = db.prepare(
    `INSERT INTO spawns (id, asked_by, caste, task_class, task, model, ran_model, source, project_id, started_at,
       finished_at, duration_ms, outcome, input_tokens, output_tokens, cost_usd)
     VALUES (?, 'person', ?, 'fix', 'Fix it', 'default', ?, 'fallback', ?, ?, ?, 60000, ?, ?, ?, ?)`,
  );
  const add = (n: number, model: string, done: number, caste = 'session'): void => {
    for (let i = 0; i < n; i += 1) {
      const at = Date.now() - (i % 9) * DAY - 60_000;
      const known = i % 5 !== 4;
      const used = known ? [90_000 + i, 4_000, 0.4 + (i % 4) / 10] : [null, null, null];
      insert.run(`spn_${model}_${i}`, caste, model, projectId, at, at, i < done ? 'completed' : 'failed', ...used);
    }
  };
  add(14, 'claude-opus-5-5', 9);
  add(15, 'claude-sonnet-5', 15);
  add(3, 'claude-haiku-4-8', 2, 'judge');
  db.close();
}

/** A server whose breaker has tripped. */
function switchedOff(rig: Rig, projectId: string, name: string): void {
  const db = new Sqlite(join(rig.dataDir, 'tenure.db'));
  db.prepare('INSERT INTO mcp_breakers (project_id, name, failures, until, reason) VALUES (?, ?, 3, ?, ?)').run(
    projectId,
    name,
    Date.now() + 4 * 60_000,
    'MCP error -32000: Connection closed',
  );
  db.close();
}

inBrowser('usage', ({ start, open }) => {
  test('empty, then with figures, budgets, a table, a file, and a suggestion to follow', async () => {
    const rig = await start({
      script: [bash('true'), say('Done.')],
      config: { usage: { budgets: { day: { usd: 8 } } } },
    });
    const { project } = await rig.addProject();
    const { page, problems } = await open(rig, LARGE);
    await goTo(page, '#/window/usage');
    await page.getByText('Nothing has run in the last 30 days.').waitFor();
    await expectAccessible(page);
    await picture(page, 'usage-empty', { fullPage: true });

    recorded(rig, project.id);
    const { id } = await rig.call('sessions.launch', { projectId: project.id, prompt: 'Fix the cart' });
    await rig.ended(id);
    await page.getByRole('region', { name: 'Day by day' }).getByRole('img').waitFor();
    await page
      .getByText(/at least \$\d+\.\d\d, \d unknown/)
      .first()
      .waitFor();
    await page.getByText('93 % of 14').waitFor({ state: 'hidden' });
    await page
      .getByText(/100 % of 15/)
      .first()
      .waitFor();
    await expectAccessible(page);
    await picture(page, 'usage', { fullPage: true });
    const models = page.getByRole('region', { name: 'How models have done, scrollable' });
    await choose(page.getByLabel('Role'), 'judge');
    await models.getByText('claude-sonnet-5').waitFor({ state: 'detached' });
    await models.getByText('67 % of 3').waitFor();
    await page.getByRole('region', { name: 'What chose the model, scrollable' }).getByText('67 % of 3').waitFor();
    await page.getByRole('img', { name: /^List price a day/ }).focus();
    await page.keyboard.press('End');
    await page.getByText(/^\d+ \w+: .*, \d+ runs?$/).waitFor();
    await page.getByRole('button', { name: 'As a table' }).click();
    await page.getByRole('region', { name: 'Days, scrollable' }).waitFor();
    const saved = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Export CSV' }).click();
    expect((await saved).suggestedFilename()).toMatch(/^tenure-usage-\d{4}-\d\d-\d\d\.csv$/);

    await page.getByLabel('Each session, dollars').fill('2.5');
    await page.getByRole('button', { name: 'Save budgets' }).click();
    await expect
      .poll(() => rig.call('usage.projectBudgets', { projectId: project.id }))
      .toMatchObject({ session: { usd: 2.5, tokens: null }, day: null });

    await goTo(page, `#/window/sessions/${id}`);
    await page.getByText("Model: The agent's default: the agent's own choice.").waitFor();
    await page.getByText('The record suggests claude-sonnet-5').waitFor();
    await expectAccessible(page);
    await picture(page, 'suggestion', { fullPage: true });
    await page.getByRole('button', { name: "Make it the project's model" }).click();
    await page.getByText('The record suggests').waitFor({ state: 'hidden' });
    expect((await rig.call('projects.list', {}))[0]?.model).toBe('claude-sonnet-5');

    await page.setViewportSize({ width: 420, height: 600 });
    await goTo(page, '#/');
    await page.getByText('at list price').waitFor();
    await expectAccessible(page);
    await picture(page, 'usage-popover', { fullPage: true });
    expect(problems).toEqual([]);
  }, 120_000);

  test('MCP servers: added, refused in words, allowed from the repository, removed', async () => {
    const rig = await start();
    const { project, repository } = await rig.addProject();
    const servers = (name: string, env: Record<string, string> = {}) =>
      JSON.stringify({ mcpServers: { [name]: { command: 'node', args: [SERVER], env } } });
    repository.write('.mcp.json', servers('theirs'));
    const { page, problems } = await open(rig, LARGE);
    await goTo(page, '#/window/projects');
    await page.getByRole('button', { name: /^MCP servers of/ }).click();
    const dialog = page.getByRole('dialog', { name: /^MCP servers of/ });
    const add = async (text: string): Promise<void> => {
      await dialog.getByLabel('Add servers').fill(text);
      await dialog.getByRole('button', { name: 'Add', exact: true }).click();
    };
    await add('{ nonsense');
    await dialog.getByRole('alert').filter({ hasText: 'not readable as JSON' }).waitFor();
    await add(servers('ours', { GITHUB_TOKEN: 'ghp_0123456789abcdefghijABCDEFGHIJ456789' }));
    await dialog.getByRole('alert').filter({ hasText: 'looks like a secret' }).waitFor();
    await add(servers('ours', { GITHUB_TOKEN: `\${NOT_SET_HERE}` }));
    await dialog.getByText("needs NOT_SET_HERE in Tenure's environment").waitFor();
    await dialog.getByRole('button', { name: 'Allow these servers' }).click();
    await dialog.getByText('theirs, from the repository').waitFor();
    await expectAccessible(page);
    await picture(page, 'mcp', { fullPage: true });
    await dialog.getByRole('button', { name: 'Remove ours' }).click();
    await dialog.getByText('NOT_SET_HERE').waitFor({ state: 'hidden' });
    // It is taken back beside the sheet, which stays.
    await page.getByRole('button', { name: 'Undo' }).click();
    await dialog.getByText('NOT_SET_HERE').waitFor();
    await dialog.getByRole('button', { name: 'Remove ours' }).click();
    await dialog.getByText('NOT_SET_HERE').waitFor({ state: 'hidden' });

    switchedOff(rig, project.id, 'theirs');
    await goTo(page, '#/window/sessions');
    await page.reload();
    await goTo(page, '#/window/projects');
    await page.getByRole('button', { name: /^MCP servers of/ }).click();
    await dialog.getByText(/^off until \d\d:\d\d, after 3 failures in a row: MCP error -32000/).waitFor();
    await page.setViewportSize({ width: 420, height: 600 });
    await expectAccessible(page);
    await picture(page, 'mcp-off');
    await dialog.getByRole('button', { name: 'Switch on theirs' }).click();
    await dialog.getByText(/^off until/).waitFor({ state: 'detached' });
    // The secret in clear was refused, which the page hears as a status.
    expect(problems.filter((problem) => !problem.includes('422'))).toEqual([]);
  }, 120_000);
});
