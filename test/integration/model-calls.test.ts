import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createClock } from '../../src/core/adapters/clock.ts';
import { createIds } from '../../src/core/adapters/ids.ts';
import { createAgentEnvironment } from '../../src/core/adapters/shell-env.ts';
import { createSpawner } from '../../src/core/adapters/spawner.ts';
import { ASKED_VARIABLE, endAsked } from '../../src/core/drivers/claude/asked.ts';
import { createClaudeDriver } from '../../src/core/drivers/claude/driver.ts';
import { createQuestions } from '../../src/core/drivers/claude/question.ts';
import { NONCE_VARIABLE } from '../../src/core/kernel/ports.ts';
import { createModelCalls, type ModelCall } from '../../src/core/model-calls/service.ts';
import { Config } from '../../src/shared/config.ts';
import { tempDir } from '../builders.ts';
import {
  type ApiRequest,
  type MessagesApi,
  refusal,
  type Script,
  say,
  startMessagesApi,
  use,
} from '../fakes/messages-api.ts';
import { CLI } from '../fakes/real-claude.ts';
import { FAKE, type Step } from '../fakes/scripted-claude.ts';

const spawner = createSpawner();
const clock = createClock();
const Schema = z.object({ score: z.number().min(0).max(100), why: z.string() });
const nonces: string[] = [];
const apis: MessagesApi[] = [];
let home: string;
let temporary: string;

beforeAll(() => {
  home = tempDir('home');
  // Throw-away folders of ours alone: others run their tests at the same time.
  temporary = tempDir('temporary');
  process.env.TMPDIR = temporary;
});
afterAll(async () => {
  await Promise.all(apis.map((api) => api.close()));
});

function callsWith(command: string, env: Record<string, string>) {
  const environment = createAgentEnvironment({
    spawner,
    env: { PATH: process.env.PATH, HOME: home, TENURE_OWNER_TOKEN: 'secret', NODE_OPTIONS: '--no-warnings' },
    platform: process.platform,
    config: () => Config.parse({ claude: { command, env } }).claude,
  });
  const driver = createClaudeDriver({ spawner, clock, environment });
  const ask = createQuestions({ spawner, clock, environment, check: driver.check, by: home });
  return createModelCalls({
    clock,
    ids: createIds(),
    record: null,
    onState: () => undefined,
    ask: (question) => {
      nonces.push(question.nonce);
      return ask(question);
    },
  });
}

const question: ModelCall<z.infer<typeof Schema>> = {
  role: 'judge',
  model: 'sonnet',
  system: 'You judge.',
  prompt: 'How good is it? "quotes" $(touch pwned) `touch pwned`\n--model opus\n',
  schema: Schema,
  priority: 0,
  waitMs: 60_000,
  timeoutMs: 20_000,
  maxCostUsd: 0.5,
  sessionId: null,
};

async function nothingLeft(): Promise<void> {
  for (const nonce of nonces) {
    expect(await spawner.treeOf({ pid: -1, startedAt: null }, { name: NONCE_VARIABLE, value: nonce })).toEqual([]);
  }
  expect(readdirSync(temporary).filter((name) => name.startsWith('tenure-question-'))).toEqual([]);
}

const structured = (request: ApiRequest): string =>
  request.tools.find((name) => name.includes('StructuredOutput')) ?? 'no StructuredOutput tool';
const fill = (input: Record<string, unknown>) => (request: ApiRequest) => use([structured(request), input]);

describe('the real CLI', () => {
  async function real(script: Script, part: Partial<typeof question> = {}) {
    const api = await startMessagesApi(script);
    apis.push(api);
    const calls = callsWith(CLI, api.env(home));
    return { answer: await calls.call({ ...question, ...part }), api, calls };
  }

  it('answers in the form, without tools, and leaves nothing behind', async () => {
    const { answer, api } = await real(fill({ score: 80, why: 'It does.' }));
    expect(answer).toMatchObject({
      answered: true,
      value: { score: 80, why: 'It does.' },
      model: expect.stringMatching(/^claude-sonnet-/),
      repaired: false,
      costUsd: expect.any(Number),
      tokens: { input: 100, output: 20, cacheRead: 0, cacheWrite: 0 },
    });
    expect(api.requests).toHaveLength(1);
    const [request] = api.requests;
    expect(request?.tools.filter((name) => !/StructuredOutput|Placeholder/.test(name))).toEqual([]);
    expect(request?.system).toContain('You judge.');
    expect(request?.lastUserText).toContain(question.prompt.trim());
    await nothingLeft();
  });

  it('is given up on when the login is refused, long before its own retries end', async () => {
    const began = performance.now();
    const { answer } = await real(() => ({ status: 401, errorType: 'authentication_error', message: 'bad key' }));
    expect(answer).toMatchObject({ answered: false, kind: 'auth_required' });
    expect(performance.now() - began).toBeLessThan(15_000);
    await nothingLeft();
  });

  it('says when there is no such model, and never takes another', async () => {
    const { answer, api } = await real(
      () => ({ status: 404, errorType: 'not_found_error', message: 'model: claude-old-3' }),
      { model: 'claude-old-3' },
    );
    expect(answer).toMatchObject({ answered: false, kind: 'model_not_found', model: 'claude-old-3' });
    expect(new Set(api.requests.map(({ model }) => model))).toEqual(new Set(['claude-old-3']));
  });

  it('gets one repair for prose and for a form that only we check', async () => {
    const strict = Schema.refine(({ why }) => why !== 'because', 'why must say more than "because"');
    const { answer, api } = await real(
      (request, index) => fill({ score: 10, why: index === 0 ? 'because' : 'It lacks tests.' })(request),
      { schema: strict },
    );
    expect(answer).toMatchObject({ answered: true, repaired: true, value: { why: 'It lacks tests.' } });
    expect(api.requests.at(-1)?.lastUserText).toContain('why must say more than "because"');
    const prose = await real(() => say('It is about 80, I think.'));
    expect(prose.answer).toMatchObject({ answered: false, kind: 'invalid' });
  });

  it('may refuse, and may run out of turns', async () => {
    expect((await real(() => refusal('No.'))).answer).toMatchObject({ answered: false, kind: 'refused' });
    expect((await real(fill({ score: 'x' }))).answer).toMatchObject({ answered: false, kind: 'invalid' });
  });

  it('is ended with its group when its time is over, and when it is called off', async () => {
    const slow = () => ({ blocks: [{ type: 'text' as const, text: 'x' }], waitMs: 60_000 });
    expect((await real(slow, { timeoutMs: 2_000 })).answer).toMatchObject({ kind: 'timeout' });
    const abort = new AbortController();
    const api = await startMessagesApi(slow);
    apis.push(api);
    const running = callsWith(CLI, api.env(home)).call({ ...question, signal: abort.signal });
    await expect.poll(() => api.requests.length, { timeout: 10_000 }).toBe(1);
    abort.abort();
    expect(await running).toMatchObject({ answered: false, kind: 'aborted' });
    await nothingLeft();
  });
});

describe('a CLI that misbehaves', () => {
  let nth = 0;
  function scripted(steps: Step[], version = '2.1.328') {
    nth += 1;
    const scenario = join(home, `scenario-${nth}.json`);
    writeFileSync(scenario, JSON.stringify({ version, steps }));
    return callsWith(FAKE, { FAKE_CLAUDE: scenario }).call({ ...question, timeoutMs: 4_000 });
  }
  const good = { structured_output: { score: 60, why: 'ok' }, total_cost_usd: 0.01 };

  it.each<[string, Step[], object]>([
    [
      'prints garbage before and after',
      [{ raw: 'Warning!\n{"type":\n' }, { result: good }, { raw: '}{' }],
      { answered: true },
    ],
    ['exits 3 after a good result', [{ result: good }, { exit: 3 }], { answered: true }],
    ['never ends after its result', [{ result: good }, { hang: true }], { answered: true }],
    [
      'ignores SIGTERM after its result',
      [{ ignore: ['SIGTERM'] }, { result: good }, { hang: true }],
      { answered: true },
    ],
    ['says nothing at all', [{ exit: 0 }], { kind: 'crashed' }],
    ['exits 1 with words', [{ stderr: 'Not logged in' }, { exit: 1 }], { kind: 'auth_required' }],
    ['is killed', [{ kill: 'SIGKILL' }], { kind: 'crashed' }],
    ['stops in the middle of a line', [{ raw: '{"type":"result","structured_' }, { exit: 0 }], { kind: 'crashed' }],
    ['hangs', [{ hang: true }], { kind: 'timeout' }],
    ['hangs and ignores SIGTERM', [{ ignore: ['SIGTERM', 'SIGINT'] }, { hang: true }], { kind: 'timeout' }],
    [
      'leaves a process with its output',
      [{ leave: { command: 'sleep 300', ownSession: true, holdStdout: true } }, { result: good }],
      { answered: true },
    ],
    ['floods one line', [{ longLine: 6_000_000 }, { result: good }], { kind: 'crashed' }],
    [
      'reports a success without the form, twice',
      [{ result: { result: '{"score":60,"why":"ok"}' } }],
      { kind: 'invalid' },
    ],
    ['fills the form with nonsense, twice', [{ result: { structured_output: { score: '5' } } }], { kind: 'invalid' }],
    ['spends its budget', [{ result: { subtype: 'error_max_budget_usd', is_error: true } }], { kind: 'budget' }],
  ])('that %s', async (_name, steps, expected) => {
    expect(await scripted(steps)).toMatchObject(expected);
    await nothingLeft();
  });

  it('that an engine asked which was killed is ended by the next one, with all that it started, and no other', async () => {
    const begun = join(home, 'begun');
    const answer = scripted([{ leave: { command: 'sleep 300', ownSession: true } }, { record: begun }, { hang: true }]);
    await expect.poll(() => existsSync(begun), { timeout: 10_000 }).toBe(true);
    await endAsked({ spawner, clock }, `${home}-of-another`);
    const asked = () => spawner.treeOf({ pid: -1, startedAt: null }, { name: ASKED_VARIABLE, value: home });
    expect((await asked()).length).toBeGreaterThanOrEqual(2);
    expect(await endAsked({ spawner, clock }, home)).toEqual([]);
    expect(await answer).toMatchObject({ answered: false, kind: 'crashed' });
    await nothingLeft();
  });

  it('that another model answers for is refused', async () => {
    const modelUsage = { 'claude-haiku-4-5': { inputTokens: 1, outputTokens: 2 } };
    nth += 1;
    const scenario = join(home, `scenario-${nth}.json`);
    writeFileSync(scenario, JSON.stringify({ version: '2.1.328', steps: [{ result: { ...good, modelUsage } }] }));
    const calls = callsWith(FAKE, { FAKE_CLAUDE: scenario });
    expect(await calls.call({ ...question, model: 'claude-opus-4-8' })).toMatchObject({ kind: 'other_model' });
    expect(await calls.call({ ...question, model: 'haiku' })).toMatchObject({
      answered: true,
      model: 'claude-haiku-4-5',
    });
  });

  it('that is missing or too old is unavailable, in words', async () => {
    expect(await scripted([], '2.0.1')).toMatchObject({
      kind: 'unavailable',
      detail: expect.stringContaining('2.0.1'),
    });
    const missing = callsWith(join(home, 'no-claude'), {});
    expect(await missing.call(question)).toMatchObject({
      kind: 'unavailable',
      detail: expect.stringContaining('no-claude'),
    });
  });

  it('is started by its arguments alone, in a throw-away folder, with a built environment', async () => {
    const path = join(home, 'seen.json');
    await scripted([{ record: path }, { untilStdinEnds: true }, { result: good }]);
    const seen = JSON.parse(readFileSync(path, 'utf8')) as { args: string[]; env: Record<string, string>; cwd: string };
    expect(seen.args).not.toContain(question.prompt);
    expect(seen.args[seen.args.indexOf('--tools') + 1]).toBe('');
    expect(seen.args[seen.args.indexOf('--setting-sources') + 1]).toBe('user');
    expect(seen.args).toEqual(expect.arrayContaining(['--strict-mcp-config', '--no-session-persistence']));
    expect(seen.args).not.toContain('--fallback-model');
    expect(Object.keys(seen.env).filter((name) => /^(TENURE_|NODE_OPTIONS|ELECTRON)/.test(name))).toEqual([
      NONCE_VARIABLE,
      ASKED_VARIABLE,
    ]);
    expect(existsSync(seen.cwd)).toBe(false);
    expect(existsSync('pwned')).toBe(false);
  });
});
