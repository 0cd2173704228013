import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { tempDir } from '../builders.ts';
import { bash, say, use } from '../fakes/messages-api.ts';
import { told } from '../fakes/real-claude.ts';
import { type Rig, type RigOptions, startRig, until } from '../rig.ts';
import { CHROMIUM, ensureScreens, expectAccessible, launchBrowser, openPage, type Seen } from './browser.ts';
import { Popover } from './pages/popover.ts';
import { SessionScreen } from './pages/session.ts';

let browser: Browser;
let rig: Rig;
let seen: Seen;

beforeAll(async () => {
  await ensureScreens();
  if (CHROMIUM) browser = await launchBrowser();
}, 180_000);
afterAll(() => browser?.close());
afterEach(async () => {
  await seen.page.context().close();
  await rig.stop();
});

/** Pictures for a person to look at, where a folder is named. */
async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env.TENURE_PICTURES;
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await page.screenshot({ path: join(folder, `${name}-${colorScheme}.png`) });
  }
}

async function start(options: RigOptions, viewport = { width: 420, height: 600 }): Promise<Popover> {
  rig = await startRig(options);
  seen = await openPage(browser, { viewport });
  await seen.page.goto(rig.host.loginUrl());
  const popover = new Popover(seen.page);
  await popover.level.waitFor();
  return popover;
}

const COLOUR = {
  question: 'Which colour should the button have?',
  header: 'Colour',
  multiSelect: false,
  options: [
    { label: 'Red', description: 'It is a warning, and red is what the other warnings have.' },
    { label: 'Blue', description: 'As the rest of the page.' },
  ],
};
const PARTS = {
  question: 'Which parts shall I change?',
  header: 'Parts',
  multiSelect: true,
  options: [
    { label: 'Header', description: '' },
    { label: 'Footer', description: '' },
  ],
};
const ask = (...questions: object[]) => use(['AskUserQuestion', { questions }]);

// Many looks at many pages, on a machine that does other things too.
describe.skipIf(CHROMIUM === null)('in a browser, on the real engine with the real CLI', { timeout: 120_000 }, () => {
  test('a question is answered by a click, by a key, and in words', async () => {
    const popover = await start({ script: [ask(COLOUR), ask(COLOUR), ask(COLOUR, PARTS), say('Painted.')] });
    const { page } = seen;
    await rig.addProject({ name: 'painter' });
    await popover.launch('painter', 'Paint.');

    const card = page.getByRole('article', { name: /painter asks/ }).filter({ has: page.getByRole('form') });
    await card.getByRole('button', { name: /^Blue/ }).waitFor();
    await expectAccessible(page);
    await picture(page, 'question');
    await card.getByRole('button', { name: /^Blue/ }).click();
    await page.mouse.move(0, 0);
    await until('the answer was told', () => told(rig.api.requests[1]).includes('"Blue"'));
    // On the page of its session, where a number else goes to a tab.
    const [{ id } = { id: '' }] = await rig.call('sessions.list', {});
    await page.goto(new URL(`/#/window/sessions/${id}`, rig.host.url).href);
    await card.getByRole('button', { name: /^Red/ }).waitFor();
    await card.focus();
    await page.keyboard.press('1');
    await until('the answer was told', () => told(rig.api.requests[2]).includes('"Red"'));
    await page.goto(new URL('/#/', rig.host.url).href);

    await card.getByText('Which parts').waitFor();
    await card.getByRole('textbox', { name: /Another answer to "Which colour/ }).fill('Green');
    const send = card.getByRole('button', { name: 'Answer', exact: true });
    expect(await send.getAttribute('aria-disabled')).toBe('true');
    expect(await send.getAttribute('aria-description')).toBe('Question 2 has no answer yet.');
    await card.getByRole('button', { name: 'Header' }).click();
    await card.getByRole('button', { name: 'Footer' }).click();
    await expectAccessible(page);
    await picture(page, 'questions');
    await send.click();
    await rig.ended(id);
    expect(told(rig.api.requests[3])).toContain('"Header, Footer"');
    expect(seen.problems).toEqual([]);
  });

  test('prompts wait, are changed and taken back; what has ended is gone on with and forked', async () => {
    const gate = join(tempDir('gate'), 'open');
    const popover = await start(
      { script: [bash(`sh -c 'while [ ! -e ${gate} ]; do sleep 0.05; done'`), say('One.'), say('Two.'), say('More.')] },
      { width: 1100, height: 760 },
    );
    const { page } = seen;
    await rig.addProject({ name: 'worker' });
    await rig.raiseTo('moderate');
    await popover.launch('worker', 'FIRST');
    const id = await until('it works', async () => (await rig.call('sessions.list', { state: 'working' })).at(0)?.id);
    await SessionScreen.open(page, rig.host.url, id);
    const composer = page.getByRole('region', { name: 'Conversation' });
    const field = composer.getByRole('textbox', { name: 'Further prompt' });
    const queue = async (text: string): Promise<void> => {
      await field.fill(text);
      await field.press('Control+Enter');
      await composer.getByRole('listitem').filter({ hasText: text }).waitFor();
    };
    await queue('SECND');
    await queue('Not this one');
    await expectAccessible(page);
    await picture(page, 'composer-queue');
    await composer.getByRole('button', { name: 'Take back "Not this one"' }).click();
    await composer.getByText('Not this one').waitFor({ state: 'detached' });
    await composer.getByRole('button', { name: 'Change "SECND"' }).click();
    const draft = composer.getByRole('textbox', { name: 'Prompt', exact: true });
    await draft.fill('SECOND');
    await composer.getByRole('button', { name: 'Save' }).click();
    await composer.getByRole('listitem').filter({ hasText: 'SECOND' }).waitFor();
    writeFileSync(gate, '');
    await rig.ended(id);
    expect(JSON.stringify(rig.api.requests.at(-1)?.messages)).toContain('"text":"SECOND"');

    await composer.getByRole('button', { name: 'Resume' }).waitFor();
    await composer.getByRole('list').waitFor({ state: 'detached' });
    await expectAccessible(page);
    await picture(page, 'composer-ended');
    await field.fill('THIRD');
    await composer.getByRole('button', { name: 'Send' }).click();
    await composer.getByText(/Follow-up to/).waitFor();
    const [next] = await rig.call('sessions.list', {});
    expect(next).toMatchObject({ prompt: 'THIRD', lineage: { from: id, kind: 'follow_up' } });
    await rig.ended(next?.id ?? '');
    await picture(page, 'composer-lineage');

    // What is missing is named, and what can be done instead is one click away.
    const session = await rig.session(id);
    const { repository } = { repository: (await rig.call('projects.list', {}))[0]?.path ?? '' };
    const { execFileSync } = await import('node:child_process');
    execFileSync('git', ['-C', repository, 'worktree', 'remove', '--force', session.worktree ?? '']);
    await composer.getByRole('button', { name: 'Resume' }).click();
    await composer
      .getByRole('alert')
      .getByText(/is gone/)
      .waitFor();
    expect(seen.problems.splice(0)).toEqual([expect.stringContaining('Failed to load resource')]);
    await picture(page, 'composer-gone');
    await expectAccessible(page);
    await composer.getByRole('button', { name: /^Begin anew/ }).click();
    await until('it began anew', async () => (await rig.call('sessions.list', {})).length === 3);
    expect(seen.problems).toEqual([]);
  });
});
