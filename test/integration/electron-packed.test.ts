import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire, isBuiltin } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { tempDir } from '../builders.ts';
import { ensureProgram } from '../fakes/electron/drive.ts';

const root = join(import.meta.dirname, '../..');
const builder = createRequire(createRequire(import.meta.url).resolve('electron-builder'));
const asar = builder('@electron/asar') as {
  listPackage(archive: string, options: { isPack: boolean }): string[];
  extractAll(archive: string, into: string): void;
};
const { getCurrentFuseWire, FuseV1Options } = builder('@electron/fuses') as {
  getCurrentFuseWire(binary: string): Promise<Record<string, number>>;
  FuseV1Options: Record<string, number | string>;
};
/** As `@electron/fuses` writes them. */
const [OFF, ON] = [48, 49];

/**
 * electron-builder itself packs the real build for this Linux, around an Electron whose binary is only a place
 * for the fuses: what is in the archive, what lies beside it, and how the fuses stand are the real thing.
 */
const dir = tempDir('packed');
const output = join(dir, 'dist');
const resources = join(
  output,
  process.arch === 'x64' ? 'linux-unpacked' : `linux-${process.arch}-unpacked`,
  'resources',
);
const FUSES = `dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX\u0001\u0008${'1'.repeat(8)}`;

let files: string[];

describe.skipIf(process.platform !== 'linux')('the packed app', () => {
  beforeAll(async () => {
    await ensureProgram();
    const electron = join(dir, 'electron');
    mkdirSync(join(electron, 'resources'), { recursive: true });
    for (const name of ['LICENSE', 'LICENSES.chromium.html', 'chrome-sandbox', 'chrome_crashpad_handler']) {
      writeFileSync(join(electron, name), '');
    }
    writeFileSync(join(electron, 'version'), '45.4.1');
    writeFileSync(join(electron, 'electron'), `#!/bin/sh\n${FUSES}`, { mode: 0o755 });
    const script = `
      import { build, Platform } from '${pathToFileURL(join(root, 'node_modules/electron-builder/out/index.js')).href}';
      import { configFor } from '${pathToFileURL(join(root, 'electron-builder.config.ts')).href}';
      const config = { ...configFor({}), electronDist: ${JSON.stringify(electron)} };
      config.directories = { ...config.directories, output: ${JSON.stringify(output)} };
      await build({ projectDir: ${JSON.stringify(root)}, publish: 'never', targets: Platform.LINUX.createTarget('dir'), config });`;
    execFileSync(process.execPath, ['--input-type=module', '-e', script], { stdio: 'pipe', cwd: root });
    files = asar.listPackage(join(resources, 'app.asar'), { isPack: false });
  }, 240_000);

  it('holds the build, the icons of the menubar and what they need, and nothing else of the project', () => {
    const own = files.filter((file) => !file.startsWith('/node_modules'));
    expect(own).toEqual(expect.arrayContaining(['/out/main/index.js', '/out/preload/index.cjs', '/package.json']));
    expect(own).toContain('/resources/tray/needs-youTemplate@2x.png');
    const folders = new Set(own.map((file) => file.split('/').slice(1, 3).join('/')));
    const wanted = ['out', 'out/main', 'out/preload', 'out/renderer', 'package.json', 'resources', 'resources/tray'];
    expect([...folders].toSorted()).toEqual(wanted);
  });

  it('holds of the libraries those that the build has not taken in', () => {
    const packages = files.flatMap(
      (file) => /^\/node_modules\/((?:@[^/]+\/)?[^/]+)\/package\.json$/.exec(file)?.[1] ?? [],
    );
    const build = globSync('out/main/**/*.js', { cwd: root }).map((file) => readFileSync(join(root, file), 'utf8'));
    const asked = build.flatMap((code) =>
      [...code.matchAll(/(?:from|import\()[`'"]([a-z@][^`'":]*)[`'"]/g)].map(([, name = '']) => name),
    );
    const isLibrary = (name: string): boolean => !isBuiltin(name) && existsSync(join(root, 'node_modules', name));
    const needed = [...new Set(asked)].filter((name) => name !== 'electron' && isLibrary(name)).toSorted();
    expect(needed).toEqual(['better-sqlite3', 'electron-updater', 'systeminformation']);
    expect(packages).toEqual(expect.arrayContaining(needed));
    for (const taken of ['hono', 'zod', 'pino', 'date-fns', 'node-addon-api']) expect(packages).not.toContain(taken);
  });

  it('holds one native library, the one of this machine, outside of the archive; no agent and no Node', () => {
    const native = files.filter((file) => file.endsWith('.node'));
    expect(native).toEqual([`/node_modules/better-sqlite3/prebuilds/linux-${process.arch}.node`]);
    expect(globSync('app.asar.unpacked/**/*.node', { cwd: resources })).toEqual([`app.asar.unpacked${native[0]}`]);
    expect(files.filter((file) => /claude|anthropic|node-linux|node-bin|\/electron\//.test(file))).toEqual([]);
  });

  it('comes with its licence and those of others', () => {
    for (const name of ['LICENSE', 'THIRD_PARTY_NOTICES.md']) {
      expect(readFileSync(join(resources, name), 'utf8')).toBe(readFileSync(join(root, name), 'utf8'));
    }
  });

  it('has its fuses as they were decided', async () => {
    const wire = await getCurrentFuseWire(join(resources, '..', 'tenure-app'));
    const states = Object.entries(FuseV1Options).flatMap(([name, index]) =>
      typeof index === 'number' ? [[name, wire[index]]] : [],
    );
    expect(Object.fromEntries(states)).toEqual({
      RunAsNode: OFF,
      EnableCookieEncryption: OFF,
      EnableNodeOptionsEnvironmentVariable: OFF,
      EnableNodeCliInspectArguments: OFF,
      EnableEmbeddedAsarIntegrityValidation: ON,
      OnlyLoadAppFromAsar: ON,
      LoadBrowserProcessSpecificV8Snapshot: OFF,
      GrantFileProtocolExtraPrivileges: OFF,
    });
  });

  it('has everything that it needs to run: its engine starts from what was packed alone', async () => {
    const unpacked = join(dir, 'unpacked');
    asar.extractAll(join(resources, 'app.asar'), unpacked);
    cpSync(join(resources, 'app.asar.unpacked'), unpacked, { recursive: true });
    expect(JSON.parse(readFileSync(join(unpacked, 'package.json'), 'utf8'))).toMatchObject({ signed: false });
    const env = {
      PATH: process.env['PATH'],
      HOME: dir,
      TENURE_HOME: join(dir, 'home'),
      TENURE_OWNER_TOKEN: 'a-token-of-a-test',
    };
    const engine = spawn(process.execPath, [join(unpacked, 'out/main/headless.js'), '--port', '0'], { env, cwd: dir });
    const ended = once(engine, 'exit');
    try {
      let said = '';
      for await (const chunk of engine.stdout) {
        said += String(chunk);
        if (said.includes('/login?code=')) break;
      }
      expect(said).toMatch(/Open http:\/\/127\.0\.0\.1:\d+\/login\?code=/);
    } finally {
      engine.kill('SIGTERM');
      await ended;
    }
    // The updater is loaded only in a packed app; here it is only seen that it is whole.
    const updater = createRequire(join(unpacked, 'package.json')).resolve('electron-updater/out/AppImageUpdater.js');
    expect(readFileSync(updater, 'utf8')).toContain('class AppImageUpdater');
  });
});
