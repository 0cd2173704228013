import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { NotRunning } from '../../src/cli/engine.ts';
import type { ServiceDoors } from '../../src/cli/service/control.ts';
import { launchAgent, type ServicePlan, systemdUnit } from '../../src/cli/service/files.ts';
import type { Cli } from '../../src/cli/verb.ts';
import { serviceVerbs } from '../../src/cli/verbs/service.ts';
import { pathsOf } from '../../src/core/kernel/paths.ts';
import { tempDir } from '../builders.ts';
import { snapshot } from '../fakes/electron/engine.ts';

const golden = (name: string): string => readFileSync(join(import.meta.dirname, '../fixtures/service', name), 'utf8');

const plan: ServicePlan = {
  node: '/Users/ada & co/Node 24/bin/node',
  script: '/Users/ada & co/100% "Tenure"/scripts/start.mjs',
  root: '/Users/ada & co/100% "Tenure"',
  env: { PATH: '/usr/bin:/bin:/opt/$HOME\\x', TENURE_HOME: '/Volumes/Big Disk/tenure' },
  logsDir: '/Users/ada & co/Library/Logs/Tenure',
};

describe('the files', () => {
  test('a LaunchAgent, also for paths with spaces and signs', () => {
    expect(launchAgent(plan)).toBe(golden('dev.tenure.daemon.plist'));
  });

  test('a systemd unit, also for paths with spaces and signs', () => {
    expect(systemdUnit(plan)).toBe(golden('tenure.service'));
  });

  test('systemd itself finds nothing wrong with it', ({ skip }) => {
    if (!existsSync('/usr/bin/systemd-analyze')) skip();
    const dir = join(tempDir('unit'), 'a b');
    mkdirSync(dir);
    const file = join(dir, 'tenure.service');
    writeFileSync(file, systemdUnit({ ...plan, node: process.execPath, root: dir, logsDir: dir }));
    const { status, stderr } = spawnSync('/usr/bin/systemd-analyze', ['--user', '--man=no', 'verify', file], {
      env: { XDG_RUNTIME_DIR: dir, HOME: dir },
      encoding: 'utf8',
    });
    expect([status, stderr.split('\n').filter((line) => line.includes(file))]).toEqual([0, []]);
  });

  test('refuse what would begin a line of its own', () => {
    const evil = { ...plan, env: { PATH: '/bin\nExecStartPre=/bin/evil' } };
    expect(() => systemdUnit(evil)).toThrow(/control character/);
    expect(() => launchAgent(evil)).toThrow(/control character/);
  });
});

/** Stands in for launchctl and systemctl: one state file, the words of the real ones, every call noted. */
const MANAGER = `#!/bin/sh
here=$(dirname "$0")
echo "$(basename "$0") $*" >> "$here/calls"
[ -f "$here/broken" ] && { echo "Bootstrap failed: 5: Input/output error" >&2; exit 5; }
case "$1 $2" in
  "print "*) [ -f "$here/loaded" ] || { echo "Could not find service" >&2; exit 113; }
    printf 'gui/501/dev.tenure.daemon = {\\n\\tstate = running\\n\\n\\tpid = 4711\\n}\\n' ;;
  "bootstrap "*|"--user restart") touch "$here/loaded" ;;
  "bootout "*|"--user disable") rm -f "$here/loaded" ;;
  "--user show") if [ -f "$here/loaded" ]; then printf 'MainPID=4711\\nActiveState=active\\nExecMainStatus=0\\n'
    else printf 'MainPID=0\\nActiveState=inactive\\nExecMainStatus=0\\n'; fi ;;
esac
`;

describe.each(['darwin', 'linux'] as const)('tenure service on %s', (platform) => {
  let home: string;
  let bin: string;
  let engine: { pid: number } | null;

  beforeEach(() => {
    home = join(tempDir('service'), 'Ada Lovelace');
    bin = join(home, 'bin');
    engine = null;
    mkdirSync(bin, { recursive: true });
    for (const name of ['launchctl', 'systemctl']) {
      writeFileSync(join(bin, name), MANAGER);
      chmodSync(join(bin, name), 0o755);
    }
  });

  const env = { PATH: '/usr/bin', TENURE_OWNER_TOKEN: 'a-secret-that-is-nobodys', SHELL: '/bin/zsh' };
  const paths = () => pathsOf({ env: {}, platform, home, demo: false });
  const startedOnce = (): void => {
    mkdirSync(paths().dataDir, { recursive: true });
    writeFileSync(join(paths().dataDir, 'tenure.db'), 'what Tenure knows');
  };
  async function tenure(verb: 'install' | 'status' | 'remove') {
    const doors: ServiceDoors = {
      platform,
      env,
      home,
      uid: 501,
      node: '/opt/node 24/bin/node',
      root: '/opt/Tenure app',
      run: (command, args) =>
        new Promise((resolve) =>
          execFile(join(bin, command), [...args], (error, stdout, stderr) =>
            resolve({ exitCode: error === null ? 0 : Number(error.code), stdout, stderr }),
          ),
        ),
    };
    const call = async (): Promise<unknown> => {
      if (engine === null) throw new NotRunning('It is not running.');
      return { ...snapshot(), engine: { ...snapshot().engine, ...engine } };
    };
    const cli = { paths: paths(), call } as unknown as Cli;
    const found = serviceVerbs(doors).find(({ name }) => name === `service ${verb}`);
    return found!.run(cli, [], {});
  }
  const file = () =>
    platform === 'darwin'
      ? join(home, 'Library/LaunchAgents/dev.tenure.daemon.plist')
      : join(home, '.config/systemd/user/tenure.service');
  const calls = (): string => readFileSync(join(bin, 'calls'), 'utf8');

  test('installs, says how it stands, and is removed without the data', async () => {
    startedOnce();
    expect((await tenure('status')).json).toMatchObject({ installed: false, state: 'stopped' });
    expect((await tenure('install')).json).toEqual({ file: file() });
    const text = readFileSync(file(), 'utf8');
    expect(text).toContain('/opt/Tenure app/scripts/start.mjs');
    expect(text).toContain('/usr/bin');
    expect(text).not.toMatch(/a-secret|TENURE_OWNER_TOKEN|zsh/);
    expect(calls()).toContain(platform === 'darwin' ? `bootstrap gui/501 ${file()}` : '--user enable tenure.service');
    expect(await tenure('status')).toMatchObject({
      json: { installed: true, state: 'running', pid: 4711, sentence: 'It runs as process 4711.' },
      exitCode: 0,
    });
    // Again, after an update for example: taken up anew, still one.
    await tenure('install');
    expect((await tenure('remove')).json).toMatchObject({ removed: true });
    expect(existsSync(file())).toBe(false);
    expect(existsSync(join(bin, 'loaded'))).toBe(false);
    expect(readFileSync(join(paths().dataDir, 'tenure.db'), 'utf8')).toBe('what Tenure knows');
    expect((await tenure('remove')).json).toMatchObject({ removed: false });
  });

  test('never makes a second engine', async () => {
    startedOnce();
    engine = { pid: 12 };
    await expect(tenure('install')).rejects.toThrow(/runs already, as process 12 \(electron\): quit it first/);
    expect(existsSync(file())).toBe(false);
    engine = null;
    await tenure('install');
    engine = { pid: 4711 };
    await tenure('install');
    expect(existsSync(file())).toBe(true);
  });

  test('wants a first start by hand, because it shows the owner token', async () => {
    await expect(tenure('install')).rejects.toThrow(/Start Tenure once with "npm start"/);
    expect(existsSync(file())).toBe(false);
  });

  test('leaves nothing behind when the system refuses, and says why in its words', async () => {
    startedOnce();
    writeFileSync(join(bin, 'broken'), '');
    await expect(tenure('install')).rejects.toThrow(/Input\/output error/);
    expect(existsSync(file())).toBe(false);
  });

  test('says that it does not run where it should', async () => {
    startedOnce();
    await tenure('install');
    execFileSync('rm', [join(bin, 'loaded')]);
    expect(await tenure('status')).toMatchObject({ json: { installed: true, state: 'stopped' }, exitCode: 1 });
  });
});
