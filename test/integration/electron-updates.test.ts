import { EventEmitter } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { packedUpdateSource, triedIn, updateObstacle } from '../../src/main/update-source.ts';
import { createUpdates, type UpdateOptions, type UpdateSource } from '../../src/main/updates.ts';
import { tempDir } from '../builders.ts';
import { createFakeClock } from '../fakes/clock.ts';
import { app, autoUpdater } from '../fakes/electron/index.ts';

vi.mock('electron', () => import('../fakes/electron/index.ts'));
vi.mock('electron-updater', () => ({ default: { autoUpdater: packed } }));

/** As electron-updater answers, which knows its way only inside of Electron. */
const packed = Object.assign(new EventEmitter(), {
  autoInstallOnAppQuit: true,
  installed: [] as unknown[][],
  checkForUpdates: async () => ({ isUpdateAvailable: true, updateInfo: { version: '2.0.0' } }),
  downloadUpdate: async () => [],
  quitAndInstall: (...how: unknown[]) => void packed.installed.push(how),
});

beforeEach(async () => {
  await app.whenReady();
});
afterEach(() => {
  app.removeAllListeners();
  app.isPackaged = false;
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
      again: () => void did.push('started again'),
      tried: triedIn(tempDir('user-data')),
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

  it('that do not let themselves be installed cost one restart, and are then left to the person', async () => {
    const tried = triedIn(tempDir('user-data'));
    const first = start({ newer: '2.0.0', tried });
    first.clock.advance(MINUTE);
    await settled();
    first.updates.install();
    await settled();
    first.clock.advance(MINUTE);
    expect(first.did).toEqual(['downloaded', 'stopped', 'installed', 'started again']);

    const second = start({ newer: '2.0.0', tried });
    second.clock.advance(30 * MINUTE);
    await settled();
    expect(second.did).toEqual([]);
    expect(second.updates.state()).toMatchObject({ state: 'failed', version: '2.0.0' });
    expect(second.notices).toEqual([expect.stringContaining('install it by hand')]);
    second.updates.install();
    await settled();
    expect(second.did).toEqual(['downloaded', 'stopped', 'installed']);

    const third = start({ newer: '2.0.1', tried });
    third.clock.advance(MINUTE);
    await settled();
    expect(third.did).toEqual(['downloaded']);
  });

  describe('of the packed app', () => {
    afterEach(() => {
      packed.removeAllListeners();
      autoUpdater.removeAllListeners();
    });

    it('on a Mac are there only once the system has taken what was fetched', async () => {
      const source = await packedUpdateSource('darwin');
      expect(await source.check()).toBe('2.0.0');
      let taken = false;
      const download = source.download().then(() => (taken = true));
      await settled();
      expect(taken).toBe(false);
      autoUpdater.emit('update-downloaded');
      await download;
      expect(autoUpdater.listenerCount('error')).toBe(0);
    });

    it.each([
      ['refuses', 'error', new Error('Code signature did not pass validation')],
      ['finds nothing in', 'update-not-available', undefined],
    ])('fail while everything still runs where the Mac %s what was fetched', async (_what, event, error) => {
      const source = await packedUpdateSource('darwin');
      const { clock, did, updates } = start({ source });
      clock.advance(MINUTE);
      await settled();
      autoUpdater.emit(event, error);
      await settled();
      expect(updates.state().state).toBe('failed');
      clock.advance(60 * MINUTE);
      expect(did).toEqual([]);
    });

    it('on Linux wait for nobody, and never install at a quit, which could ask for a password', async () => {
      const source = await packedUpdateSource('linux');
      await source.download();
      expect(packed.autoInstallOnAppQuit).toBe(false);
      source.install();
      expect(packed.installed).toEqual([[false, true]]);
    });
  });
});
