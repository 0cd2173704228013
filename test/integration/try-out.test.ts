import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { createClock } from '../../src/core/adapters/clock.ts';
import { createAgentEnvironment } from '../../src/core/adapters/shell-env.ts';
import { createSpawner } from '../../src/core/adapters/spawner.ts';
import { createClaudeDriver } from '../../src/core/drivers/claude/driver.ts';
import { Config } from '../../src/shared/config.ts';
import { tempDir } from '../builders.ts';
import { type ApiRequest, type MessagesApi, say, startMessagesApi, type Turn } from '../fakes/messages-api.ts';
import { CLI } from '../fakes/real-claude.ts';

/* The cheap check that proves whether a limit is over, with the real CLI. */
let api: MessagesApi;
afterEach(() => api.close());

async function driverWith(aside: (request: ApiRequest) => Turn, extra: Record<string, string | undefined> = {}) {
  api = await startMessagesApi([], aside);
  const home = tempDir('try-out');
  const env = Object.entries({ ...api.env(home), ...extra }).filter(
    (pair): pair is [string, string] => pair[1] !== undefined,
  );
  const spawner = createSpawner();
  const environment = createAgentEnvironment({
    spawner,
    env: { PATH: process.env.PATH, HOME: home },
    platform: process.platform,
    config: () => Config.parse({ claude: { command: CLI, env: Object.fromEntries(env) } }).claude,
  });
  return { home, driver: createClaudeDriver({ spawner, clock: createClock(), environment }) };
}

test('it asks one small question without tools, runs nobody’s hooks and keeps nothing', async () => {
  const { home, driver } = await driverWith(() => say('ok'));
  mkdirSync(join(home, '.claude'));
  const hook = { hooks: [{ type: 'command', command: `touch ${join(home, 'hooked')}` }] };
  writeFileSync(
    join(home, '.claude', 'settings.json'),
    JSON.stringify({ hooks: { SessionStart: [hook], Stop: [hook] } }),
  );
  expect(await driver.tryOut('haiku')).toMatchObject({ kind: 'completed' });
  expect(api.requests).toEqual([]);
  expect(api.sideRequests).toHaveLength(1);
  const [asked] = api.sideRequests;
  expect(asked?.model).toContain('haiku');
  expect(asked?.tools).toEqual([]);
  expect(JSON.stringify([asked?.system, asked?.messages]).length).toBeLessThan(4_000);
  expect(existsSync(join(home, 'hooked'))).toBe(false);
  const records = join(home, '.claude', 'projects');
  expect(
    existsSync(records)
      ? readdirSync(records, { recursive: true }).filter((name) => String(name).endsWith('.jsonl'))
      : [],
  ).toEqual([]);
});

test('a limit that is still there, with the new time', async () => {
  const resets = Math.ceil(Date.now() / 1_000) + 7_200;
  const headers = {
    'retry-after': '7200',
    'anthropic-ratelimit-unified-status': 'rejected',
    'anthropic-ratelimit-unified-reset': String(resets),
    'anthropic-ratelimit-unified-representative-claim': 'five_hour',
  };
  const subscribed = { ANTHROPIC_API_KEY: undefined, CLAUDE_CODE_OAUTH_TOKEN: 'sk-ant-oat01-test' };
  const refuse = (): Turn => ({ status: 429, errorType: 'rate_limit_error', message: 'no', headers });
  const { driver } = await driverWith(refuse, subscribed);
  expect(await driver.tryOut(null)).toMatchObject({ kind: 'quota', resetsAt: resets * 1_000 });
});

test('a login that was lost meanwhile, and a model that is gone', async () => {
  const lost = await driverWith(() => say('ok'), { ANTHROPIC_API_KEY: undefined });
  expect(await lost.driver.tryOut(null)).toMatchObject({ kind: 'auth_required' });
  await api.close();
  const gone = await driverWith(() => ({ status: 404, errorType: 'not_found_error', message: 'model: nope' }));
  expect(await gone.driver.tryOut('nope')).toMatchObject({ kind: 'model_not_found' });
});

test('it is called off when Tenure stops, and no process of it is left', async () => {
  const { driver } = await driverWith(() => ({ ...say('ok'), waitMs: 600_000 }));
  const off = new AbortController();
  const asked = driver.tryOut('haiku', off.signal);
  await expect.poll(() => api.sideRequests.length, { timeout: 20_000 }).toBe(1);
  off.abort();
  expect((await asked).kind).not.toBe('completed');
});
