import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { testRepository } from '../builders.ts';
import { bash, say, use } from '../fakes/messages-api.ts';
import { type Rig, startRig, until } from '../rig.ts';
import { CHROMIUM, ensureScreens, expectAccessible, launchBrowser, openPage } from './browser.ts';

let browser: Browser;
let rig: Rig;
let problems: string[] = [];
beforeAll(async () => {
  await ensureScreens();
  if (CHROMIUM) browser = await launchBrowser();
}, 180_000);
afterEach(async () => {
  // As they are while the engine is there.
  const found = problems.splice(0);
  await rig?.stop();
  expect(found).toEqual([]);
});
afterAll(() => browser?.close());

const look = process.env.TENURE_LOOK;
const shot = async (page: Page, name: string): Promise<void> => {
  if (look) await page.screenshot({ path: `${look}/${name}.png` });
};

async function open(hash: string): Promise<Page> {
  const { page, ...seen } = await openPage(browser, { viewport: { width: 1_000, height: 760 } });
  problems = seen.problems;
  await page.goto(rig.host.loginUrl());
  await page.evaluate((to) => {
    window.location.hash = to;
  }, hash);
  return page;
}

describe.skipIf(CHROMIUM === null)('answering a question', () => {
  test('snoozed, approved, taken back, denied with a kind: the agent hears the last word', async () => {
    rig = await startRig({
      script: [bash('git push origin main'), say('Done.')],
      // Held, not parked, however long the pages are looked at.
      config: { decisions: { undoMs: 10_000, holdMs: 120_000 } },
    });
    const { project } = await rig.addProject();
    await rig.raiseTo('cautious');
    const { id } = await rig.call('sessions.launch', { projectId: project.id, prompt: 'Push.' });
    const asked = await rig.pending();
    const page = await open('#/window/decisions');
    const card = page.getByRole('article');
    await card.focus();
    await page.keyboard.press('h');
    await card.getByText('quiet until').waitFor();
    await expectAccessible(page);

    // Until when is said in words, echoed as a moment, and refused where it is not clear.
    await card.getByRole('button', { name: 'Snooze…' }).click();
    const bubble = page.getByRole('dialog', { name: 'Snooze' });
    const until = bubble.getByRole('textbox', { name: 'Quiet until' });
    await until.fill('every monday');
    await bubble.getByText('not again and again').waitFor();
    await until.fill('in 7 min');
    await bubble.getByText(/^(Quiet until|It runs out before)/).waitFor();
    await expectAccessible(page);
    await until.press('Enter');
    await bubble.waitFor({ state: 'hidden' });
    // While it is snoozed, the card takes no other word.
    const approve = card.getByRole('button', { name: 'Approve', exact: true });
    await approve.and(page.locator(':not([aria-busy])')).waitFor();

    // A push is high: one yes is not enough, by key or click, and Escape leaves it as it was.
    await card.focus();
    await page.keyboard.press('ControlOrMeta+Enter');
    const really = card.getByRole('button', { name: 'Approve: really' });
    await really.waitFor();
    await expectAccessible(page);
    await shot(page, 'answering-really');
    await page.keyboard.press('Escape');
    await approve.click();
    await really.waitFor();
    expect(await rig.call('decisions.get', { id: asked.id })).toMatchObject({ state: 'pending' });
    await really.click();
    await page.getByRole('button', { name: 'Undo' }).waitFor();
    await shot(page, 'answering-undo');
    await page.getByRole('button', { name: 'Undo' }).click();
    await card.getByRole('button', { name: 'Deny…' }).click();
    await card.getByText('Other', { exact: true }).click();
    const send = card.getByRole('button', { name: 'Deny', exact: true });
    // "Other" says nothing by itself.
    expect(await send.getAttribute('aria-description')).toBe('Say why in words.');
    await card.getByText('Not now').click();
    await card.getByRole('textbox', { name: 'Reason' }).fill('After the release');
    await shot(page, 'answering-deny');
    await expectAccessible(page);
    await card.getByRole('button', { name: 'Deny', exact: true }).click();
    const session = await rig.ended(id);
    expect(session.decisions[0]).toMatchObject({ state: 'denied', answerCode: 'wrong_timing' });
    expect(JSON.stringify(rig.api.requests.at(-1)?.toolResults)).toContain(
      'This is not the time for it. After the release.',
    );
    const acts = await rig.call('decisions.acts', { id: asked.id });
    expect(acts.map(({ act }) => act)).toEqual(['snoozed', 'snoozed', 'approved', 'undone', 'denied']);
    await page.close();
  }, 90_000);

  test('an edit is shown as lines, more of them on demand; a command with the files that it names', async () => {
    const lines = (word: string) => Array.from({ length: 9 }, (_, n) => `${word} ${n}`).join('\n');
    rig = await startRig({
      script: (request) => {
        if (request.toolResults.length === 0)
          return use(['Write', { file_path: 'CLAUDE.md', content: `Be kind.\n${lines('rule')}\nBe brief.` }]);
        return request.toolResults.length === 1 ? bash('rm -rf build out.txt') : say('Done.');
      },
    });
    const { project } = await rig.addProject();
    await rig.raiseTo('cautious');
    await rig.call('sessions.launch', { projectId: project.id, prompt: 'Write it down.' });
    const asked = await rig.pending();
    const page = await open('#/window/decisions');
    const exact = page.getByRole('group', { name: 'Exact Write call' });
    await exact.getByText('Be kind.').waitFor();
    expect(await exact.getByText('Be brief.').count()).toBe(0);
    await expectAccessible(page);
    await shot(page, 'card-edit-dark');
    await page.emulateMedia({ colorScheme: 'light' });
    await shot(page, 'card-edit-light');
    await page.getByRole('button', { name: 'Show whole: 1 more line' }).click();
    await exact.getByText('Be brief.').waitFor();
    await page.getByText(/so far|cost unknown/).waitFor();
    await rig.call('decisions.approve', { id: asked.id, acknowledge: true });
    await until('it asks again', async () => (await rig.call('decisions.list', {})).some(({ id }) => id !== asked.id));
    await page.getByText('Names build, out.txt').waitFor();
    await page.setViewportSize({ width: 420, height: 600 });
    await page.evaluate(() => {
      window.location.hash = '';
    });
    await page.getByText('Names build, out.txt').waitFor();
    await shot(page, 'card-small');
    await page.getByRole('button', { name: 'Stop all…' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Stop 1 session' }).click();
    const done = page.getByRole('dialog', { name: 'Everything is stopped' });
    await done.getByText('gone').waitFor();
    await expectAccessible(page);
    await shot(page, 'stopped-all');
    await done.getByRole('button', { name: 'Close' }).click();
    expect(await rig.call('decisions.list', {})).toEqual([]);
    expect((await rig.call('state.snapshot', {})).paused).toBe(false);
    await page.close();
  }, 90_000);

  test('the same question of two sessions is one card; of a high risk, both are answered by a second yes only', async () => {
    rig = await startRig({
      script: (request) => (request.toolResults.length > 0 ? say('Done.') : bash('git push origin main')),
    });
    const { project } = await rig.addProject({ worktree: true });
    await rig.raiseTo('cautious');
    const sessions = [
      await rig.call('sessions.launch', { projectId: project.id, prompt: 'One.' }),
      await rig.call('sessions.launch', { projectId: project.id, prompt: 'Two.' }),
    ];
    await until('both ask', async () => (await rig.call('decisions.list', {})).length === 2);
    const page = await open('#/window/decisions');
    await page.getByText('Another question of this project is the very same.').waitFor();
    expect(await page.getByRole('article').count()).toBe(1);
    await shot(page, 'answering-alike');

    // As wide as the popover: the press that brings the focus must not move the button away from under it.
    await page.setViewportSize({ width: 420, height: 600 });
    await page.getByRole('button', { name: 'Approve all 2', exact: true }).click();
    const really = page.getByRole('button', { name: 'Approve all 2: really' });
    await really.waitFor();
    // The next Enter, of a key still held down, is no second yes.
    await page.keyboard.press('Enter');
    await really.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Approve all 2', exact: true }).click();
    await really.waitFor();
    await expectAccessible(page);
    await shot(page, 'answering-alike-really');
    const states = async () => (await rig.call('decisions.list', {})).map(({ risk, state }) => [risk, state]);
    expect(await states()).toEqual([
      ['high', 'pending'],
      ['high', 'pending'],
    ]);
    await really.click();
    for (const { id } of sessions) expect((await rig.ended(id)).decisions[0]).toMatchObject({ state: 'approved' });
    await page.close();
  }, 90_000);

  test('an emergency abort takes two clicks in two places; what was refused is an alert that can be seen to', async () => {
    rig = await startRig({ script: [bash('rm -rf /'), bash('bash work.sh'), say('Done.')] });
    const repository = testRepository();
    repository.commit({ 'work.sh': 'while :; do sleep 1; done\n' }, 'work');
    const { project } = await rig.addProject({}, repository);
    await rig.raiseTo('cautious');
    const { id } = await rig.call('sessions.launch', { projectId: project.id, prompt: 'Work.' });
    const asked = await rig.pending();
    await rig.call('decisions.approve', { id: asked.id, acknowledge: true });
    await until('it runs', async () => (await rig.call('decisions.get', { id: asked.id })).startedAt !== null);
    const page = await open('#/window/decisions');
    await page.getByText('bash work.sh').first().click();
    await page.getByRole('button', { name: 'Emergency abort…' }).click();
    await shot(page, 'answering-abort');
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Abort now' }).click();
    const session = await rig.ended(id);
    expect(session.decisions.find((one) => one.id === asked.id)).toMatchObject({ outcome: 'aborted' });
    await until('the alert is there', async () => (await rig.call('analytics.alerts', {})).length > 0);
    await page.reload();
    await page.getByRole('list', { name: 'Alerts' }).getByText('The gate refused one critical action').waitFor();
    await shot(page, 'answering-alerts');
    await page.getByRole('button', { name: 'Seen' }).click();
    await page.getByRole('list', { name: 'Alerts' }).waitFor({ state: 'detached' });
    await page.close();
  }, 90_000);
});
