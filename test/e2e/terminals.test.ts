import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { expect, test } from 'vitest';
import { say } from '../fakes/messages-api.ts';
import { REAL_CLAUDE, until } from '../rig.ts';
import { expectAccessible, picture } from './browser.ts';
import { inBrowser, LARGE } from './in-browser.ts';

inBrowser('sessions', ({ start, open }) => {
  test('of a terminal are listed beside ours and can only be read; a cost that is known in part says so', async () => {
    const rig = await start({ script: () => say('All is well here.') });
    const { project, repository } = await rig.addProject({ name: 'shop' });
    const own = await rig.call('sessions.launch', { projectId: project.id, prompt: 'Ours' });
    await rig.ended(own.id);
    const id = randomUUID();
    const env = { PATH: process.env.PATH, ...rig.api.env(join(rig.dir, 'home')) };
    // Not waited for by blocking: the service that answers it is in this process.
    const theirs = spawn(REAL_CLAUDE, ['-p', 'Theirs', '--session-id', id], {
      cwd: repository.path,
      env,
      stdio: 'ignore',
    });
    await once(theirs, 'exit');
    await until('it is seen', async () => (await rig.call('imports.list', {})).sessions.find((one) => one.id === id));
    // As after a run that was ended before the agent had told what it cost.
    const db = new Sqlite(join(rig.dataDir, 'tenure.db'));
    db.prepare('UPDATE sessions SET cost_usd = NULL, cost_least_usd = 1.234 WHERE id = ?').run(own.id);
    db.close();

    const { page, problems } = await open(rig, LARGE);
    await page.evaluate(() => {
      window.location.hash = '#/window/sessions';
    });
    const list = page.getByRole('region', { name: 'In a terminal' });
    const row = list.getByRole('link', { name: /^shop, in a terminal/ });
    await row.waitFor();
    await expectAccessible(page);
    await picture(page, 'terminals');
    await row.click();
    await page.getByText('neither measures nor counts it').waitFor();
    await page.getByText('All is well here.').waitFor();
    expect(await page.getByRole('button', { name: /^(Stop|Delete|Resume)/ }).count()).toBe(0);
    await expectAccessible(page);
    await picture(page, 'terminal');

    await page.evaluate((hash) => {
      window.location.hash = hash;
    }, `#/window/sessions/${own.id}`);
    await page.getByText('at least $1.23').first().waitFor();
    await picture(page, 'at-least');
    await page.setViewportSize({ width: 420, height: 600 });
    await page.evaluate(
      (hash) => {
        window.location.hash = hash;
      },
      `#/window/sessions/${encodeURIComponent(`terminal:${id}`)}`,
    );
    await page.getByText('All is well here.').waitFor();
    await picture(page, 'terminal-narrow');
    expect(problems).toEqual([]);
  }, 120_000);
});
