import { type ChildProcess, spawn } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const checkout = join(import.meta.dirname, '..', '..');

/** Says how it was started and lives until a signal comes, like the engine. */
const HEADLESS = `
const alive = setInterval(() => {}, 1000);
for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => { console.log('ends by', signal); clearInterval(alive); });
console.log(process.env.TENURE_HEADLESS_REASON);
console.log('started', ...process.argv.slice(2));
`;

let tree: string;
let children: ChildProcess[];

const put = (path: string, text: string): void => {
  mkdirSync(dirname(join(tree, path)), { recursive: true });
  writeFileSync(join(tree, path), text);
};
const program = (path: string, text: string): void => {
  put(path, `#!/bin/sh\n${text}\n`);
  chmodSync(join(tree, path), 0o755);
};

/** The smallest checkout that builds: the real scripts and configuration around entries of a few lines. */
beforeEach(() => {
  tree = mkdtempSync(join(tmpdir(), 'tenure-start-'));
  children = [];
  for (const name of [
    'bin',
    'scripts',
    'package.json',
    'package-lock.json',
    'tsconfig.json',
    'electron.vite.config.ts',
  ]) {
    cpSync(join(checkout, name), join(tree, name), { recursive: true });
  }
  for (const name of ['better-sqlite3', 'electron-vite', '@tailwindcss', '@vitejs', 'vite']) {
    mkdirSync(join(tree, 'node_modules'), { recursive: true });
    symlinkSync(join(checkout, 'node_modules', name), join(tree, 'node_modules', name));
  }
  put('node_modules/electron/package.json', '{"name":"electron","version":"45.4.1"}');
  put('src/headless/index.ts', HEADLESS);
  put('src/cli/index.ts', "console.log('cli');");
  put('src/main/index.ts', "console.log('main');");
  put('src/preload/index.ts', "console.log('preload');");
  put('src/renderer/index.html', '<!doctype html><title>x</title>');
});

afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(tree, { recursive: true, force: true });
});

interface Run {
  child: ChildProcess;
  stdout(): string;
  stderr(): string;
  said(text: string): Promise<void>;
  ended: Promise<number | string | null>;
}

function run(args: readonly string[], env: Record<string, string> = {}): Run {
  const { DISPLAY: _x, WAYLAND_DISPLAY: _y, ...rest } = process.env;
  const child = spawn(process.execPath, args, {
    cwd: tree,
    env: { ...rest, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  let stdout = '';
  let stderr = '';
  const waiting = new Set<() => void>();
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
    for (const look of waiting) look();
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const ended = new Promise<number | string | null>((resolve) => {
    child.on('close', (code, signal) => resolve(code ?? signal));
  });
  const said = (text: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        if (stdout.includes(text)) resolve();
      };
      waiting.add(look);
      look();
      void ended.then(() => reject(new Error(`It ended without saying "${text}": ${stdout}${stderr}`)));
    });
  return { child, stdout: () => stdout, stderr: () => stderr, said, ended };
}

const start = (args: readonly string[] = [], env?: Record<string, string>): Run =>
  run(['scripts/start.mjs', ...args], env);

describe.runIf(process.platform === 'linux')('npm start', () => {
  test('without a display: builds once, says why it is headless, passes the flags, ends by a signal', async () => {
    const first = start(['--demo', '--port', '0']);
    await first.said('started');
    expect(first.stderr()).toBe('Building Tenure …\n');
    expect(first.stdout()).toBe(
      'Running headless: there is no display (neither DISPLAY nor WAYLAND_DISPLAY is set).\nstarted --demo --port 0\n',
    );
    first.child.kill('SIGTERM');
    expect(await first.ended).toBe(0);
    expect(first.stdout()).toContain('ends by SIGTERM');

    const second = start(['--headless']);
    await second.said('started');
    expect(second.stderr()).toBe('');
    expect(second.stdout()).toBe('Running headless: you asked for it (--headless).\nstarted\n');
    second.child.kill('SIGINT');
    expect(await second.ended).toBe(0);
  });

  test('wrong usage is exit code 2 and builds nothing', async () => {
    for (const args of [
      ['--prot', '1'],
      ['--port', '70000'],
      ['--port', 'x'],
    ]) {
      const wrong = start(args);
      expect(await wrong.ended).toBe(2);
      expect(wrong.stderr()).toContain('Usage: npm start --');
    }
    expect(existsSync(join(tree, 'out'))).toBe(false);
  });

  describe('with a display', () => {
    // Electron's sandbox does not run as root, but tests often do.
    const env = { DISPLAY: ':0', NODE_OPTIONS: '--import=data:text/javascript,process.getuid=()=>1000' };
    const binary = 'node_modules/electron/dist/electron';

    test('runs Electron with the flags, passes signals to it and takes over how it ended', async () => {
      put('node_modules/electron/path.txt', 'electron');
      program(binary, 'echo "electron $*"; [ "$2" = --demo ] || exit 0; exec sleep 60');
      const app = start(['--demo'], env);
      await app.said(`electron ${tree} --demo\n`);
      app.child.kill('SIGTERM');
      expect(await app.ended).toBe(128 + 15);
      const quit = start([], env);
      expect(await quit.ended).toBe(0);
      expect(quit.stdout()).toBe(`electron ${tree}\n`);
    });

    test('an Electron that cannot start falls back to headless with the reason', async () => {
      put('node_modules/electron/path.txt', 'electron');
      program(binary, 'exit 127');
      const fallen = start([], env);
      await fallen.said('started');
      expect(fallen.stdout()).toContain('Running headless: Electron ended at once (exit code 127).');
    });

    test('a download that fails is said, and not tried again at the next start', async () => {
      put('node_modules/electron/install.js', "console.error('getaddrinfo ENOTFOUND github.com'); process.exit(1);");
      const first = start([], env);
      await first.said('started');
      expect(first.stderr()).toBe('Building Tenure …\nDownloading Electron …\n');
      expect(first.stdout()).toContain("Electron's binary could not be downloaded (getaddrinfo ENOTFOUND github.com)");
      const second = start([], env);
      await second.said('started');
      expect(second.stderr()).toBe('');
      expect(second.stdout()).toContain("Electron's binary could not be downloaded lately");
    });

    test('as root it is headless', async () => {
      const root = start([], { ...env, NODE_OPTIONS: '--import=data:text/javascript,process.getuid=()=>0' });
      await root.said('started');
      expect(root.stdout()).toContain("Running headless: Electron's sandbox does not run as root.");
    });
  });
});

describe('the build', () => {
  const build = (): Run => run(['scripts/build.mjs']);
  const builtHeadless = (): string => readFileSync(join(tree, 'out/main/headless.js'), 'utf8');

  test('several at once leave one whole build', async () => {
    const several = [start(['--headless']), start(['--headless']), start(['--headless'])];
    await Promise.all(several.map((one) => one.said('started')));
    expect(readdirSync(join(tree, 'out')).toSorted()).toEqual(['.lock', '.stamp', 'main', 'preload', 'renderer']);
  });

  test('a changed source builds anew; one that does not build keeps the old and is exit code 1', async () => {
    expect(await build().ended).toBe(0);
    put('src/headless/index.ts', "console.log('newer');");
    expect(await build().ended).toBe(0);
    expect(builtHeadless()).toContain('newer');
    put('src/headless/index.ts', "import './nowhere.ts';");
    const broken = build();
    expect(await broken.ended).toBe(1);
    expect(broken.stderr()).toContain('The build failed.');
    expect(broken.stderr()).toContain('./nowhere.ts');
    expect(builtHeadless()).toContain('newer');
  });

  test('one that was killed in the middle stands in nobody’s way', async () => {
    const killed = build();
    const folders = (): string[] => (existsSync(join(tree, 'out')) ? readdirSync(join(tree, 'out')) : []);
    await expect.poll(folders, { timeout: 20_000, interval: 10 }).toContain(`.next-${killed.child.pid}`);
    killed.child.kill('SIGKILL');
    await killed.ended;
    expect(folders()).not.toContain('.stamp');
    const next = start(['--headless']);
    await next.said('started');
    expect(folders()).toEqual(expect.arrayContaining(['.stamp', 'main', 'preload', 'renderer']));
  });
});

test('tenure runs from its sources before the first build, then from the build', async () => {
  const cli = async (): Promise<string> => {
    const one = run(['bin/tenure.mjs']);
    expect(await one.ended).toBe(0);
    return one.stdout();
  };
  expect(await cli()).toBe('cli\n');
  expect(await run(['scripts/build.mjs']).ended).toBe(0);
  put('src/cli/index.ts', "console.log('a newer cli');");
  expect(await cli()).toBe('cli\n');
});

describe('a Node too old', () => {
  const old = {
    NODE_OPTIONS:
      "--import=data:text/javascript,Object.defineProperty(process,'versions',{value:{...process.versions,node:'16.20.2'}})",
  };
  const bundled = `node_modules/${process.platform === 'darwin' ? 'node-bin-darwin' : 'node-linux'}-${process.arch}/bin/node`;

  test('hands over to the one that came with the installation, with its exit code', async () => {
    program(bundled, 'echo "bundled $2"; command -v node; exit 7');
    const handed = start(['--demo'], old);
    expect(await handed.ended).toBe(7);
    // The tools that it starts in turn get the same one.
    expect(handed.stdout()).toBe(`bundled --demo\n${join(tree, bundled)}\n`);
  });

  test('without one: one clear sentence', async () => {
    const alone = start([], old);
    expect(await alone.ended).toBe(1);
    expect(alone.stderr()).toBe(
      'Tenure needs Node 24 or newer, but this is Node 16.20.2 and none came with the installation: install Node 24 from https://nodejs.org.\n',
    );
    rmSync(join(tree, 'node_modules'), { recursive: true });
    const bare = start([], old);
    expect(await bare.ended).toBe(1);
    expect(bare.stderr()).toMatch(/: run "npm ci" in this folder first\.\n$/);
  });

  test('one that does not run on this machine is told as well', async () => {
    put(bundled, 'not a program');
    const foreign = start([], old);
    expect(await foreign.ended).toBe(1);
    expect(foreign.stderr()).toMatch(/and the bundled one does not start \(.*EACCES.*\): install Node 24/);
  });
});
