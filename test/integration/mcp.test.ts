// biome-ignore-all lint/suspicious/noTemplateCurlyInString: names stand like this in the file.
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterEach, expect, test } from 'vitest';
import type { Decision } from '../../src/shared/contract/decisions.ts';
import { tempDir } from '../builders.ts';
import { type ApiRequest, say, use } from '../fakes/messages-api.ts';
import { type Rig, startRig, until } from '../rig.ts';

const SERVER = join(import.meta.dirname, '..', 'fixtures', 'bin', 'mcp-server.mjs');
const small = (env: Record<string, string> = {}) => ({
  mcpServers: { small: { command: process.execPath, args: [SERVER], env } },
});
let rig: Rig;
afterEach(() => rig.stop());

/** A model that calls that tool so many times, one in a turn, then ends. */
const calling =
  (tool: string, times: number) =>
  (request: ApiRequest): ReturnType<typeof say> => {
    const made = JSON.stringify(request.messages).split('"tool_use"').length - 1;
    return made < times ? use([`mcp__small__${tool}`, { say: `hi ${made}` }]) : say('Done.');
  };

/** Approves whatever is asked until the session has ended. */
async function through(id: string): Promise<Decision[]> {
  for (;;) {
    const next = await until('it asks or has ended', async () => {
      const [decision] = await rig.call('decisions.list', {});
      return decision ?? ((await rig.session(id)).state === 'ended' ? 'ended' : null);
    });
    if (next === 'ended') return (await rig.session(id)).decisions;
    await rig.call('decisions.approve', { id: next.id, confirm: true });
  }
}
const launch = async (projectId: string) => (await rig.call('sessions.launch', { projectId, prompt: 'Go' })).id;

test('a server of ours is called through the gate, its secret never on disk, in argv or in the record', async () => {
  const key = 'MCP_TEST_VALUE';
  rig = await startRig({ script: calling('lookup', 1), env: { [key]: 'hidden-4711' } });
  const { project } = await rig.addProject();
  const add = (env: Record<string, string>) => rig.call('mcp.add', { projectId: project.id, config: small(env) });
  await expect(add({ MCP_SECRET: 'hidden-4711' })).rejects.toThrow(/looks like a secret.*\$\{MCP_SECRET\}/);
  await add({ MCP_SECRET: `\${${key}}` });
  const decisions = await through(await launch(project.id));
  expect(decisions).toMatchObject([{ action: { tool: 'mcp__small__lookup' }, state: 'approved', outcome: 'ran' }]);
  expect(rig.api.requests.at(-1)?.toolResults[0]?.text).toContain('secret: hidden-4711');
  const dir = join(rig.tenureHome, 'run', 'mcp');
  expect(existsSync(dir) ? readdirSync(dir) : []).toEqual([]);
  expect(readFileSync(join(rig.dataDir, 'tenure.db')).includes('hidden-4711')).toBe(false);
  // A name that is not set keeps it from starting, and says which.
  await add({ MCP_SECRET: '${NOT_SET_ANYWHERE}' });
  const refused = await rig.ended(await launch(project.id));
  expect(refused).toMatchObject({ outcome: 'launch_failed' });
  expect(refused.problem).toMatch(/"small" needs NOT_SET_ANYWHERE/);
});

test('a server that was stored with a secret before such were known is refused at a launch, by its name', async () => {
  rig = await startRig({ script: calling('echo', 1) });
  const { project } = await rig.addProject();
  await rig.call('mcp.add', { projectId: project.id, config: small() });
  const db = new Sqlite(join(rig.dataDir, 'tenure.db'));
  const stored = { ...small().mcpServers.small, env: { API_TOKEN: 'hidden-4711-in-clear' } };
  db.prepare('UPDATE mcp_servers SET config = ?').run(JSON.stringify(stored));
  db.close();
  const refused = await rig.ended(await launch(project.id));
  expect(refused).toMatchObject({ outcome: 'launch_failed' });
  expect(refused.problem).toMatch(/"API_TOKEN" of the MCP server "small" looks like a secret/);
});

test('three failures in a row switch a server off: the gate says so, it is left out, a restart keeps it off', async () => {
  rig = await startRig({ script: calling('crash', 4) });
  const { project } = await rig.addProject();
  await rig.call('mcp.add', { projectId: project.id, config: small() });
  const decisions = await through(await launch(project.id));
  expect(decisions.map(({ state, outcome }) => [state, outcome])).toEqual([
    ['approved', 'failed'],
    ['approved', 'failed'],
    ['approved', 'failed'],
    ['refused', null],
  ]);
  expect(decisions[3]?.reasons[0]).toMatchObject({ code: 'mcp_server_off' });
  expect(decisions[3]?.reasons[0]?.text).toMatch(
    /"small" is off until .* failed 3 times in a row\. It last said: .*closed/i,
  );
  await rig.restart();
  await until('the person is told', async () =>
    (await rig.call('state.snapshot', {})).notices.find((text) =>
      /^The MCP server "small" of "app" is off until \d\d:\d\d: it failed 3 times in a row\.$/.test(text),
    ),
  );
  const { servers } = await rig.call('mcp.list', { projectId: project.id });
  expect(servers[0]?.breaker).toMatchObject({ state: 'off', failures: 3 });
  await rig.ended(await launch(project.id));
  expect(rig.api.requests.at(-1)?.tools.some((tool) => tool.startsWith('mcp__'))).toBe(false);
  const after = await rig.call('mcp.reset', { projectId: project.id, name: 'small' });
  expect(after.servers[0]?.breaker).toMatchObject({ state: 'on', failures: 0 });
});

test("a person's no says nothing of a server; one that cannot start counts as failed", async () => {
  rig = await startRig({ script: calling('echo', 1) });
  const { project } = await rig.addProject();
  await rig.call('mcp.add', { projectId: project.id, config: small() });
  const id = await launch(project.id);
  await rig.call('decisions.deny', { id: (await rig.pending()).id, reason: 'Not now.' });
  await rig.ended(id);
  const breaker = async () => (await rig.call('mcp.list', { projectId: project.id })).servers[0]?.breaker;
  expect(await breaker()).toMatchObject({ state: 'on', failures: 0 });
  await rig.call('mcp.add', { projectId: project.id, config: small({ MCP_START: 'fail' }) });
  await rig.ended(await launch(project.id));
  expect(await breaker()).toMatchObject({ state: 'on', failures: 1, reason: 'It could not be started or reached.' });
});

test('after its five minutes exactly one call of two sessions goes through; the other is nobody’s failure', async () => {
  const called = join(tempDir('called'), 'calls');
  rig = await startRig({ script: calling('echo', 1) });
  const { project } = await rig.addProject();
  // It answers late enough for both to be on their way.
  const env = { MCP_CALLS: called, MCP_LATE: '3000' };
  await rig.call('mcp.add', { projectId: project.id, config: small(env) });
  const db = new Sqlite(join(rig.dataDir, 'tenure.db'));
  db.prepare('INSERT INTO mcp_breakers (project_id, name, failures, until, reason) VALUES (?, ?, 3, ?, ?)').run(
    project.id,
    'small',
    Date.now() - 1,
    'It failed.',
  );
  db.close();
  const both = [await launch(project.id), await launch(project.id)];
  const asked = await until('both ask', async () => {
    const pending = await rig.call('decisions.list', {});
    return pending.length === 2 && pending;
  });
  await Promise.all(asked.map((one) => rig.call('decisions.approve', { id: one.id, confirm: true })));
  const ended = await Promise.all(both.map((id) => rig.ended(id)));
  const ends = ended.flatMap(({ decisions }) => decisions.map(({ state, outcome }) => `${state} ${outcome}`));
  expect(ends.toSorted()).toEqual(['approved ran', 'void null']);
  expect(readFileSync(called, 'utf8')).toBe('echo\n');
  const { servers } = await rig.call('mcp.list', { projectId: project.id });
  expect(servers[0]?.breaker).toMatchObject({ state: 'on', failures: 0 });
});

test('a server that hangs at its start keeps no session from its work', async () => {
  rig = await startRig({ script: [say('Done.')], agentEnv: { MCP_TIMEOUT: '700' } });
  const { project } = await rig.addProject();
  await rig.call('mcp.add', { projectId: project.id, config: small({ MCP_HANG: 'initialize' }) });
  expect(await rig.ended(await launch(project.id))).toMatchObject({ outcome: 'completed', stillAlive: [] });
  expect(rig.api.requests[0]?.tools.some((tool) => tool.startsWith('mcp__'))).toBe(false);
  // Whether it is told as failed or as still starting is the CLI's race; only the first counts.
  const { servers } = await rig.call('mcp.list', { projectId: project.id });
  expect(servers[0]?.breaker).toMatchObject({ state: 'on' });
  expect(servers[0]?.breaker.failures).toBeLessThanOrEqual(1);
});

test('one that hangs in a call stalls the session, which names it; our own limit says nothing of the server (T-04C)', async () => {
  rig = await startRig({
    script: calling('echo', 1),
    config: { sessions: { toolStallWarnMs: 500, toolStallMs: 4_000 } },
  });
  const { project } = await rig.addProject();
  await rig.call('mcp.add', { projectId: project.id, config: small({ MCP_HANG: 'tools/call' }) });
  const id = await launch(project.id);
  await rig.call('decisions.approve', { id: (await rig.pending()).id, confirm: true });
  const { stall } = await until('it is shown', async () => {
    const session = await rig.session(id);
    return session.stall && session;
  });
  expect(stall?.evidence[0]).toBe('mcp__small__echo runs and has not come back.');
  const ended = await rig.ended(id);
  expect(ended).toMatchObject({ outcome: 'stalled', stillAlive: [], decisions: [{ outcome: 'timed_out' }] });
  const { servers } = await rig.call('mcp.list', { projectId: project.id });
  expect(servers[0]?.breaker).toMatchObject({ state: 'on', failures: 0 });
});

test("the repository's own servers run only once a person has seen that very file", async () => {
  const calls = join(tempDir('calls'), 'calls');
  rig = await startRig({ script: calling('echo', 1) });
  const { project, repository } = await rig.addProject();
  repository.commit({ '.mcp.json': JSON.stringify(small({ MCP_CALLS: calls })) });
  const list = () => rig.call('mcp.list', { projectId: project.id });
  await through(await launch(project.id));
  expect(existsSync(calls)).toBe(false);
  const seen = (await list()).repository;
  expect(seen).toMatchObject({ state: 'new', servers: ['small'], problem: null });
  await rig.call('mcp.repository', { projectId: project.id, hash: seen?.hash ?? '' });
  await through(await launch(project.id));
  expect(readFileSync(calls, 'utf8')).toBe('echo\n');
  // Another file is another question.
  rmSync(calls);
  writeFileSync(
    join(repository.path, '.mcp.json'),
    JSON.stringify({ mcpServers: { ...small({ MCP_CALLS: calls }).mcpServers, more: { command: 'more' } } }),
  );
  expect((await list()).repository).toMatchObject({ state: 'changed' });
  expect((await list()).servers).toEqual([]);
  await expect(rig.call('mcp.repository', { projectId: project.id, hash: seen?.hash ?? '' })).rejects.toThrow(
    /has changed since/,
  );
  await through(await launch(project.id));
  expect(existsSync(calls)).toBe(false);
});
