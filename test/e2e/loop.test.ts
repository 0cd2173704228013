import { expect } from 'vitest';
import { bash, type Script, say } from '../fakes/messages-api.ts';
import { OWNER_TOKEN, until } from '../rig.ts';
import { expectAccessible } from './browser.ts';
import { journeys } from './journey.ts';
import { Popover } from './pages/popover.ts';
import { TenureWindow } from './pages/window.ts';

const WORK = bash('echo hi > hello.txt');
const COMMIT = bash('git add hello.txt && git commit -m "Say hi"');
const GREET: Script = [WORK, COMMIT, say('Done.')];
/** What the browser itself notes while nothing answers. */
const UNREACHABLE = /ERR_CONNECTION_REFUSED|ERR_EMPTY_RESPONSE|ERR_INCOMPLETE_CHUNKED_ENCODING|503 \(/;

journeys('on the real engine with the real CLI', (journey) => {
  journey(
    'a newcomer adds a project, raises the level, launches, approves, sees it measured, promotes by one click',
    {
      script: GREET,
      config: {
        trust: { thresholds: { cautious_to_moderate: { minSessions: 1, minAvgScore: 3, minDaysAtLevel: 0 } } },
      },
    },
    async ({ rig, page, popover }) => {
      // Nothing yet: the empty state names the next step, and a wrong path is answered in words.
      await popover.addFirstProject('/no/such/folder');
      await page.getByText('/no/such/folder').first().waitFor();
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
      // The same card with all its evidence, among the parts of its screen.
      const trust = await TenureWindow.open(page, rig.host.url, 'Trust');
      await trust.page.getByRole('heading', { level: 2, name: 'Ready for Moderate' }).waitFor();
      await expectAccessible(page);
      await page.goBack();
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
    },
    /400 \(Bad Request\)/,
  );

  journey(
    'a promotion is declined with a reason until a date: no card, no level, and it is asked again from then on',
    {
      config: {
        trust: {
          thresholds: {
            cautious_to_moderate: {
              minSessions: 0,
              minEvaluations: 0,
              minAvgScore: 0,
              minDaysAtLevel: 0,
              minCoverage: 0,
            },
          },
        },
      },
    },
    async ({ rig, page, popover }) => {
      await rig.raiseTo('cautious');
      await rig.call('trust.check', {});
      await popover.declinePromotion('After the holidays', '2031-05-06');
      await popover.promotion.waitFor({ state: 'detached' });
      await popover.level.getByText('Cautious').waitFor();
      const { promotions } = await rig.call('trust.history', {});
      const askAgainAt = await page.evaluate(() => new Date(2031, 4, 6).getTime());
      expect(promotions).toMatchObject([{ state: 'declined', reason: 'After the holidays', askAgainAt }]);
      expect(await rig.call('trust.check', {})).toMatchObject({ promotion: null });
      const { page: trust } = await TenureWindow.open(page, rig.host.url, 'Trust');
      await trust.getByText('“After the holidays”').waitFor();
      await trust.getByText(/^Asked again from/).waitFor();
    },
  );

  journey(
    'alerts of another level and those beyond the first page are within reach, and judging one is seen at once',
    {},
    async ({ rig, page }) => {
      await rig.raiseTo('cautious');
      for (let n = 1; n <= 22; n += 1) await rig.call('trust.report', { kind: 'lost_work', text: `Stash ${n}` });
      const { page: trust } = await TenureWindow.open(page, rig.host.url, 'Trust');
      const alerts = trust.getByRole('list', { name: 'Alerts' }).getByRole('listitem');
      await alerts.filter({ hasText: /Stash 22/ }).waitFor();
      expect(await alerts.count()).toBe(20);
      const first = alerts.filter({ hasText: /Stash 1(?!\d)/ });
      await trust.getByRole('button', { name: 'Show more' }).first().click();
      await first.waitFor();
      expect(await alerts.count()).toBe(22);
      await expectAccessible(trust);
      await first.getByRole('button', { name: /^False alarm/ }).click();
      await first.waitFor({ state: 'detached' });
    },
  );

  journey(
    'a denial with its reason reaches the agent',
    { script: [COMMIT, say('Then not.')] },
    async ({ rig, popover }) => {
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
    },
  );

  journey(
    'stop ends it, and the row says so; the palette stops another',
    { script: () => bash('git commit --allow-empty -m again') },
    async ({ rig, page, popover }) => {
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

      await popover.launch('greeter', 'Work on.');
      await popover.question(/git commit/).command.waitFor();
      await page.keyboard.press('ControlOrMeta+k');
      await page.getByRole('combobox', { name: 'Action' }).fill('stop greeter');
      await page.getByRole('option', { name: /^Stop greeter: / }).waitFor();
      await page.keyboard.press('Enter');
      await until('both have stopped', async () =>
        (await rig.call('sessions.list', {})).every(({ outcome }) => outcome === 'stopped'),
      );
    },
  );

  journey(
    'a session is watched: what it asks, then what it did, in its row, its transcript and the log',
    { script: [bash('git status'), COMMIT, say('Done with the greeting.')] },
    async ({ rig, page, popover }) => {
      const { repository } = await rig.addProject({ name: 'greeter' });
      repository.write('hello.txt', 'hi');
      await rig.raiseTo('moderate');
      await popover.launch('greeter', 'Greet.');
      await popover
        .section('Needs input')
        .getByText(/^Asks: git add hello\.txt/)
        .waitFor();
      await popover.question(/git commit/).approve();
      await popover
        .section('Completed')
        .getByRole('link', { name: /greeter/ })
        .click();
      await page.getByRole('heading', { level: 1, name: 'greeter' }).waitFor();
      await page.getByText('Done with the greeting.').first().waitFor();
      await expectAccessible(page);
      await page.goto(`${rig.host.url}/#/window/activity`);
      await page.getByText('Session ended (Completed).').waitFor();
    },
  );

  journey(
    'the level is lowered at once, by anybody who is signed in, and everybody sees it',
    {},
    async ({ rig, popover, another }) => {
      await rig.addProject({ name: 'greeter' });
      await rig.raiseTo('moderate');
      await popover.level.getByText('Moderate').waitFor();
      const other = await another();
      await TenureWindow.open(popover.page, rig.host.url, 'Trust');
      await popover.setLevel('Cautious', 'It has to prove itself anew');
      await other.level.getByText('Cautious').waitFor();
      expect(await rig.call('trust.get', {})).toMatchObject({ level: 'cautious' });
      await popover.page.getByText('It has to prove itself anew').first().waitFor();
    },
  );

  journey(
    'by keyboard alone: written, launched, approved, denied with a reason, opened, and on to another screen',
    { script: [COMMIT, bash('git push origin HEAD'), say('Done.')] },
    async ({ rig, page, popover }) => {
      await rig.addProject({ name: 'greeter' });
      await rig.raiseTo('moderate');
      await popover.project.waitFor();
      await page.keyboard.press('n');
      await page.keyboard.type('Commit and push.');
      await page.keyboard.press('ControlOrMeta+Enter');
      await popover.question(/git commit/).command.waitFor();
      await page.keyboard.press('Escape');
      await page.keyboard.press('j');
      await page.keyboard.press('ControlOrMeta+Enter');
      const push = popover.question(/git push/);
      await push.command.waitFor();
      await page.keyboard.press('Home');
      await page.keyboard.press('ControlOrMeta+Backspace');
      await page.keyboard.type('not yet');
      await page.keyboard.press('Enter');
      await popover
        .section('Completed')
        .getByRole('link', { name: /greeter/ })
        .waitFor();
      expect(rig.api.requests.at(-1)?.lastUserText).toContain('not yet');
      await page.keyboard.press('End');
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { level: 1, name: 'greeter' }).waitFor();
      await page.keyboard.press('g');
      await page.keyboard.press('t');
      await page.getByRole('heading', { level: 1, name: 'Trust' }).waitFor();
    },
  );

  journey(
    'the engine restarts under an open page: it comes back by itself and is up to date',
    { config: { gateway: { port: 47_517 } } },
    async ({ rig, page, popover }) => {
      await rig.addProject({ name: 'greeter' });
      await popover.project.waitFor();
      await rig.restart();
      await rig.raiseTo('cautious');
      await popover.level.getByText('Cautious').waitFor();
      // And it acts again.
      await popover.pauseAll.click();
      await until('the act arrived', async () => (await rig.call('state.snapshot', {})).paused);
      // A screen that was opened while nobody answered has its figures once somebody does.
      await page.evaluate(() => void (window.location.hash = '#/window/sessions'));
      await page.getByRole('heading', { level: 1, name: 'Sessions' }).waitFor();
      await rig.host.stop();
      await page.getByText(/^Offline since/).waitFor();
      await page.evaluate(() => void (window.location.hash = '#/window/settings'));
      await page.getByText('Tenure does not answer.', { exact: true }).waitFor();
      await rig.restart();
      await page.getByRole('button', { name: /settings? changed$/ }).waitFor();
    },
    UNREACHABLE,
  );

  journey(
    'an expired login: the page leads to the sign-in, and the owner token signs in',
    {},
    async ({ page }) => {
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
    },
    /40[13] \(/,
  );

  journey(
    'two browsers: the first answer wins, the other sees it at once',
    { script: [COMMIT, say('Done.')] },
    async ({ rig, popover, another }) => {
      await rig.addProject({ name: 'greeter' });
      await rig.raiseTo('moderate');
      const other = await another();
      await popover.launch('greeter', 'Commit.');
      await other.question(/git commit/).command.waitFor();
      await popover.question(/git commit/).approve();
      await other.question(/git commit/).card.waitFor({ state: 'detached' });
      await until('the session has ended', async () => (await rig.call('sessions.list', {})).at(0)?.state === 'ended');
    },
  );
});
