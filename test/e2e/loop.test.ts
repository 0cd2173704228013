import { type Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { bash, type Script, say } from '../fakes/messages-api.ts';
import { OWNER_TOKEN, type Rig, type RigOptions, startRig, until } from '../rig.ts';
import { CHROMIUM, ensureScreens, expectAccessible, launchBrowser, openPage, type Seen } from './browser.ts';
import { Popover } from './pages/popover.ts';
import { TenureWindow } from './pages/window.ts';

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

const WORK = bash('echo hi > hello.txt');
const COMMIT = bash('git add hello.txt && git commit -m "Say hi"');
const GREET: Script = [WORK, COMMIT, say('Done.')];

async function start(options: RigOptions): Promise<Popover> {
  rig = await startRig(options);
  seen = await openPage(browser);
  await seen.page.goto(rig.host.loginUrl());
  const popover = new Popover(seen.page);
  await popover.level.waitFor();
  return popover;
}

describe.skipIf(CHROMIUM === null)('in a browser, on the real engine with the real CLI', () => {
  test('a newcomer adds a project, raises the level, launches, approves, sees it measured, promotes by one click', async () => {
    const popover = await start({
      script: GREET,
      config: {
        trust: { thresholds: { cautious_to_moderate: { minSessions: 1, minAvgScore: 3, minDaysAtLevel: 0 } } },
      },
    });
    const { page } = seen;
    // Nothing yet: the empty state names the next step, and a wrong path is answered in words.
    await popover.addFirstProject('/no/such/folder');
    await page.getByText('/no/such/folder').first().waitFor();
    // The browser itself notes the refused request; everything after it must be clean.
    expect(seen.problems.splice(0)).toEqual([expect.stringContaining('400 (Bad Request)')]);
    const { repository } = await rig.addProject({ name: 'greeter', verifyCommand: 'test -f hello.txt' });
    await popover.project.waitFor();
    await expectAccessible(page);

    await popover.setLevel('Cautious');
    await popover.level.getByText('Cautious').waitFor();
    await popover.launch('greeter', 'Greet.');
    await popover.question(/hello\.txt/).approve();
    const commit = popover.question(/git commit/);
    await commit.command.waitFor();
    await expectAccessible(page);
    await commit.approve();

    await popover
      .section('Completed')
      .getByText(/^1 commit/)
      .waitFor();
    await rig.call('trust.check', {});
    await popover.promotion.waitFor();
    await expectAccessible(page);
    await popover.approvePromotion();
    await popover.level.getByText('Moderate').waitFor();
    expect(await rig.call('trust.get', {})).toMatchObject({ level: 'moderate', promotion: null });
    expect(repository.git('log', '--all', '--format=%s')).toContain('Say hi');

    const window = await TenureWindow.open(page, rig.host.url, 'Sessions');
    await window.openSession(/greeter/);
    await window
      .part('Evidence')
      .getByText(/verify command passed/)
      .first()
      .waitFor();
    await expectAccessible(page);
    for (const screen of ['Decisions', 'Trust', 'Projects', 'Health', 'Settings'] as const) {
      await window.goTo(screen);
      await expectAccessible(page);
    }
    expect(seen.problems).toEqual([]);
  }, 90_000);

  test('a denial with its reason reaches the agent', async () => {
    const popover = await start({ script: [COMMIT, say('Then not.')] });
    const { project } = await rig.addProject({ name: 'greeter' });
    await rig.raiseTo('moderate');
    await popover.launch('greeter', 'Commit.');
    await popover.question(/git commit/).deny('not on a Friday');
    await popover
      .section('Completed')
      .getByRole('link', { name: /greeter/ })
      .waitFor();
    expect(rig.api.requests.at(-1)?.lastUserText).toContain('not on a Friday');
    const [session] = await rig.call('sessions.list', { projectId: project.id });
    expect(session).toMatchObject({ outcome: 'completed', commits: 0 });
    expect(seen.problems).toEqual([]);
  });

  test('stop ends it, and the row says so', async () => {
    const popover = await start({ script: () => bash('git commit --allow-empty -m again') });
    await rig.addProject({ name: 'greeter' });
    await rig.raiseTo('moderate');
    await popover.launch('greeter', 'Work.');
    await popover.question(/git commit/).command.waitFor();
    await popover.stop('greeter');
    await popover
      .section('Completed')
      .getByText(/stopped/i)
      .first()
      .waitFor();
    expect(await rig.call('decisions.list', {})).toEqual([]);
    expect(seen.problems).toEqual([]);
  });

  test('the engine restarts under an open page: it says offline, comes back and is up to date', async () => {
    const popover = await start({ script: [], config: { gateway: { port: 47_517 } } });
    await rig.addProject({ name: 'greeter' });
    await popover.project.waitFor();
    await rig.restart();
    await rig.raiseTo('cautious');
    await popover.level.getByText('Cautious').waitFor();
  });

  test('signed out: the page leads to the sign-in, and the owner token signs in', async () => {
    await start({ script: [] });
    const { page } = seen;
    await page.context().clearCookies();
    await page.reload();
    await page.getByRole('link', { name: /sign in/i }).click();
    await expectAccessible(page);
    await page.getByLabel('Owner token').fill('wrong token, surely');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('alert').waitFor();
    await page.getByLabel('Owner token').fill(OWNER_TOKEN);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await new Popover(page).level.waitFor();
  });

  test('two browsers: the first answer wins, the other sees it at once', async () => {
    const popover = await start({ script: [COMMIT, say('Done.')] });
    await rig.addProject({ name: 'greeter' });
    await rig.raiseTo('moderate');
    const second = await openPage(browser);
    await second.page.goto(rig.host.loginUrl());
    const other = new Popover(second.page);
    await popover.launch('greeter', 'Commit.');
    await other.question(/git commit/).command.waitFor();
    await popover.question(/git commit/).approve();
    await other.question(/git commit/).card.waitFor({ state: 'detached' });
    await until('the session has ended', async () => (await rig.call('sessions.list', {})).at(0)?.state === 'ended');
    expect([...seen.problems, ...second.problems]).toEqual([]);
    await second.page.context().close();
  });
});
