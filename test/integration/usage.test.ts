import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterEach, expect, test } from 'vitest';
import { bash, type Script, say } from '../fakes/messages-api.ts';
import { type Rig, type RigOptions, startRig, until } from '../rig.ts';

let rig: Rig;
afterEach(() => rig.stop());

const start = async (script: Script, options: Partial<RigOptions> = {}): Promise<Rig> => {
  rig = await startRig({ script, ...options });
  await rig.raiseTo('moderate');
  return rig;
};
/** What it asks is approved, until it has ended. */
async function approvedToItsEnd(id: string) {
  const { id: decision } = await rig.pending();
  await rig.call('decisions.approve', { id: decision, acknowledge: true });
  return rig.ended(id);
}
const COMMIT = bash('echo hi > a.txt && git add . && git commit -qm a');
const launch = async (projectId: string, prompt = 'Fix it') =>
  (await rig.call('sessions.launch', { projectId, prompt })).id;
const budgets = (parts: Record<string, unknown>) => ({ usage: { budgets: parts } });

test('one session with the real CLI: its spawn, its tokens, its list price', async () => {
  await start([COMMIT, say('Done.')]);
  const { project } = await rig.addProject();
  const id = await launch(project.id);
  await approvedToItsEnd(id);
  const { recent, ...summary } = await rig.call('telemetry.summary', {});
  expect(summary).toMatchObject({ spawns: 1, completed: 1, running: 0, lost: { count: 0 } });
  expect(recent[0]).toMatchObject({
    sessionId: id,
    askedBy: 'person',
    caste: 'session',
    taskClass: 'fix',
    source: 'fallback',
    inputTokens: 200,
    outputTokens: 40,
    cacheReadTokens: 0,
  });
  expect(recent[0]?.model).toMatch(/^claude-/);
  expect(recent[0]?.costUsd).toBeGreaterThan(0);
  const usage = await rig.call('usage.summary', { days: 7 });
  expect(usage.byDay).toHaveLength(7);
  expect(usage.byDay.at(-1)).toMatchObject({
    day: usage.today,
    runs: 1,
    inputTokens: 200,
    costUsd: recent[0]?.costUsd,
  });
  expect(usage.byDay[0]).toMatchObject({ runs: 0, costUsd: 0, costUnknown: 0 });
  expect(usage.sessions[0]).toMatchObject({ sessionId: id, project: project.name, task: 'Fix it' });
  expect(await rig.call('models.choice', { sessionId: id })).toMatchObject({ source: 'fallback', suggestion: null });
});

test('a session that has spent its dollars is ended by the CLI itself, measured, and told of once', async () => {
  await start(() => bash('true'), { config: budgets({ session: { usd: 0.003 } }) });
  const { project } = await rig.addProject();
  const id = await launch(project.id);
  const session = await rig.ended(id);
  expect(session).toMatchObject({ outcome: 'budget' });
  expect(session.problem).toMatch(/budget/i);
  expect(session.evaluation).not.toBeNull();
  expect(rig.api.requests.length).toBeLessThan(12);
  expect((await rig.call('telemetry.summary', {})).recent[0]).toMatchObject({ outcome: 'failed', caste: 'session' });
});

test('a session that has spent its tokens is ended by us in the middle, with the sentence why', async () => {
  await start(() => bash('true'));
  const { project } = await rig.addProject();
  const limit = { usd: null, tokens: 400 };
  await rig.call('usage.setBudgets', { projectId: project.id, session: limit, day: null });
  const session = await rig.ended(await launch(project.id));
  expect(session).toMatchObject({ outcome: 'budget' });
  expect(session.problem).toBe('The budget of this session, 400 tokens, is spent (480 tokens).');
  // Dollars come only with a result, and there was none: unknown, not zero.
  const { total } = await rig.call('usage.summary', {});
  expect(total).toMatchObject({ costUsd: null, costUnknown: 1 });
  // Turns that were on their way when it was ended may still be counted; this model answers within milliseconds, for ever.
  expect(total.inputTokens).toBeGreaterThanOrEqual(400);
  expect(total.inputTokens).toBeLessThan(2_000);
});

test("over the day's budget nothing starts: a launch is refused, what is queued waits and says so", async () => {
  await start((request) => (request.toolResults.length === 0 ? bash('sleep 1; true') : say('Done.')), {
    config: { sessions: { concurrency: 1 }, ...budgets({ day: { tokens: 200 } }) },
  });
  const { project } = await rig.addProject();
  const [first, second] = [await launch(project.id, 'First'), await launch(project.id, 'Second')];
  await rig.ended(first);
  const waiting = await until('the second waits', async () => {
    const session = await rig.session(second);
    return session.problem !== null && session;
  });
  expect(waiting).toMatchObject({ state: 'queued' });
  expect(waiting.problem).toMatch(/^Today's budget, 200 tokens, is spent \(240 tokens\)\. It begins anew at 00:00\.$/);
  await expect(launch(project.id, 'Third')).rejects.toThrow(/Nothing was launched\. Today's budget, 200 tokens/);
  // A person gives more: what waits goes on by itself.
  const file = join(rig.tenureHome, 'config.jsonc');
  const config = JSON.parse(readFileSync(file, 'utf8')) as { usage: unknown };
  writeFileSync(file, JSON.stringify({ ...config, usage: { budgets: { day: { tokens: 9_000 } } } }));
  expect(await rig.ended(second)).toMatchObject({ outcome: 'completed', problem: null });
});

test("when the day's budget is spent, what works is paused with the reason, and goes on once it is raised", async () => {
  let calls = 0;
  await start((request) => (calls++ < 4 || request.toolResults.length === 0 ? bash(`echo ${calls}`) : say('Done.')), {
    config: budgets({ day: { tokens: 200 } }),
  });
  const { project } = await rig.addProject();
  const id = await launch(project.id);
  const held = await until('it is held', async () => {
    const session = await rig.session(id);
    return session.held !== null && session;
  });
  expect(held).toMatchObject({ state: 'parked', held: { reason: 'budget' } });
  expect(held.held?.evidence[0]).toMatch(/^Today's budget, 200 tokens, is spent \(\d+ tokens\)\. It begins anew/);
  // To let it go on is not to spend more: it waits for the budget.
  await rig.call('sessions.goOn', { id });
  expect(await rig.session(id)).toMatchObject({ state: 'queued', waitingFor: 'budget', held: null });
  const file = join(rig.tenureHome, 'config.jsonc');
  const config = JSON.parse(readFileSync(file, 'utf8')) as { usage: unknown };
  writeFileSync(file, JSON.stringify({ ...config, usage: { budgets: { day: { tokens: 90_000 } } } }));
  expect(await rig.ended(id)).toMatchObject({ outcome: 'completed' });
});

test('or goes on, where the person wants that', async () => {
  let calls = 0;
  const script: Script = () => (calls++ < 4 ? bash(`echo ${calls}`) : say('Done.'));
  await start(script, { config: { usage: { whenSpent: 'go_on', budgets: { day: { tokens: 200 } } } } });
  const { project } = await rig.addProject();
  expect(await rig.ended(await launch(project.id))).toMatchObject({ outcome: 'completed', held: null });
});

const SOON = Math.floor(Date.now() / 1000) + 3_600;
const unified = (status: string, five: number) => ({
  'anthropic-ratelimit-unified-status': status,
  'anthropic-ratelimit-unified-reset': String(SOON),
  'anthropic-ratelimit-unified-representative-claim': 'five_hour',
  'anthropic-ratelimit-unified-5h-utilization': String(five),
  'anthropic-ratelimit-unified-5h-reset': String(SOON),
  'anthropic-ratelimit-unified-7d-utilization': '0.3',
  'anthropic-ratelimit-unified-7d-reset': String(SOON + 86_400),
});

test('under a subscription the windows are shown, a limit is a state, and only proof clears it', async () => {
  let hit = true;
  await start(
    () =>
      hit
        ? { status: 429, errorType: 'rate_limit_error', message: 'limit', headers: unified('rejected', 1) }
        : { ...say('Done.'), headers: unified('allowed', 0.01) },
    { agentEnv: { ANTHROPIC_API_KEY: '', CLAUDE_CODE_OAUTH_TOKEN: 'sk-ant-oat01-test' } },
  );
  const { project } = await rig.addProject();
  expect(await rig.call('limits.current', {})).toEqual({ reached: null, windows: [] });
  const id = await launch(project.id);
  await until('it waits for the limit', async () => (await rig.session(id)).waitingFor === 'quota');
  const reached = { name: 'five_hour', label: '5-hour window', resetsAt: SOON * 1000 };
  expect((await rig.call('limits.current', {})).reached).toMatchObject(reached);
  await rig.restart();
  const snapshot = await rig.call('state.snapshot', {});
  expect(snapshot.limits).toMatchObject({
    reached,
    windows: [
      { name: 'five_hour', status: 'rejected', utilization: 1 },
      { name: 'seven_day', status: 'allowed', utilization: 0.3 },
    ],
  });
  hit = false;
  await rig.call('sessions.goOn', { id });
  await rig.ended(id);
  expect(await rig.call('limits.current', {})).toMatchObject({
    reached: null,
    windows: [{ name: 'five_hour', status: 'allowed', utilization: 0.01 }, {}],
  });
});

test('a record of spawns that cannot be written keeps no session from its work', async () => {
  await start([COMMIT, say('Done.')]);
  const { project } = await rig.addProject();
  const db = new Sqlite(join(rig.dataDir, 'tenure.db'));
  db.exec("CREATE TRIGGER broken BEFORE INSERT ON spawns BEGIN SELECT raise(ABORT, 'no more room'); END");
  db.close();
  const session = await approvedToItsEnd(await launch(project.id));
  expect(session).toMatchObject({ outcome: 'completed', commits: 1 });
  const { spawns, lost } = await rig.call('telemetry.summary', {});
  expect(spawns).toBe(0);
  expect(lost.count).toBeGreaterThan(0);
  expect(lost.problem).toContain('no more room');
  const health = await rig.call('system.doctor', {});
  expect(health.find(({ name }) => name === 'Record of runs')).toMatchObject({
    state: 'warning',
    detail: expect.stringMatching(/could not be written since the start\. .*no more room/),
  });
});
