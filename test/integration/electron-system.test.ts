import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { MessageBoxOptions } from 'electron';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createIds } from '../../src/core/adapters/ids.ts';
import { pathsOf } from '../../src/core/kernel/paths.ts';
import { openVault } from '../../src/core/kernel/vault.ts';
import { offerApplications } from '../../src/main/applications.ts';
import { hostOrFollow } from '../../src/main/begin.ts';
import { offerEditing } from '../../src/main/context-menu.ts';
import { endWith } from '../../src/main/ending.ts';
import { keyGuard } from '../../src/main/key-guard.ts';
import { createLinks } from '../../src/main/links.ts';
import { createLoginItem } from '../../src/main/login-item.ts';
import { readProgram } from '../../src/main/program.ts';
import { createShortcuts } from '../../src/main/shortcuts.ts';
import { TenureError } from '../../src/shared/errors.ts';
import { tempDir } from '../builders.ts';
import { createEngineStandIn } from '../fakes/electron/engine.ts';
import { app, BrowserWindow, Menu } from '../fakes/electron/index.ts';
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

/** The person is asked, and answers. */
const asked = async (question: MessageBoxOptions): Promise<number> => {
  dialogs.asked.push(question);
  return dialogs.answers.shift() ?? question.cancelId ?? 0;
};

describe('the place of the app', () => {
  const ask = async (answer: number) => {
    app.setPath('userData', tempDir('user-data'));
    app.isPackaged = true;
    app.inApplications = false;
    dialogs.asked.length = 0;
    dialogs.answers.push(answer);
    await offerApplications('darwin', asked);
    return dialogs.asked.length;
  };

  it('is offered to be Applications, once, and left as it is when the person does not want it', async () => {
    expect(await ask(1)).toBe(1);
    expect(app.inApplications).toBe(false);
    await offerApplications('darwin', asked);
    expect(dialogs.asked).toHaveLength(1);
    expect(await ask(0)).toBe(1);
    expect(app.inApplications).toBe(true);
  });

  it('stays what it is where macOS does not move it, and says so', async () => {
    app.refusesToMove = 'User rejected the authorization request';
    expect(await ask(0)).toBe(2);
    expect(dialogs.asked[1]?.detail).toMatch(/^User rejected the authorization request\. Tenure runs on/);
    app.refusesToMove = null;
  });

  it('is not asked about in a checkout, on another system, or where it is right already', async () => {
    dialogs.asked.length = 0;
    await offerApplications('darwin', asked);
    app.isPackaged = true;
    app.inApplications = false;
    await offerApplications('linux', asked);
    app.inApplications = true;
    await offerApplications('darwin', asked);
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
    keychain.rotated = true;
    const sealed = await guard.seal(Buffer.from('key'));
    expect(await guard.open(sealed)).toEqual({ key: Buffer.from('key'), aged: true });
    keychain.rotated = false;
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

describe('the arguments', () => {
  const given = process.argv;
  afterEach(() => {
    process.argv = given;
  });

  it.each([
    ['of a checkout, behind its folder', false, ['/node_modules/electron/dist/electron', '/tenure']],
    ['of the packed app, which is its own program', true, ['/Applications/Tenure.app/Contents/MacOS/Tenure']],
  ])('%s', (_name, isPackaged, before) => {
    app.isPackaged = isPackaged;
    process.argv = [...before, '--demo', '--port', '4600'];
    expect(readProgram('/tenure/out')).toMatchObject({ demo: true, port: 4_600 });
    process.argv = before;
    expect(readProgram('/tenure/out')).toMatchObject({ demo: false, port: undefined });
  });
});

describe('beside another engine', () => {
  const taken = new TenureError('conflict', 'Tenure already runs on this data directory.');
  /** @param answers what becomes of each look: who has the folder, and whether it answers. */
  const begin = async (answers: readonly ('free' | 'begins' | 'answers')[]) => {
    let look = 0;
    const now = () => answers[Math.min(look, answers.length - 1)];
    const done: string[] = [];
    await hostOrFollow({
      async host() {
        if (now() !== 'free') throw taken;
        done.push('hosts');
      },
      async follow() {
        if (now() === 'answers') done.push('follows');
        return now() === 'answers';
      },
      async pause() {
        look += 1;
      },
    });
    return [...done, look];
  };

  it('it waits for one that has only begun, as at a login, and takes the place of one that ends', async () => {
    expect(await begin(['free'])).toEqual(['hosts', 0]);
    expect(await begin(['begins', 'begins', 'answers'])).toEqual(['follows', 2]);
    expect(await begin(['begins', 'free'])).toEqual(['hosts', 1]);
    await expect(begin(['begins'])).rejects.toBe(taken);
  });
});

describe('the end that nobody thought of', () => {
  const end = (ranMs: number) => {
    dialogs.errors.length = 0;
    app.relaunches = 0;
    const home = tempDir('ending');
    const paths = pathsOf({ env: { TENURE_HOME: home }, platform: 'darwin', home, demo: false });
    endWith({ title: 'Tenure has ended', error: new Error('a bug'), paths, at: 1, ranMs });
    return {
      boxes: dialogs.errors.length,
      relaunches: app.relaunches,
      reports: readdirSync(join(home, 'logs')).length,
    };
  };

  it('is shown to who has just started it', () => {
    expect(end(60_000)).toEqual({ boxes: 1, relaunches: 0, reports: 1 });
  });

  it('in the night waits for nobody: the program starts anew', () => {
    expect(end(3_600_000)).toEqual({ boxes: 0, relaunches: 1, reports: 1 });
  });
});

describe('a right click', () => {
  const flags = { canCut: true, canCopy: true, canPaste: false, canSelectAll: true };
  const click = (isEditable: boolean, selectionText: string) => {
    Menu.opened = null;
    offerEditing();
    const { webContents } = new BrowserWindow({ show: false });
    webContents.emit('context-menu', {}, { isEditable, selectionText, editFlags: flags });
    app.removeAllListeners();
    return (Menu.opened as Menu | null)?.template ?? null;
  };

  it('edits in a field, copies what is selected, and is nothing elsewhere', () => {
    expect(click(true, '')).toEqual([
      { role: 'cut', enabled: true },
      { role: 'copy', enabled: true },
      { role: 'paste', enabled: false },
      { role: 'selectAll', enabled: true },
    ]);
    expect(click(false, 'git commit')).toEqual([{ role: 'copy' }]);
    expect(click(false, ' ')).toBeNull();
  });
});
