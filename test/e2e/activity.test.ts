import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { bash, say } from '../fakes/messages-api.ts';
import { expectAccessible, picture } from './browser.ts';
import { inBrowser, LARGE } from './in-browser.ts';

inBrowser('the log of everything', ({ start, open }) => {
  test('empty, then what a session did, searched, narrowed, followed and saved', async () => {
    const rig = await start({ script: [bash('git status'), say('Done.')] });
    const { page, problems } = await open(rig, LARGE);
    await page.goto(`${rig.host.url}/#/window/activity`);
    await page.getByText('Nothing has happened yet.').waitFor();
    await page.getByText('Nothing has happened, and nothing waits for you.').waitFor();
    await expectAccessible(page);
    await picture(page, 'activity-empty');

    const { project } = await rig.addProject();
    const { id } = await rig.call('sessions.launch', { projectId: project.id, prompt: 'Look around' });
    await rig.ended(id);
    const entries = page.getByRole('list', { name: 'Entries, newest first' });
    await entries.getByText('Session queued: Look around.').waitFor();
    await entries.getByText('Session ended (Completed).').waitFor();
    expect(await entries.getByText('git status').count()).toBe(0);
    // The day's digest gathers what the next one will tell.
    await page.getByText(/^1 session ended: 1 completed, 0 commits\. .*Nothing waits for you\.$/).waitFor();

    await page.getByRole('checkbox', { name: 'Routine too' }).check();
    await entries.getByText('Allowed by the gate, Bash: git status.').waitFor();
    await expectAccessible(page);
    await picture(page, 'activity');

    await page.getByLabel('Search the log').fill('STATUS bash');
    await page.getByText('1 entry').waitFor();
    const saved = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Export CSV' }).click();
    const lines = (await readFile(await (await saved).path(), 'utf8')).trim().split('\r\n');
    expect(lines[0]).toBe('time,area,about,what');
    expect(lines.slice(1).map((line) => line.split(',').slice(1))).toEqual([
      ['decisions', project.name, '"Allowed by the gate', ' Bash: git status."'],
    ]);
    await page.getByLabel('Search the log').fill('nothing like this');
    await page.getByText('Nothing matches.').waitFor();

    await page.getByLabel('Search the log').fill('');
    await page.getByRole('button', { name: 'Sessions' }).click();
    await entries.getByRole('link', { name: 'Session queued: Look around.' }).click();
    await page.getByRole('heading', { level: 1 }).filter({ hasText: project.name }).waitFor();
    // On the way back, and over a reload, it is narrowed as it was.
    await page.goBack();
    await page.getByRole('button', { name: 'Sessions', pressed: true }).waitFor();
    await page.reload();
    await page.getByRole('button', { name: 'Sessions', pressed: true }).waitFor();
    await page.getByRole('checkbox', { name: 'Routine too', checked: true }).waitFor();
    expect(problems).toEqual([]);
  });
});
