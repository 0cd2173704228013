import { expect, test } from 'vitest';
import { say } from '../fakes/messages-api.ts';
import { until } from '../rig.ts';
import { expectAccessible, picture } from './browser.ts';
import { inBrowser, LARGE } from './in-browser.ts';

inBrowser('the schedule', ({ start, open }) => {
  test('planned with a preview, refused in words, launched now, and cleared', async () => {
    const rig = await start({ script: [say('Done.')], config: { trust: { enabled: false } } });
    const { page, problems } = await open(rig, LARGE);
    await page.goto(`${rig.host.url}/#/window/schedule`);
    await page.getByText('Nothing starts by itself yet.').waitFor();
    await rig.addProject({ name: 'shop' });

    await page.getByRole('button', { name: 'Plan sessions…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Plan sessions' });
    const when = dialog.getByLabel('When');
    await when.fill('at noon');
    await dialog.getByText('"at noon" in zone').waitFor();
    // The browser itself notes the refused request; everything after it must be clean.
    expect(problems.splice(0).every((text) => text.includes('400 (Bad Request)'))).toBe(true);
    await dialog.getByRole('button', { name: 'every night at 2' }).click();
    await dialog.getByText(/^Next: .*02:00.*\(.+\)$/).waitFor();
    await dialog.getByLabel('Prompt').fill('Tidy up.');
    await picture(page, 'schedule-dialog');
    await expectAccessible(page);
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.waitFor({ state: 'detached' });

    await page.getByText('a missed run is skipped').waitFor();
    const next = page.getByRole('region', { name: 'What the clock will do' });
    await next.getByText('Tidy up.').nth(6).waitFor();
    await next.getByRole('button', { name: 'a day' }).click();
    await until('one night is left', async () => (await next.getByText('Tidy up.').count()) === 1);
    await rig.call('sessions.pauseAll', { paused: true });
    await next.getByText('Everything is paused').waitFor();
    await expectAccessible(page);
    await picture(page, 'schedule');
    await rig.call('sessions.pauseAll', { paused: false });

    await page.getByRole('button', { name: 'Launch now: shop' }).click();
    const launched = await until('it was launched', async () => (await rig.call('sessions.list', {}))[0]);
    expect(launched.prompt).toBe('Tidy up.');
    await rig.ended(launched.id);

    await page.getByRole('button', { name: 'Edit the schedule of shop' }).click();
    await page.getByRole('button', { name: 'Plan nothing any more' }).click();
    await page.getByText('Nothing starts by itself yet.').waitFor();
    expect(problems).toEqual([]);
  });
});
