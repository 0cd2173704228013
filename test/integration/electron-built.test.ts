import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { takeLock } from '../../src/core/kernel/lock.ts';
import { tempDir } from '../builders.ts';
import { CHROMIUM, launchBrowser } from '../e2e/browser.ts';
import type { Look } from '../fakes/electron/control.ts';
import { ensureProgram, giveBridge, type Program, startProgram } from '../fakes/electron/drive.ts';

const ORIGIN = 'tenure://app';
const OWNER = 'the-owner-token-of-a-test';
const preloadFile = join(import.meta.dirname, '../../out/preload/index.cjs');

let browser: Browser | undefined;
const headlessFile = join(import.meta.dirname, '../../out/main/headless.js');
const running: Program[] = [];
const engines: ChildProcess[] = [];

beforeAll(async () => {
  await ensureProgram();
  if (CHROMIUM) browser = await launchBrowser();
}, 180_000);
afterEach(async () => {
  await Promise.all(running.splice(0).map((program) => program.kill()));
  for (const engine of engines.splice(0)) engine.kill('SIGKILL');
  await Promise.all((browser?.contexts() ?? []).map((context) => context.close()));
});
afterAll(() => browser?.close());

function start(
  home: string,
  args: readonly string[] = [],
  env: Record<string, string> = { TENURE_OWNER_TOKEN: OWNER },
): Program {
  const own = {
    PATH: process.env['PATH'] ?? '',
    HOME: home,
    TENURE_HOME: join(home, 'tenure'),
    TENURE_DEMO_PACE_MS: '100',
  };
  const program = startProgram(['--port', '0', ...args], { ...own, ...env });
  running.push(program);
  return program;
}
const started = (program: Program) =>
  program.until(({ windows, tray }) => windows.length === 1 && tray?.icon === 'idleTemplate.png', 'started and idle');

/** The built engine without a window, on the same folders. */
function startHeadless(home: string, args: readonly string[] = []) {
  const env = { PATH: process.env['PATH'], HOME: home, TENURE_HOME: join(home, 'tenure'), TENURE_OWNER_TOKEN: OWNER };
  const child = spawn(process.execPath, [headlessFile, '--port', '0', ...args], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  engines.push(child);
  const ready = once(child.stdout, 'data');
  return {
    ready,
    async call(method: string, input: unknown): Promise<void> {
      const { url } = JSON.parse(readFileSync(join(home, 'tenure/run/gateway.json'), 'utf8')) as { url: string };
      const headers = { authorization: `Bearer ${OWNER}` };
      const answer = await fetch(`${url}/rpc/${method}`, { method: 'POST', headers, body: JSON.stringify(input) });
      expect(answer.status).toBe(200);
    },
    async stop(): Promise<void> {
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}

/** The popover's page in a real Chromium, joined to the program at both ends. */
async function pageOf(program: Program): Promise<{ page: Page; problems: string[] }> {
  const bridge = await program.person.openBridge(ORIGIN);
  const context = await browser!.newContext({ viewport: { width: 420, height: 600 } });
  // The first steps open by themselves where nobody has seen them; here somebody has.
  await context.addInitScript(() => localStorage.setItem('tenure.welcome', '["seen"]'));
  const page = await context.newPage();
  const problems: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') problems.push(message.text());
  });
  page.on('pageerror', (error) => problems.push(String(error)));
  const [popover] = (await program.person.look()).windows;
  await giveBridge(page, readFileSync(preloadFile, 'utf8'), (channel, args) => {
    void program.person.pageSays(popover!.id, channel, args);
  });
  // The first steps were gone through before; what is looked at here is the popover itself.
  await page.addInitScript(() => localStorage.setItem('tenure.welcome', '["done"]'));
  await page.goto(`${bridge}/`);
  return { page, problems };
}

describe.skipIf(CHROMIUM === null)('the built program', () => {
  it('starts hidden, with an icon, sandboxed, its own files apart', async () => {
    const home = tempDir('electron');
    const program = start(home);
    const look = await started(program);
    expect(look).toMatchObject({
      sandboxed: true,
      schemes: ['tenure'],
      tray: { icon: 'idleTemplate.png', title: '', tooltip: 'Tenure: nothing is running' },
      windows: [{ url: `${ORIGIN}/`, visible: false, preload: preloadFile }],
      blockers: [],
      errors: [],
      applicationMenu: ['Tenure', 'Edit', 'View', 'Window'],
    });
    expect(existsSync(join(home, 'tenure/electron'))).toBe(true);
    expect(JSON.parse(readFileSync(join(home, 'tenure/run/gateway.json'), 'utf8'))).toHaveProperty('readToken');
  });

  it('shows the owner token once, and it is the one that counts', async () => {
    const home = tempDir('electron');
    const first = start(home, [], {});
    const { asked } = await first.until((look) => look.asked.length === 1, 'the token is shown');
    expect(asked[0]?.message).toBe('Keep your owner token');
    const [token] = asked[0]?.detail?.split('\n') ?? [];
    const { url } = JSON.parse(readFileSync(join(home, 'tenure/run/gateway.json'), 'utf8')) as { url: string };
    const link = await fetch(`${url}/login-link`, { method: 'POST', headers: { authorization: `Bearer ${token}` } });
    expect(link.status).toBe(200);
    await first.person.quit();
    await first.ended;
    const second = start(home, [], {});
    await started(second);
    expect((await second.person.look()).asked).toEqual([]);
  });

  it('shows its real screens in a real Chromium: owner without a token, events as they happen, no violation', async () => {
    const program = start(tempDir('electron'));
    await started(program);
    const { page, problems } = await pageOf(program);
    await page.getByText('No projects yet').waitFor();
    await program.person.clickIcon();
    const shown = await program.until(({ windows }) => windows[0]?.visible === true, 'the popover is open');
    expect(shown.windows[0]).toMatchObject({ focused: true, bounds: { x: 1004, y: 25, width: 420, height: 600 } });

    // A fact arrives by itself: paused in the tray's menu, seen on the page.
    await program.person.chooseInTray('Pause all');
    await page.getByRole('button', { name: 'Resume all' }).waitFor();
    // An act of the page counts as the owner's: resumed on the page, seen on the icon.
    await program.until(({ tray }) => tray?.tooltip.includes('paused') === true, 'the icon says paused');
    await page.getByRole('button', { name: 'Resume all' }).click();
    await program.until(({ tray }) => tray?.tooltip === 'Tenure: nothing is running', 'the icon says resumed');
    expect(await page.evaluate(() => Object.keys(window.tenure ?? {}).toSorted())).toEqual([
      'hide',
      'openWindow',
      'pathOf',
      'pin',
      'platform',
    ]);
    expect(problems).toEqual([]);
  });

  it('hides on Escape, but not while a dialog of the page is open, and opens the larger window', async () => {
    const program = start(tempDir('electron'));
    await started(program);
    const { page, problems } = await pageOf(program);
    await page.getByText('No projects yet').waitFor();
    await program.person.clickIcon();
    await page.getByRole('button', { name: 'More options…' }).click();
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    expect((await program.person.look()).windows[0]?.visible).toBe(true);
    await page.keyboard.press('Escape');
    await program.until(({ windows }) => windows[0]?.visible === false, 'the popover is hidden');
    await page.getByRole('link', { name: 'Open the larger window' }).click();
    const { windows } = await program.until(({ windows: open }) => open.length === 2, 'the window is open');
    expect(windows[1]).toMatchObject({ url: `${ORIGIN}/#/window/trust`, visible: true });
    expect(problems).toEqual([]);
  });

  it('sends a test over every channel and says what became of it', async () => {
    const home = tempDir('electron');
    const program = start(home);
    await started(program);
    const { url } = JSON.parse(readFileSync(join(home, 'tenure/run/gateway.json'), 'utf8')) as { url: string };
    const init = { method: 'POST', headers: { authorization: `Bearer ${OWNER}` }, body: '{}' };
    const results = await (await fetch(`${url}/rpc/notifications.test`, init)).json();
    expect(results).toMatchObject([
      { channel: 'browser', outcome: 'sent' },
      { channel: 'other', outcome: 'off' },
      { channel: 'native', outcome: 'shown', sentence: 'The system says that it showed it.' },
    ]);
    const { notifications } = await program.person.look();
    expect(notifications).toMatchObject([{ id: 'news:test', title: 'This is a test' }]);
    const state = await (await fetch(`${url}/rpc/shell.state`, init)).json();
    expect(state).toMatchObject({ secrets: { state: 'file' }, loginItem: { state: 'unsupported' } });
  });

  it('goes on when a page went away in the middle of its stream', async () => {
    const program = start(tempDir('electron'));
    await started(program);
    const { page } = await pageOf(program);
    await page.getByText('No projects yet').waitFor();
    await page.close();
    await program.person.chooseInTray('Pause all');
    await program.until(({ tray }) => tray?.tooltip.includes('paused') === true, 'it goes on');
    await program.person.quit();
    expect(await program.ended).toBe(0);
    expect(program.output()).toBe('');
  });

  it('is one: a second start opens the popover of the first and ends', async () => {
    const home = tempDir('electron');
    const first = start(home);
    await started(first);
    const second = start(home);
    expect(await second.ended).toBe(0);
    expect(second.errorBoxes).toEqual([]);
    await first.until(({ windows }) => windows[0]?.visible === true, 'the popover is open');
  });

  it('says in the words of the engine why it cannot start', async () => {
    const home = tempDir('electron');
    const lock = takeLock(join(home, 'tenure/data'), { pid: process.pid, host: 'headless', since: 0 });
    const program = start(home);
    expect(await program.ended).toBe(1);
    lock.release();
    expect(program.errorBoxes).toEqual([
      { title: 'Tenure cannot start', content: expect.stringContaining(`process ${process.pid} (headless)`) },
    ]);
  });

  it('becomes the icon and the window of an engine that runs already, and never stops it', async () => {
    const home = tempDir('electron');
    const engine = startHeadless(home);
    await engine.ready;
    const program = start(home);
    const look = await program.until(({ tray }) => tray?.icon === 'idleTemplate.png', 'it shows the engine');
    expect(look.errors).toEqual([]);
    expect(look.windows[0]?.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
    await engine.call('sessions.pauseAll', { paused: true });
    await program.until(({ tray }) => tray?.tooltip.includes('paused') === true, 'the icon follows');
    await program.person.followLink('tenure://trust');
    await program.until(({ windows }) => windows[1]?.url.endsWith('/#/window/trust') === true, 'a link opens');
    // Nothing has to be put away, so it may be gone before it has answered.
    await program.person.quit().catch(() => undefined);
    expect(await program.ended).toBe(0);
    await engine.call('sessions.pauseAll', { paused: false });
    await engine.stop();
  });

  it('tells of what waits at that engine, veiled, and leads to where it is answered', async () => {
    const home = tempDir('electron');
    const engine = startHeadless(home, ['--demo']);
    await engine.ready;
    const program = start(home, ['--demo']);
    const { notifications } = await program.until((look) => look.notifications.length > 0, 'it tells');
    expect(notifications[0]).toMatchObject({ title: 'Tenure asks', body: 'Something waits for you.' });
    expect(notifications[0]?.actions).toEqual([{ type: 'button', text: 'Open' }]);
    await program.person.pressNotification(notifications[0]?.id ?? '', 0);
    await program.until(({ windows }) => windows[0]?.visible === true, 'the popover is open');
    await engine.stop();
  });

  it('shows that the engine it follows has gone, and that it is back', async () => {
    const home = tempDir('electron');
    const first = startHeadless(home);
    await first.ready;
    const program = start(home);
    await program.until(({ tray }) => tray?.icon === 'idleTemplate.png', 'it shows the engine');
    await first.stop();
    await program.until(({ tray }) => tray?.icon === 'offlineTemplate.png', 'it shows that it is gone');
    const second = startHeadless(home);
    await second.ready;
    // It is back at another address, to which what was opened does not belong: the program starts anew.
    expect(await program.ended).toBe(0);
    expect(program.relaunched()).toBe(true);
    await second.stop();
  });

  it('shows a link that came before it was ready, answers its keys, and writes down what ended it', async () => {
    const home = tempDir('electron');
    const program = start(home, ['tenure://health']);
    const look = await program.until(({ windows }) => windows.length === 2, 'the window is open');
    expect(look.windows[1]?.url).toBe(`${ORIGIN}/#/window/health`);
    expect(look.shortcuts).toEqual(['Alt+CommandOrControl+K', 'Alt+CommandOrControl+.']);
    await program.person.pressKeys('Alt+CommandOrControl+.');
    await program.until(({ tray }) => tray?.tooltip.includes('paused') === true, 'everything is paused');
    await program.person.pressKeys('Alt+CommandOrControl+K');
    await program.until(({ windows }) => windows[0]?.visible === true, 'the popover is open');
    await program.person.throwSomething('a bug');
    expect(await program.ended).toBe(1);
    expect(program.errorBoxes).toEqual([{ title: 'Tenure has ended', content: 'a bug' }]);
    const logs = join(home, 'tenure/logs');
    const [report] = readdirSync(logs).filter((name) => name.startsWith('crash-'));
    expect(JSON.parse(readFileSync(join(logs, report ?? ''), 'utf8'))).toMatchObject({ host: 'electron' });
    const again = start(home);
    await again.until(({ windows }) => windows.length === 1, 'it starts again');
    const { url, readToken } = JSON.parse(readFileSync(join(home, 'tenure/run/gateway.json'), 'utf8'));
    const state = await fetch(`${url}/rpc/state.snapshot`, {
      method: 'POST',
      headers: { authorization: `Bearer ${readToken}` },
    });
    expect(JSON.stringify(await state.json())).toContain('Tenure ended unexpectedly on');
  });

  it('quits only after the engine has put everything away', async () => {
    const home = tempDir('electron');
    const program = start(home);
    await started(program);
    await program.person.chooseInTray('Quit Tenure');
    expect(await program.ended, program.output() + JSON.stringify(program.errorBoxes)).toBe(0);
    expect(existsSync(join(home, 'tenure/run/gateway.json'))).toBe(false);
    takeLock(join(home, 'tenure/data'), { pid: process.pid, host: 'headless', since: 0 }).release();
  });
});

describe.skipIf(CHROMIUM === null)('the built program with the demo agent', () => {
  it('asks by notifications, goes on when it is approved there or on the page, and is kept awake for as long', async () => {
    const program = start(tempDir('electron'), ['--demo']);
    const waiting = await program.until(({ notifications }) => notifications.length === 1, 'a notification asks');
    expect(waiting.tray).toMatchObject({ icon: 'needs-youTemplate.png', title: '1' });
    expect(waiting.blockers).toEqual(['prevent-app-suspension']);
    expect(waiting.tray?.tooltip).toBe('Tenure (demo): 1 decision waits for you; 1 session working');
    const { page, problems } = await pageOf(program);

    // An edit is seen whole only on the page; answered there, its notification goes by itself.
    const [first] = waiting.notifications;
    expect(first?.actions?.map(({ text }) => text)).toEqual(['Open']);
    await page.getByRole('button', { name: 'Approve', exact: true }).click();
    await program.until(({ notifications }) => notifications.every(({ id }) => id !== first?.id), 'it is withdrawn');

    // The others wherever they can be approved, until the work is done.
    const answered = new Set([first?.id]);
    const byNotification = new Set<string>();
    const fresh = ({ notifications }: Look) => notifications.filter(({ id }) => !answered.has(id));
    const isDone = ({ tray }: Look): boolean => tray?.icon === 'idleTemplate.png';
    let done: Look;
    do {
      done = await program.until((look) => isDone(look) || fresh(look).length > 0, 'it asks or is done', 60_000);
      for (const { id, actions } of fresh(done)) {
        answered.add(id);
        if (actions?.[0]?.text === 'Approve') {
          byNotification.add(id ?? '');
          await program.person.pressNotification(id ?? '', 0);
        } else await page.getByRole('button', { name: 'Approve', exact: true }).click();
      }
    } while (!isDone(done));
    expect(byNotification.size).toBeGreaterThan(0);
    expect(done).toMatchObject({ blockers: [], notifications: [], tray: { title: '' } });
    await page.getByRole('img', { name: 'scored 5 of 5' }).waitFor();
    expect(problems).toEqual([]);
  }, 120_000);

  it('quits in good order while a session waits at a question', async () => {
    const program = start(tempDir('electron'), ['--demo']);
    await program.until(({ notifications }) => notifications.length === 1, 'a notification asks');
    await program.person.quit();
    expect(await program.ended).toBe(0);
    expect(program.errorBoxes).toEqual([]);
  });
});
