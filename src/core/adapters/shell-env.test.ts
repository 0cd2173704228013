import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Config } from '../../shared/config.ts';
import { createAgentEnvironment } from './shell-env.ts';
import { createSpawner } from './spawner.ts';

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'tenure-env-'));
});
afterEach(() => rm(home, { recursive: true, force: true }));

const program = async (path: string, text: string): Promise<string> => {
  await mkdir(join(path, '..'), { recursive: true });
  await writeFile(path, text);
  await chmod(path, 0o755);
  return path;
};

const make = (env: Record<string, string | undefined>, claude: object = {}) =>
  createAgentEnvironment({
    spawner: createSpawner(),
    env: { HOME: home, PATH: '/usr/bin:/bin', ...env },
    platform: process.platform,
    config: () => Config.parse({ claude }).claude,
    shellLimitMs: 500,
  });

describe('the PATH', () => {
  it('is the inherited one without packages of a checkout, then the login shell’s, then well-known places', async () => {
    const shell = await program(
      join(home, 'shell'),
      '#!/bin/sh\necho "Welcome back!"\n[ "$1" = -ilc ] && PATH=/from/shell:/bin:relative:/x/node_modules/.bin sh -c "$2"\necho "Bye"\n',
    );
    const PATH = `${home}/checkout/node_modules/.bin:/usr/lib/node_modules/npm/node-gyp-bin:/usr/bin::/bin`;
    const directories = (await make({ PATH, SHELL: shell }).forCommands()).PATH?.split(':');
    expect(directories?.slice(0, 3)).toEqual(['/usr/bin', '/bin', '/from/shell']);
    expect(directories).toContain(join(home, '.local/bin'));
    expect(directories).toContain('/opt/homebrew/bin');
    expect(directories?.filter((one) => one.includes('node_modules') || !one.startsWith('/'))).toEqual([]);
    expect(new Set(directories).size).toBe(directories?.length);
  });

  it('is at hand without a wait, and whole once the login shell has said what it knows', async () => {
    const shell = await program(join(home, 'shell'), '#!/bin/sh\nPATH=/from/shell:/bin sh -c "$2"\n');
    const environment = make({ SHELL: shell });
    expect(environment.pathNow()).toMatch(/^\/usr\/bin:\/bin:.*\/opt\/homebrew\/bin/);
    expect(environment.pathNow()).not.toContain('/from/shell');
    const whole = (await environment.forCommands()).PATH;
    expect(environment.pathNow()).toBe(whole);
    expect(whole).toContain('/from/shell');
  });

  it('does without a login shell that hangs, and asks it once', async () => {
    const shell = await program(join(home, 'shell'), `#!/bin/sh\necho asked >> ${home}/log\nexec sleep 60\n`);
    const environment = make({ SHELL: shell });
    const began = performance.now();
    const [first, second] = await Promise.all([environment.forCommands(), environment.forAgent()]);
    expect(performance.now() - began).toBeLessThan(3_000);
    expect(first.PATH).toMatch(/^\/usr\/bin:\/bin:/);
    expect(second.PATH).toBe(first.PATH);
    const { stdout } = await createSpawner().run('cat', [join(home, 'log')], {
      env: { PATH: '/bin:/usr/bin' },
      timeoutMs: 5_000,
    });
    expect(stdout).toBe('asked\n');
  });
});

describe('what is passed', () => {
  const ours = {
    USER: 'kim',
    LC_ALL: 'C',
    XDG_CACHE_HOME: '/cache',
    https_proxy: 'http://proxy',
    ELECTRON_RUN_AS_NODE: '1',
    NODE_OPTIONS: '--inspect',
    CLAUDECODE: '1',
    CLAUDE_CODE_ENTRYPOINT: 'cli',
    TENURE_OWNER_TOKEN: 'secret',
    AWS_SECRET_ACCESS_KEY: 'secret',
    ANTHROPIC_API_KEY: 'sk-ant',
    SOMETHING: 'else',
  };

  it('is an allow-list, without the secrets of agents for a project’s commands', async () => {
    const { PATH: _path, ...rest } = await make(ours).forCommands();
    expect(rest).toEqual({
      HOME: home,
      USER: 'kim',
      LC_ALL: 'C',
      XDG_CACHE_HOME: '/cache',
      https_proxy: 'http://proxy',
    });
  });

  it('gives the agent what the configuration names, but never anything of Tenure’s own', async () => {
    const claude = {
      passEnv: ['ANTHROPIC_API_KEY', 'SOMETHING', 'CLAUDE_CODE_ENTRYPOINT', 'TENURE_OWNER_TOKEN', 'NOT_SET'],
      env: { CLAUDE_CODE_MAX_OUTPUT_TOKENS: '1', SOMETHING: 'new', TENURE_TOKEN: 'forged' },
    };
    const variables = await make(ours, claude).forAgent();
    expect(variables).toMatchObject({ ANTHROPIC_API_KEY: 'sk-ant', SOMETHING: 'new', CLAUDE_CODE_ENTRYPOINT: 'cli' });
    expect(variables).toHaveProperty('CLAUDE_CODE_MAX_OUTPUT_TOKENS', '1');
    expect(Object.keys(variables).filter((name) => /^TENURE_|^ELECTRON_|^NODE_|^CLAUDECODE|^AWS/.test(name))).toEqual(
      [],
    );
    expect(variables).not.toHaveProperty('NOT_SET');
  });
});

describe('find', () => {
  it('takes the first program on the PATH, never a checkout’s own', async () => {
    const own = join(home, 'checkout/node_modules/.bin');
    await program(join(own, 'claude'), '');
    const environment = make({ PATH: `${own}:/usr/bin:/bin` });
    expect(await environment.find('sh')).toMatch(/^\/(usr\/)?bin\/sh$/);
    expect(await environment.find('claude')).not.toBe(join(own, 'claude'));
    const wanted = await program(join(home, '.local/bin/claude'), '');
    expect(await environment.findClaude()).toMatchObject({ path: wanted, named: null });
  });

  it('takes a path as it is, and only a program', async () => {
    const path = await program(join(home, 'my-claude'), '');
    const environment = make({});
    expect(await environment.find(path)).toBe(path);
    const mine = make({}, { command: '~/my-claude' });
    const before = await mine.findClaude();
    expect(before).toMatchObject({ path, named: '~/my-claude' });
    expect(await mine.findClaude()).toEqual(before);
    await program(path, 'echo another');
    expect((await mine.findClaude()).stamp).not.toBe(before.stamp);
    await chmod(path, 0o644);
    expect(await environment.find(path)).toBeNull();
    expect(await environment.find(home)).toBeNull();
    expect(await environment.find('no-such-program-anywhere')).toBeNull();
  });
});
