import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SessionDetail } from '../../src/shared/contract/sessions.ts';
import { type Rig, startRig, until } from '../rig.ts';
import { CHROMIUM, ensureScreens, expectAccessible, launchBrowser, openPage, type Seen } from './browser.ts';
import { demoSession, SessionScreen, shoot } from './pages/session.ts';

let browser: Browser;
let rig: Rig;
let seen: Seen;
let page: Page;
let session: SessionDetail;

beforeAll(async () => {
  await ensureScreens();
  if (!CHROMIUM) return;
  browser = await launchBrowser();
  rig = await startRig({ demo: true });
  seen = await openPage(browser, { viewport: { width: 1280, height: 800 } });
  page = seen.page;
  await page.goto(rig.host.loginUrl());
  await page.getByRole('heading', { level: 1 }).waitFor();
  session = await rig.session(await demoSession(rig));
}, 240_000);
afterAll(async () => {
  await browser?.close();
  await rig?.stop();
});

const open = (tab: 'Changes' | 'Overview' = 'Changes') => SessionScreen.open(page, rig.host.url, session.id, tab);
const write = (file: string, content: string | Buffer): void =>
  writeFileSync(join(session.worktree ?? '', file), content);

describe.skipIf(CHROMIUM === null)('the changes of a session', () => {
  test('files and lines, by mouse and by key, light and dark', async () => {
    const screen = await open();
    await screen.lines('src/cart.js').waitFor();
    await screen.line(3, 'added').or(screen.line(2, 'added')).first().waitFor();
    await shoot(page, 'changes');
    await expectAccessible(page);
    await page.keyboard.press('j');
    await screen.lines('test/cart.test.js').waitFor();
    expect(await screen.file('test/cart.test.js').getAttribute('aria-current')).toBe('true');
    await page.keyboard.press('k');
    await screen.lines('src/cart.js').waitFor();
    await page.keyboard.press('w');
    expect(await screen.changes.getByRole('button', { name: 'Wrap lines' }).getAttribute('aria-pressed')).toBe('false');
    expect(seen.problems).toEqual([]);
  }, 60_000);

  test('comments are drafts until they are sent, survive a restart, and reach the agent with place and code', async () => {
    let screen = await open();
    await screen.file('test/cart.test.js').click();
    const added = screen.lines('test/cart.test.js').getByRole('button', { name: /, added$/ });
    await added.first().click();
    await added.nth(2).click({ modifiers: ['Shift'] });
    await screen.comment.fill('Name the test after the fault.');
    await shoot(page, 'changes-comment');
    await expectAccessible(page);
    // Another file in the middle of a sentence, another tab: what was written is still there.
    await screen.file('src/cart.js').click();
    await screen.lines('src/cart.js').waitFor();
    await screen.goTo('Overview');
    await screen.goTo('Changes');
    await screen.file('test/cart.test.js').click();
    expect(await screen.comment.inputValue()).toBe('Name the test after the fault.');
    await screen.comment.press('Control+Enter');
    await screen.lines('test/cart.test.js').getByRole('article').getByText('Your draft').waitFor();

    await page.goto('about:blank');
    await rig.restart();
    await page.goto(rig.host.loginUrl());
    screen = await open();
    await screen.file('test/cart.test.js').click();
    const card = screen.lines('test/cart.test.js').getByRole('article');
    await card.getByText('Name the test after the fault.').waitFor();
    await card.getByRole('button', { name: 'Edit' }).click();
    await screen.comment.fill('Name the test after the fault, please.');
    await screen.changes.getByRole('button', { name: 'Keep as a draft' }).click();
    await card.getByText('please.').waitFor();
    // The second one without a mouse: file, hunk, line, comment.
    await page.keyboard.press('k');
    await screen.lines('src/cart.js').waitFor();
    await page.keyboard.press('n');
    const removed = screen.lines('src/cart.js').locator('.diff-line[data-kind=removed]');
    await until('the removed line has the focus', async () => {
      if (await removed.evaluate((line) => line === document.activeElement)) return true;
      await page.keyboard.press('ArrowDown');
      return false;
    });
    await page.keyboard.press('c');
    await page.keyboard.type('Why was this wrong?');
    await page.keyboard.press('Control+Enter');
    await until('the focus is back', () => removed.evaluate((line) => line === document.activeElement));
    await screen.changes.getByText('2 comments', { exact: true }).waitFor();
    await shoot(page, 'changes-drafts');
    await expectAccessible(page);
    await screen.changes.getByRole('button', { name: 'Send 2 comments to the agent' }).click();
    await screen.changes.getByRole('link', { name: 'A new session' }).waitFor();
    await screen.lines('src/cart.js').getByText('Sent to the agent').waitFor();
    const comments = await rig.call('reviews.list', { sessionId: session.id });
    expect(comments.map(({ sentAt, from, to }) => [sentAt !== null, to - from])).toEqual([
      [true, 0],
      [true, 2],
    ]);
    const next = (await rig.call('sessions.list', {})).find(({ prompt }) =>
      prompt.includes('I have reviewed your work'),
    );
    expect(next?.prompt).toContain('Name the test after the fault, please.');
    expect(next?.prompt).toMatch(/src\/cart\.js, line \d+ before your change\n```\n.*item\.cents \* item\.count/);
    await rig.ended(next?.id ?? '');
    expect(seen.problems).toEqual([]);
  }, 90_000);

  test('while work goes on: added, renamed, binary, deleted, huge, hidden characters; comments that are outdated', async () => {
    const root = session.worktree ?? '';
    mkdirSync(join(root, 'docs/very/deep/folders/that/go/on'), { recursive: true });
    write(
      'docs/very/deep/folders/that/go/on/a-file-with-a-long-name-that-does-not-fit-anywhere.md',
      'مرحبا بالعالم 🎉\n',
    );
    write('picture.png', Buffer.from([0, 1, 2, 3, 0, 255]));
    write('huge.txt', Array.from({ length: 5_000 }, (_, n) => `line ${n} ${'x'.repeat(n % 300)}`).join('\n'));
    write('trojan.js', 'const a = "\u202e drowssap";\n');
    renameSync(join(root, 'README.md'), join(root, 'READ.md'));
    rmSync(join(root, 'src/discount.js'));
    write('test/cart.test.js', 'everything new\n');
    const screen = await open();
    await screen.changes.getByRole('button', { name: 'Refresh' }).click();
    await screen.file('picture.png').click();
    await screen.changes.getByText(/A binary file/).waitFor();
    await screen.file('READ.md').click();
    await screen.changes.getByText(/renamed · from README\.md/).waitFor();
    await screen.file('src/discount.js').click();
    await screen.line(1, 'removed').waitFor();
    await screen.file('trojan.js').click();
    await screen.lines('trojan.js').getByText('U+202E').waitFor();
    await screen.file('huge.txt').click();
    await screen.changes.getByRole('button', { name: 'Show all 5,000 lines' }).click();
    await until('the last line is on screen', async () => {
      // Lines that wrap are higher than it was thought: the end moves while one comes nearer.
      await screen.lines('huge.txt').evaluate((list) => list.scrollTo(0, list.scrollHeight));
      return screen.line(5_000, 'added').isVisible();
    });
    await shoot(page, 'changes-huge');
    await screen.changes.getByRole('button', { name: 'Not committed', exact: true }).click();
    await screen.changes.getByRole('button', { name: 'All', exact: true }).click();
    await screen.file('test/cart.test.js').click();
    await screen
      .lines('test/cart.test.js')
      .getByText(/^Outdated/)
      .waitFor();
    await screen.changes.getByRole('searchbox', { name: 'Filter files' }).fill('anywhere');
    await screen
      .lines('docs/very/deep/folders/that/go/on/a-file-with-a-long-name-that-does-not-fit-anywhere.md')
      .getByText('🎉')
      .waitFor();
    await shoot(page, 'changes-long-name');
    await expectAccessible(page);
    await page.setViewportSize({ width: 420, height: 600 });
    await shoot(page, 'changes-narrow');
    // Below the list of files the lines have more than half of the window.
    const box = await screen.changes.getByRole('group', { name: /^Changes of docs/ }).boundingBox();
    expect(box?.height).toBeGreaterThan(300);
    await expectAccessible(page);
    await page.setViewportSize({ width: 1280, height: 800 });
    // Of more files than are listed the filter finds every one, and a comment leads to its file.
    for (let n = 0; n < 2_000; n++) write(`generated-${n}.txt`, '');
    const filter = screen.changes.getByRole('searchbox', { name: 'Filter files' });
    await filter.fill('');
    await screen.changes.getByRole('button', { name: 'Refresh' }).click();
    await screen.changes.getByText(/these are the first 2,000\. The filter finds the others\.$/).waitFor();
    expect(await screen.file('trojan.js').count()).toBe(0);
    await filter.fill('TROJAN');
    await screen.file('trojan.js').click();
    await screen.lines('trojan.js').waitFor();
    await screen.changes
      .getByRole('region', { name: 'Comments' })
      .getByRole('button', { name: /test\/cart\.test\.js/ })
      .click();
    await screen.lines('test/cart.test.js').waitFor();
    expect(seen.problems).toEqual([]);
  }, 90_000);

  test('a session whose work is gone says so, and its comments stay', async () => {
    const { repository } = await until('the project is there', async () => {
      const [project] = await rig.call('projects.list', {});
      return project && { repository: project.path };
    });
    renameSync(repository, `${repository}-gone`);
    renameSync(session.worktree ?? '', `${session.worktree}-gone`);
    const screen = await open();
    await screen.changes.getByRole('button', { name: 'Refresh' }).click();
    await screen.changes
      .getByText(/is gone/)
      .first()
      .waitFor();
    await screen.changes.getByRole('region', { name: 'Comments' }).getByText('outdated').first().waitFor();
    await shoot(page, 'changes-gone');
    // The browser itself notes the refused requests.
    expect(seen.problems.splice(0).filter((problem) => !problem.includes('422'))).toEqual([]);
  }, 60_000);
});
