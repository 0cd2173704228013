import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { configFor } from '../../electron-builder.config.ts';
import { tempDir } from '../builders.ts';
import { ensureProgram, type Program, startProgram } from '../fakes/electron/drive.ts';

/**
 * Electron's own security checklist, item by item, asked of the built program: of its files, of the windows
 * that it makes, and of what it answers. Then the fuses of the packed one.
 */
const root = join(import.meta.dirname, '../..');
const ORIGIN = 'tenure://app';
const built = (pattern: string): [file: string, text: string][] =>
  globSync(pattern, { cwd: join(root, 'out') }).map((file) => [file, readFileSync(join(root, 'out', file), 'utf8')]);
/** The built files in which a text stands. A pattern that fits none of them would find nothing in anything. */
function holding(pattern: string, text: RegExp): string[] {
  const files = built(pattern);
  expect(files.length, pattern).toBeGreaterThan(0);
  return files.flatMap(([file, code]) => (text.test(code) ? [file] : []));
}

let program: Program;
let windows: number[];

beforeAll(async () => {
  await ensureProgram();
  const home = tempDir('hardening');
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: home,
    TENURE_HOME: home,
    TENURE_OWNER_TOKEN: 'a-token-of-a-test',
  };
  program = startProgram(['--port', '0'], env);
  await program.until((look) => look.tray?.icon === 'idleTemplate.png', 'started');
  await program.person.chooseInTray('Open window');
  const look = await program.until((now) => now.windows.length === 2, 'the popover and the window');
  windows = look.windows.map(({ id }) => id);
}, 180_000);
afterAll(() => program?.kill());

const ofEach = async <T>(ask: (id: number) => Promise<T>): Promise<T[]> => Promise.all(windows.map(ask));
const preferences = () => ofEach((id) => program.person.preferencesOf(id));

describe("Electron's checklist", () => {
  it('1. only secure content is loaded: our own pages, which name no other address', async () => {
    const look = await program.person.look();
    for (const { url } of look.windows) expect(url.startsWith(`${ORIGIN}/`)).toBe(true);
    expect(look.schemes).toEqual(['tenure']);
    const html = readFileSync(join(root, 'out/renderer/index.html'), 'utf8');
    const addresses = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, address]) => address);
    expect(addresses.length).toBeGreaterThan(2);
    for (const address of addresses) expect(address).toMatch(/^\.\/assets\//);
    expect(holding('renderer/**/*.css', /url\(\s*['"]?(?:https?:)?\/\//)).toEqual([]);
  });

  it('2. no page has Node', async () => {
    for (const made of await preferences()) {
      expect(made).toMatchObject({ nodeIntegration: false });
      expect(made.nodeIntegrationInWorker ?? false).toBe(false);
      expect(made.nodeIntegrationInSubFrames ?? false).toBe(false);
    }
  });

  it('3. every page has a world of its own', async () => {
    for (const made of await preferences()) expect(made.contextIsolation).toBe(true);
  });

  it('4. every process is in the sandbox', async () => {
    expect((await program.person.look()).sandboxed).toBe(true);
    for (const made of await preferences()) expect(made.sandbox).toBe(true);
    expect(holding('main/**/*.js', /no-sandbox|disable-setuid-sandbox/)).toEqual([]);
  });

  it('5. permissions are asked of us, and only writing to the clipboard is given', async () => {
    const all = ['media', 'geolocation', 'notifications', 'midi', 'clipboard-read', 'clipboard-sanitized-write'];
    const more = ['openExternal', 'fileSystem', 'display-capture', 'hid', 'serial', 'usb', 'pointerLock', 'fullscreen'];
    expect(await program.person.granted([...all, ...more])).toEqual(['clipboard-sanitized-write']);
  });

  it('6. web security is on', async () => {
    for (const made of await preferences()) expect(made.webSecurity).toBe(true);
    expect(holding('main/**/*.js', /webSecurity:\s*(?:false|!1)|disable-web-security/)).toEqual([]);
  });

  it('7. every answer has a policy that lets nothing in from outside and nothing inline', async () => {
    for (const path of ['/', '/assets/none.js', '/rpc/none', '/events', '/health', '/%2e%2e/package.json']) {
      const { headers } = await program.person.respond(`${ORIGIN}${path}`);
      const policy = headers['content-security-policy'] ?? '';
      expect(policy, path).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;/);
      expect(policy, path).toMatch(/base-uri 'none'.*frame-ancestors 'none'/);
      expect(policy, path).not.toMatch(/unsafe|https?:|\*|blob:/);
    }
  });

  it('8. no insecure content is let into a page', async () => {
    for (const made of await preferences()) expect(made.allowRunningInsecureContent ?? false).toBe(false);
    expect(holding('main/**/*.js', /allowRunningInsecureContent/)).toEqual([]);
  });

  it('9. and 10. no experimental features of Chromium', async () => {
    for (const made of await preferences()) {
      expect([made.experimentalFeatures ?? false, made.enableBlinkFeatures ?? '']).toEqual([false, '']);
    }
    expect(holding('main/**/*.js', /experimentalFeatures|enableBlinkFeatures|enable-blink-features/)).toEqual([]);
  });

  it('11. and 12. nothing is embedded: no webview is there, and none could be attached', async () => {
    for (const made of await preferences()) expect(made.webviewTag ?? false).toBe(false);
    expect(holding('{main,renderer}/**/*.{js,html}', /<webview|allowpopups/)).toEqual([]);
    expect(await ofEach((id) => program.person.mayEmbed(id))).toEqual([false, false]);
  });

  it('13. pages go nowhere', async () => {
    for (const url of [
      'https://github.com/',
      `${ORIGIN}/other`,
      'file:///etc/passwd',
      'data:text/html,x',
      'http://127.0.0.1/',
    ]) {
      expect(await ofEach((id) => program.person.mayNavigate(id, url)), url).toEqual([false, false]);
    }
  });

  it('14. pages open no window', async () => {
    expect(await ofEach((id) => program.person.opensWindow(id, `${ORIGIN}/`))).toEqual(['deny', 'deny']);
    expect((await program.person.look()).windows).toHaveLength(2);
  });

  it('15. a browser opens only pages that are known, and only after asking', async () => {
    for (const url of ['https://example.com/', 'file:///etc/passwd', 'smb://host/x', 'javascript:alert(1)']) {
      await ofEach((id) => program.person.opensWindow(id, url));
    }
    expect(await program.person.opened()).toEqual([]);
    const { asked } = await program.person.look();
    expect(asked).toEqual([]);
    await program.person.opensWindow(windows[1] ?? 0, 'https://github.com/a/b');
    const { asked: now } = await program.until((look) => look.asked.length === 1, 'the person is asked');
    expect(now[0]?.detail).toBe('https://github.com/a/b');
    expect(await program.person.opened()).toEqual([]);
  });

  it('16. Electron is a version that is still cared for, pinned exactly', () => {
    const { devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    const [major = 0, minor = 0, patch = 0] = String(devDependencies.electron).split('.').map(Number);
    expect(devDependencies.electron).toMatch(/^\d+\.\d+\.\d+$/);
    // Two holes of its bridge were closed before 45.3.4 (CVE-2026-70610, CVE-2026-34780).
    expect(major * 1e6 + minor * 1e3 + patch).toBeGreaterThanOrEqual(45_003_004);
  });

  it('17. whoever speaks to the program is asked who they are, on every channel', async () => {
    const [popover = 0] = windows;
    const channels = (await program.person.channels()).filter((name) => name.startsWith('shell:'));
    expect(channels.toSorted()).toEqual(['shell:hide', 'shell:open-window', 'shell:pin']);
    await program.person.clickIcon();
    await program.until((look) => look.windows[0]?.visible === true, 'the popover is open');
    const foreign = [
      null,
      { origin: 'https://example.com', parent: null },
      { origin: 'tenure://elsewhere', parent: null },
      { origin: 'null', parent: null },
      { origin: ORIGIN, parent: { origin: ORIGIN } as never },
    ];
    for (const frame of foreign) {
      for (const channel of channels) await program.person.pageSays(popover, channel, ['#/window/settings'], frame);
    }
    const { windows: after } = await program.person.look();
    expect(after[0]?.visible).toBe(true);
    expect(after[1]?.url).not.toContain('settings');
  });

  it('17. whatever a page says, it opens a screen of ours or does nothing', async () => {
    const [popover = 0] = windows;
    const anything = fc.oneof(fc.string(), fc.constant('#/window/trust'), fc.anything({ withDate: false }));
    const plain = anything.filter((value) => {
      try {
        structuredClone(value);
        return true;
      } catch {
        return false;
      }
    });
    await fc.assert(
      fc.asyncProperty(plain, async (said) => {
        await program.person.pageSays(popover, 'shell:open-window', [said]);
      }),
      { numRuns: 200 },
    );
    const look = await program.person.look();
    expect(look.windows).toHaveLength(2);
    expect(look.windows[1]?.url).toMatch(/^tenure:\/\/app\/#\/[\w\-/%.]*$/);
    expect(look.errors).toEqual([]);
  });

  it('18. no file:// anywhere: pages come from a scheme of our own, which keeps to its folder', async () => {
    expect(holding('main/index.js', /loadFile\(|file:\/\/\//)).toEqual([]);
    for (const path of [
      '/../package.json',
      '/..%2f..%2fpackage.json',
      '/assets/..%5c..%5cpackage.json',
      '//etc/passwd',
    ]) {
      const { status } = await program.person.respond(`${ORIGIN}${path}`);
      expect(status === 404 || status === 400 || status === 200, path).toBe(true);
      const { headers } = await program.person.respond(`${ORIGIN}${path}`);
      // A path that is none of ours is at most the page itself, never a file from elsewhere.
      if (status === 200) expect(headers['content-type'], path).toMatch(/^text\/html/);
    }
    expect((await program.person.respond('tenure://elsewhere/')).status).toBe(404);
  });

  it('20. a page gets a few functions of ours, and nothing of Electron itself', () => {
    const [[, preload] = ['', '']] = built('preload/index.cjs');
    expect(preload.match(/require\("([^"]+)"\)/g)).toEqual(['require("electron")']);
    const exposed = [...preload.matchAll(/exposeInMainWorld\("(\w+)",\s*(\w+)\)/g)].map(([, name]) => name);
    expect(exposed).toEqual(['tenure']);
    const bridge = /var bridge = \{([\s\S]*?)\n\};/.exec(preload)?.[1] ?? '';
    const names = [...bridge.matchAll(/^\t(\w+):/gm)].map(([, name]) => name);
    expect(names.length).toBeGreaterThan(0);
    expect(names.length).toBeLessThanOrEqual(6);
    // What it sends, it sends on a channel that is written down; the sender itself stays inside.
    expect(bridge).not.toMatch(/ipcRenderer(?!\.(?:send|invoke)\()/);
    expect(bridge).not.toMatch(/ipcRenderer\.\w+\((?!SHELL_CHANNELS\.)/);
    expect(preload).not.toMatch(/\beval\(|new Function|remote\b/);
  });

  it('and beyond: no code is made from text in a page, and answers of the API are not kept', async () => {
    expect(holding('renderer/**/*.js', /\beval\(|\bnew Function\(|dangerouslySetInnerHTML:\s*\{/)).toEqual([]);
    const answer = await program.person.respond(`${ORIGIN}/rpc/state.snapshot`, { method: 'POST', body: '{}' });
    expect([answer.status, answer.headers['cache-control']]).toEqual([200, 'no-store']);
    const foreign = { method: 'POST', body: '{}', headers: { origin: 'https://example.com' } };
    expect((await program.person.respond(`${ORIGIN}/rpc/state.snapshot`, foreign)).status).toBe(403);
  });

  it('and beyond: developer tools are there only in a checkout', async () => {
    const source = readFileSync(join(root, 'src/main/navigation.ts'), 'utf8');
    expect(source).toContain('devTools: !app.isPackaged');
    expect(holding('main/index.js', /openDevTools|remote-debugging/)).toEqual([]);
  });
});

/** 19. What a release may not do, whatever it is started with. */
const RELEASE = configFor({
  TENURE_MAC_IDENTITY: 'Developer ID Application: Somebody (TEAM)',
  TENURE_HOMEPAGE: 'https://tenure.dev',
  TENURE_MAINTAINER: 'Ada Lovelace <ada@lovelace.dev>',
});
test.each([
  ['runAsNode', false],
  ['enableNodeOptionsEnvironmentVariable', false],
  ['enableNodeCliInspectArguments', false],
  ['enableEmbeddedAsarIntegrityValidation', true],
  ['onlyLoadAppFromAsar', true],
  ['loadBrowserProcessSpecificV8Snapshot', false],
  ['grantFileProtocolExtraPrivileges', false],
  ['enableCookieEncryption', true],
] as const)('fuse %s is %s in a release', (fuse, value) => {
  expect(RELEASE.electronFuses?.[fuse]).toBe(value);
});

test('every fuse that the packer knows is decided, and the archive that two of them guard is made', () => {
  const scheme = JSON.parse(readFileSync(join(root, 'node_modules/app-builder-lib/scheme.json'), 'utf8'));
  const known = Object.keys(scheme.definitions.FuseOptionsV1.properties).filter(
    (name) => name !== 'resetAdHocDarwinSignature',
  );
  expect(Object.keys(RELEASE.electronFuses ?? {}).toSorted()).toEqual(known.toSorted());
  expect(RELEASE.asar).toBe(true);
  expect(RELEASE.disableAsarIntegrity ?? false).toBe(false);
});
