import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createIds } from '../../src/core/adapters/ids.ts';
import { openVault } from '../../src/core/kernel/vault.ts';
import { offerApplications } from '../../src/main/applications.ts';
import { keyGuard } from '../../src/main/key-guard.ts';
import { createLinks } from '../../src/main/links.ts';
import { createLoginItem } from '../../src/main/login-item.ts';
import { createShortcuts } from '../../src/main/shortcuts.ts';
import { updateObstacle } from '../../src/main/update-source.ts';
import { createUpdates, type UpdateOptions, type UpdateSource } from '../../src/main/updates.ts';
import { tempDir } from '../builders.ts';
import { createFakeClock } from '../fakes/clock.ts';
import { createEngineStandIn } from '../fakes/electron/engine.ts';
import { app } from '../fakes/electron/index.ts';
import { dialogs, keychain, shortcuts as keys } from '../fakes/electron/system.ts';
import { StandInEvent } from '../fakes/electron/world.ts';

vi.mock('electron', () => import('../fakes/electron/index.ts'));

beforeEach(async () => {
  await app.whenReady();
});
afterEach(() => {
  app.removeAllListeners();
  app.isPackaged = false;
  keys.registered.clear();
  keys.taken.clear();
});

describe('keys that work everywhere', () => {
  const act = { open: vi.fn<() => void>(), freeze: vi.fn<() => void>() };
  const OPEN = 'Alt+CommandOrControl+K';

  it('open Tenure and pause everything', () => {
    const engine = createEngineStandIn();
    const { current } = createShortcuts({ engine, act });
    for (const run of keys.registered.values()) run();
    expect([act.open.mock.calls.length, act.freeze.mock.calls.length]).toEqual([1, 1]);
    expect(current()).toMatchObject([
      { does: 'open', keys: OPEN, state: 'on', sentence: `${OPEN} opens Tenure, from every program.` },
      { does: 'freeze', keys: 'Alt+CommandOrControl+.', state: 'on' },
    ]);
    expect(engine.notices.size).toBe(0);
  });

  it('that another program has are told, with the setting that names others, until they are free', () => {
    keys.taken.add(OPEN);
    const engine = createEngineStandIn();
    const { current } = createShortcuts({ engine, act });
    expect(current()[0]).toMatchObject({ state: 'refused' });
    expect(engine.notices.get('shortcuts')).toMatch(/^Alt\+CommandOrControl\+K is taken.*"shell\.shortcut"/);
    engine.configure({ shell: { shortcut: 'Alt+CommandOrControl+J' } });
    expect(keys.registered.has('Alt+CommandOrControl+J')).toBe(true);
    expect(engine.notices.size).toBe(0);
  });

  it('follow the settings: none, the same twice, and such as Electron does not know', () => {
    const engine = createEngineStandIn();
    const { current, stop } = createShortcuts({ engine, act });
    engine.configure({ shell: { shortcut: null } });
    expect(current()[0]).toMatchObject({ state: 'off' });
    engine.configure({ shell: { shortcut: OPEN, freezeShortcut: OPEN } });
    expect(current().map(({ state }) => state)).toEqual(['on', 'refused']);
    engine.configure({ shell: { shortcut: 'Alt+Ü', freezeShortcut: null } });
    expect(current()[0]).toMatchObject({ state: 'refused' });
    engine.configure({ shell: { shortcut: OPEN } });
    stop();
    expect(keys.registered.size).toBe(0);
    engine.configure({ shell: { shortcut: 'Alt+Command+J' } });
    expect(keys.registered.size).toBe(0);
  });
});

describe('start at login', () => {
  it('is not for a checkout, nor for other desktops, which say what is', () => {
    expect(createLoginItem('darwin').get()).toMatchObject({ state: 'unsupported' });
    app.isPackaged = true;
    const linux = createLoginItem('linux');
    expect(linux.get().sentence).toContain('tenure service install');
    expect(() => linux.set(true)).toThrow(/no login items/);
  });

  it('is what the system says, and is asked of it', () => {
    app.isPackaged = true;
    const item = createLoginItem('darwin');
    expect(item.get().state).toBe('off');
    expect(item.set(true).state).toBe('on');
    expect(item.set(false).state).toBe('off');
    app.whenAskedAtLogin = 'requires-approval';
    expect(item.set(true)).toMatchObject({ state: 'approval', sentence: expect.stringContaining('System Settings') });
    app.whenAskedAtLogin = 'not-registered';
    app.loginItem = 'not-registered';
    expect(() => item.set(true)).toThrow(/did not take it/);
    app.whenAskedAtLogin = 'enabled';
  });
});

describe('the place of the app', () => {
  const ask = async (answer: number) => {
    app.setPath('userData', tempDir('user-data'));
    app.isPackaged = true;
    app.inApplications = false;
    dialogs.asked.length = 0;
    dialogs.answers.push(answer);
    await offerApplications('darwin');
    return dialogs.asked.length;
  };

  it('is offered to be Applications, once, and left as it is when the person does not want it', async () => {
    expect(await ask(1)).toBe(1);
    expect(app.inApplications).toBe(false);
    await offerApplications('darwin');
    expect(dialogs.asked).toHaveLength(1);
    expect(await ask(0)).toBe(1);
    expect(app.inApplications).toBe(true);
  });

  it('is not asked about in a checkout, on another system, or where it is right already', async () => {
    dialogs.asked.length = 0;
    await offerApplications('darwin');
    app.isPackaged = true;
    app.inApplications = false;
    await offerApplications('linux');
    app.inApplications = true;
    await offerApplications('darwin');
    expect(dialogs.asked).toEqual([]);
  });
});

describe('the key to the secrets', () => {
  it.each([
    ['an unsigned Mac build', 'darwin', { signed: false }, /no Developer ID/],
    ['a Linux desktop with only basic_text', 'linux', { signed: false }, /no keychain\. The key .* a file/],
  ] as const)('lies in a file for %s, and says so', async (_name, platform, build, sentence) => {
    const guard = await keyGuard(platform, build);
    expect(guard.name).toBe('file');
    expect(guard.sentence).toMatch(sentence);
  });

  it('lies in a file where the keychain does not answer', async () => {
    keychain.available = false;
    expect((await keyGuard('darwin', { signed: true })).name).toBe('file');
    keychain.available = true;
  });

  it('lies in the keychain of a signed Mac build, and of a Linux desktop that has one', async () => {
    const dir = tempDir('vault');
    const guard = await keyGuard('darwin', { signed: true });
    expect(guard.name).toBe('keychain');
    const ids = createIds();
    (await openVault({ dir, guard, ids })).set('a', 'kept');
    expect((await openVault({ dir, guard, ids })).get('a')).toBe('kept');
    keychain.backend = 'gnome_libsecret';
    expect((await keyGuard('linux', { signed: false })).sentence).toContain('gnome_libsecret');
    keychain.backend = 'basic_text';
  });
});

describe('links', () => {
  const openWindow = vi.fn<(hash: string) => void>();
  beforeEach(() => openWindow.mockClear());
  const follow = (url: string): boolean => {
    const event = new StandInEvent();
    app.emit('open-url', event, url);
    return event.defaultPrevented;
  };

  it('show a screen, also those that came before there was one to show', () => {
    const links = createLinks();
    expect(follow('tenure://decision/dec_1')).toBe(true);
    links.show(openWindow);
    follow('tenure://trust');
    app.emit('second-instance', new StandInEvent(), ['/opt/tenure', '--flag', 'tenure://session/ses_1']);
    expect(openWindow.mock.calls).toEqual([
      ['#/window/decisions/dec_1'],
      ['#/window/trust'],
      ['#/window/sessions/ses_1'],
    ]);
  });

  it('that are none of ours do nothing', () => {
    createLinks().show(openWindow);
    for (const link of [
      'tenure://app/rpc/trust.setLevel',
      'tenure://decision/../..',
      'https://example.com',
      'tenure:',
    ]) {
      follow(link);
    }
    app.emit('second-instance', new StandInEvent(), ['/opt/tenure']);
    expect(openWindow).not.toHaveBeenCalled();
  });

  it('are claimed from the system only by the packed app', () => {
    app.protocols = [];
    createLinks();
    expect(app.protocols).toEqual([]);
    app.isPackaged = true;
    createLinks();
    expect(app.protocols).toEqual(['tenure']);
  });
});

describe('updates', () => {
  const MINUTE = 60_000;
  function start(over: Partial<UpdateOptions> & { newer?: string | null } = {}) {
    const clock = createFakeClock();
    const did: string[] = [];
    const notices: (string | null)[] = [];
    let busy: string | null = null;
    const source: UpdateSource = {
      check: vi.fn<UpdateSource['check']>(async () => over.newer ?? null),
      download: async () => void did.push('downloaded'),
      install: () => void did.push('installed'),
    };
    const updates = createUpdates({
      source,
      why: '',
      clock,
      mode: () => 'install',
      busy: () => busy,
      stop: async () => void did.push('stopped'),
      notice: (sentence) => void notices.push(sentence),
      ...over,
    });
    const work = (why: string | null): void => {
      busy = why;
    };
    return { clock, did, notices, source, updates, work };
  }
  const settled = () => new Promise((resolve) => setImmediate(resolve));

  it('are looked for soon after the start and then daily, and say when there is none', async () => {
    const { clock, source, updates } = start();
    clock.advance(MINUTE);
    await settled();
    expect(updates.state()).toMatchObject({ state: 'current', sentence: 'This is the newest version.' });
    clock.advance(24 * 60 * MINUTE);
    await settled();
    expect(source.check).toHaveBeenCalledTimes(2);
    updates.stop();
    expect(clock.pending()).toBe(0);
  });

  it('are fetched, wait until nothing has run for a while, and install after everything was put away', async () => {
    const { clock, did, notices, updates, work } = start({ newer: '2.0.0' });
    work('a session is running.');
    clock.advance(MINUTE);
    await settled();
    expect(updates.state()).toMatchObject({ state: 'waiting', version: '2.0.0' });
    expect(notices).toEqual(['Version 2.0.0 is ready; it is installed when nothing runs.']);
    clock.advance(60 * MINUTE);
    expect(did).toEqual(['downloaded']);
    work(null);
    clock.advance(3 * MINUTE);
    work('a window of Tenure is open.');
    clock.advance(MINUTE);
    work(null);
    clock.advance(4 * MINUTE);
    expect(did).toEqual(['downloaded']);
    clock.advance(2 * MINUTE);
    await settled();
    expect(did).toEqual(['downloaded', 'stopped', 'installed']);
  });

  it('install at once when the person says so, but never under a running session', async () => {
    const { clock, did, updates, work } = start({ newer: '2.0.0' });
    expect(() => updates.install()).toThrow(/No newer version is known/);
    clock.advance(MINUTE);
    await settled();
    work('a session is running.');
    expect(() => updates.install()).toThrow('An update waits until nothing runs: a session is running.');
    work(null);
    updates.install();
    updates.install();
    await settled();
    expect(did).toEqual(['downloaded', 'stopped', 'installed']);
  });

  it('are only told of where the settings say so, and fetched when the person wants it', async () => {
    const { clock, did, notices, updates } = start({ newer: '2.0.0', mode: () => 'tell' });
    clock.advance(MINUTE);
    await settled();
    expect([did, notices]).toEqual([[], ['Version 2.0.0 is there.']]);
    clock.advance(60 * MINUTE);
    updates.install();
    await settled();
    expect(did).toEqual(['downloaded', 'stopped', 'installed']);
  });

  it('are not looked for when switched off', async () => {
    const { clock, source, updates } = start({ mode: () => 'off' });
    clock.advance(25 * 60 * MINUTE);
    expect(source.check).not.toHaveBeenCalled();
    expect(updates.state().state).toBe('off');
  });

  it('that cannot be looked for say why, and are tried again', async () => {
    const check = vi.fn<UpdateSource['check']>().mockRejectedValueOnce(new Error('net::ERR_NAME\nstack'));
    check.mockResolvedValueOnce(null);
    const { clock, updates } = start({ source: { check, download: async () => undefined, install: () => undefined } });
    clock.advance(MINUTE);
    await settled();
    expect(updates.state()).toMatchObject({
      state: 'failed',
      sentence: 'Looking for a newer version failed: net::ERR_NAME',
    });
    expect((await updates.check()).state).toBe('current');
  });

  it('are not for a checkout, an unsigned build, or one without an address', () => {
    const resources = tempDir('resources');
    expect(updateObstacle({ signed: true }, resources, 'darwin')).toMatch(/checkout/);
    app.isPackaged = true;
    expect(updateObstacle({ signed: true }, resources, 'darwin')).toMatch(/does not know where/);
    mkdirSync(resources, { recursive: true });
    writeFileSync(join(resources, 'app-update.yml'), 'provider: generic\n');
    expect(updateObstacle({ signed: false }, resources, 'darwin')).toMatch(/no Developer ID/);
    expect(updateObstacle({ signed: true }, resources, 'darwin')).toBeNull();
    const { updates } = start({ source: null, why: 'This is a checkout.' });
    expect(updates.state()).toEqual({ state: 'unsupported', version: null, sentence: 'This is a checkout.' });
  });
});
