import { expect, test } from 'vitest';
import { bash, say } from '../fakes/messages-api.ts';
import { choose, expectAccessible } from './browser.ts';
import { inBrowser } from './in-browser.ts';

/** A picture for whoever wants to look: TENURE_LOOK names a folder. */
const look = process.env.TENURE_LOOK;

inBrowser('a standing rule', ({ start, open }) => {
  test('is made from a question, with a preview, holds, and is taken back in the settings', async () => {
    const session = [bash('touch notes.txt'), say('Done.')];
    const rig = await start({ script: [...session, ...session] });
    const { project } = await rig.addProject();
    await rig.raiseTo('cautious');
    const { page, problems } = await open(rig);
    const first = await rig.call('sessions.launch', { projectId: project.id, prompt: 'Touch it.' });
    await page.getByRole('button', { name: 'Always…' }).click();
    const dialog = page.getByRole('dialog', { name: 'A standing rule' });
    await dialog
      .getByText('It matches 1 of the 1 decisions of the last 30 days; you were asked about 1 of them.')
      .waitFor();
    await dialog.getByRole('radio', { name: 'touch notes.txt' }).waitFor();
    await expectAccessible(page);
    if (look) await page.screenshot({ path: `${look}/rule-dark.png` });
    await page.emulateMedia({ colorScheme: 'light' });
    if (look) await page.screenshot({ path: `${look}/rule-light.png` });
    await choose(dialog.getByRole('combobox', { name: 'Until' }), 'a week has passed');
    await dialog.getByRole('button', { name: 'Allow always' }).click();
    await dialog.waitFor({ state: 'hidden' });
    // The question itself still waits: a rule answers what comes, not what was asked.
    await page.getByRole('button', { name: 'Approve', exact: true }).click();
    await rig.ended(first.id);

    const second = await rig.call('sessions.launch', { projectId: project.id, prompt: 'Again.' });
    const { decisions } = await rig.ended(second.id);
    expect(decisions.map(({ state, reasons }) => [state, reasons[0]?.code])).toEqual([['allowed', 'rule_allows']]);

    await page.setViewportSize({ width: 1_100, height: 760 });
    await page.evaluate(() => {
      window.location.hash = '#/window/settings';
    });
    await page.getByText('used once').waitFor();
    // One that is made elsewhere comes by itself, and goes so.
    const pattern = { kind: 'command' as const, program: 'ls', args: ['-l'], rest: false };
    const other = await rig.call('rules.add', { projectId: project.id, effect: 'allow', pattern });
    await page.getByText('not used yet').waitFor();
    await rig.call('rules.revoke', { id: other.id });
    await page.getByText('not used yet').waitFor({ state: 'detached' });
    await expectAccessible(page);
    if (look) await page.screenshot({ path: `${look}/rules.png` });
    await page.getByRole('button', { name: 'Take back' }).click();
    await page.getByText('None. A question in').waitFor();
    expect(problems).toEqual([]);
  }, 90_000);

  test('what no rule can be about says why', async () => {
    const rig = await start({ script: [bash('echo hi > a.txt && cat a.txt'), say('Done.')] });
    const { project } = await rig.addProject();
    await rig.raiseTo('cautious');
    const { page, problems } = await open(rig);
    const { id } = await rig.call('sessions.launch', { projectId: project.id, prompt: 'Touch it.' });
    await page.getByRole('button', { name: 'Always…' }).click();
    await page.getByText('No rule can be made of this. It is not one plain command').waitFor();
    if (look) await page.screenshot({ path: `${look}/rule-none.png` });
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await rig.call('sessions.stop', { id });
    expect(problems).toEqual([]);
  });
});
