import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Decision } from '../../src/shared/contract/decisions.ts';
import type { Proposed } from '../../src/shared/contract/proposals.ts';
import type { Session } from '../../src/shared/contract/sessions.ts';
import { tempDir } from '../builders.ts';
import { OWNER_TOKEN, type Rig, startRig, until } from '../rig.ts';

let rig: Rig;
let session: Session;
let agentToken = '';
let cwd = '';
let readToken = '';

/** An agent that only waits, and tells which token it was given. */
beforeAll(async () => {
  const gateFile = join(tempDir('rest'), 'gate.json');
  rig = await startRig({
    command: join(import.meta.dirname, '..', 'bench', 'bin', 'idle-claude'),
    agentEnv: { BENCH_GATE_FILE: gateFile },
  });
  const { project } = await rig.addProject();
  await rig.raiseTo('moderate');
  session = await rig.call('sessions.launch', { projectId: project.id, prompt: 'Wait.' });
  const gate = await until('the agent runs', () => existsSync(gateFile) && readFileSync(gateFile, 'utf8'));
  ({ token: agentToken, cwd } = JSON.parse(gate) as { token: string; cwd: string });
  ({ readToken } = JSON.parse(readFileSync(join(rig.tenureHome, 'run', 'gateway.json'), 'utf8')) as {
    readToken: string;
  });
}, 60_000);
afterAll(() => rig.stop());

interface Answer {
  status: number;
  body: unknown;
}
async function api(verb: string, path: string, token: string, body?: unknown): Promise<Answer> {
  const response = await fetch(`${rig.host.url}/api/v1${path}`, {
    method: verb,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: await response.json() };
}
const call = (command: string) => ({ tool: 'Bash', input: { command }, cwd });
async function propose(command: string): Promise<Proposed> {
  const { status, body } = await api('POST', '/proposals', agentToken, call(command));
  expect(status).toBe(201);
  return body as Proposed;
}

describe('proposals', () => {
  test('proposed by the agent, approved by the owner, executed once, reported', async () => {
    const asked = await propose('git push origin main');
    const { id } = asked.proposal;
    expect(asked).toMatchObject({ mayRun: false, proposal: { state: 'pending', sessionId: session.id, risk: 'high' } });
    expect(await api('POST', `/proposals/${id}/execute`, agentToken, call('git push origin main'))).toMatchObject({
      body: { mayRun: false, reason: 'Nobody has answered yet.' },
    });
    // Who proposes never approves, and who reads neither.
    for (const token of [agentToken, readToken]) {
      expect((await api('POST', `/proposals/${id}/approve`, token, {})).status).toBe(403);
      expect((await api('POST', `/proposals/${id}/reject`, token, {})).status).toBe(403);
      expect((await api('POST', `/abort/${id}`, token, { confirm: true })).status).toBe(403);
    }
    expect((await api('POST', '/proposals', OWNER_TOKEN, call('ls'))).status).toBe(403);
    expect((await api('POST', '/proposals', readToken, call('ls'))).status).toBe(403);

    // High risk takes the word that the screen asks for, too.
    expect(await api('POST', `/proposals/${id}/approve`, OWNER_TOKEN, {})).toMatchObject({
      body: { kind: 'refused', detail: expect.stringContaining('of high risk') },
    });
    expect(await api('POST', `/proposals/${id}/approve`, OWNER_TOKEN, { acknowledge: true })).toMatchObject({
      status: 200,
      body: { state: 'approved', answeredBy: 'owner (token)' },
    });
    expect((await api('POST', `/proposals/${id}/approve`, OWNER_TOKEN, {})).status).toBe(409);
    const other = await api('POST', `/proposals/${id}/execute`, agentToken, call('git push --force origin main'));
    expect(other).toMatchObject({ status: 409, body: { detail: expect.stringContaining('another action') } });
    const ran = await api('POST', `/proposals/${id}/execute`, agentToken, call('git push origin main'));
    expect(ran).toMatchObject({ status: 200, body: { mayRun: true, proposal: { state: 'approved' } } });
    expect((await api('POST', `/proposals/${id}/execute`, agentToken, call('git push origin main'))).status).toBe(409);
    // A claim of success is no evidence; that it was made is on record.
    expect(await api('POST', `/proposals/${id}/status`, agentToken, { status: 'completed' })).toMatchObject({
      status: 200,
      body: { outcome: 'unknown' },
    });
    expect((await api('POST', `/proposals/${id}/status`, agentToken, { status: 'failed' })).status).toBe(409);
    const log = (await api('GET', `/proposals/${id}/log`, readToken)).body as { act: string; by: string }[];
    expect(log.map(({ act, by }) => [act, by])).toEqual([
      ['approved', 'owner (token)'],
      ['reported', 'agent'],
    ]);
  });

  test('rejected with a reason of a kind: the agent gets it', async () => {
    const { proposal } = await propose('git push origin other');
    expect((await api('POST', `/proposals/${proposal.id}/reject`, OWNER_TOKEN, { code: 'other' })).status).toBe(400);
    expect((await api('POST', `/proposals/${proposal.id}/reject`, OWNER_TOKEN, { code: 'nonsense' })).status).toBe(400);
    const no = { code: 'wrong_timing', reason: 'After the release' };
    expect(await api('POST', `/proposals/${proposal.id}/reject`, OWNER_TOKEN, no)).toMatchObject({
      body: { state: 'denied', answerCode: 'wrong_timing' },
    });
    expect(
      await api('POST', `/proposals/${proposal.id}/execute`, agentToken, call('git push origin other')),
    ).toMatchObject({
      body: { mayRun: false, reason: 'A person denied this: This is not the time for it. After the release.' },
    });
  });

  test('what needs nobody is answered at once; what nobody may is refused', async () => {
    expect(await propose('git status')).toMatchObject({ mayRun: true, proposal: { state: 'allowed' } });
    expect(await propose('rm -rf /')).toMatchObject({ mayRun: false, proposal: { state: 'refused' } });
  });

  test("another session's proposal is none of the agent's, and neither is what is no proposal", async () => {
    expect((await api('POST', '/proposals/dec_none/execute', agentToken, call('ls'))).status).toBe(404);
    expect((await api('POST', '/proposals', agentToken, { tool: 'Bash' })).status).toBe(400);
    expect((await api('POST', '/proposals', 'tnr_session_forged', call('ls'))).status).toBe(401);
    expect((await api('POST', '/proposals/x/status', agentToken, { status: 'great' })).status).toBe(400);
  });

  test('lists by state, session, project and text, with the whole number of those that match', async () => {
    await propose('git push origin a');
    await propose('git push origin b');
    const list = async (query: string) =>
      (await api('GET', `/proposals${query}`, readToken)).body as { total: number; decisions: Decision[] };
    const all = await list('');
    expect(all.total).toBe(all.decisions.length);
    const pending = await list('/pending?limit=1');
    expect(pending).toMatchObject({ total: 2, decisions: [{ state: 'pending' }] });
    expect(await list('?status=PENDING_APPROVAL&offset=1')).toMatchObject({ total: 2, decisions: [{}] });
    expect(
      (await list('?status=rejected,COMPLETED')).decisions.every(
        ({ state }) => state === 'denied' || state === 'refused',
      ),
    ).toBe(true);
    expect((await list(`/session/${session.id}`)).total).toBe(all.total);
    expect((await list('/project/none')).total).toBe(0);
    expect((await list('?text=origin%20b')).total).toBe(1);
    const [first] = pending.decisions;
    expect(await api('GET', `/proposals/${first?.id}`, readToken)).toMatchObject({
      status: 200,
      body: { id: first?.id },
    });
    expect((await api('GET', '/proposals/dec_none', readToken)).status).toBe(404);
    expect((await api('GET', '/proposals?status=lost', readToken)).status).toBe(400);
    expect((await api('GET', '/proposals?limit=many', readToken)).status).toBe(400);
    expect((await api('GET', '/proposals', 'tnr_read_forged')).status).toBe(401);
  });
});

test('analytics and settings are read with the read token, and acted on by the owner', async () => {
  const get = (path: string) => api('GET', path, readToken);
  expect(await get('/analytics/summary')).toMatchObject({ status: 200, body: { day: { total: expect.any(Number) } } });
  expect(await get('/analytics/metrics?days=7')).toMatchObject({ status: 200, body: { asked: expect.anything() } });
  const series = (await get('/analytics/metrics/timeseries?metric=decisions&days=1&bucketMs=3600000'))
    .body as unknown[];
  expect(series).toHaveLength(24);
  expect((await get('/analytics/metrics/timeseries?metric=luck')).status).toBe(400);
  await until('the refused one is an alert', async () => {
    const { body } = await get('/analytics/alerts');
    return (body as { kind: string }[]).some(({ kind }) => kind === 'safety_violation');
  });
  const [alert] = (await get('/analytics/alerts')).body as { id: string }[];
  expect((await api('POST', `/analytics/alerts/${alert?.id}/acknowledge`, readToken)).status).toBe(403);
  expect(await api('POST', `/analytics/alerts/${alert?.id}/acknowledge`, OWNER_TOKEN)).toMatchObject({
    body: { ackedBy: 'owner (token)' },
  });
  expect(await get('/settings/automation')).toMatchObject({
    body: {
      settings: { auto: { minScore: 800 } },
      defaults: { auto: { perHour: 50 } },
      table: { full: { critical: 'ask-two-steps' } },
    },
  });
  const draft = { changes: { sessionActions: 1 } };
  expect(await api('POST', '/settings/automation/preview', readToken, draft)).toMatchObject({
    status: 200,
    body: { compared: expect.any(Number), asked: expect.anything() },
  });
  expect((await api('GET', '/nothing', readToken)).status).toBe(404);
}, 90_000);

test('the gate is set by the owner alone, all of it or nothing, and put back', async () => {
  const put = (changes: unknown, token = OWNER_TOKEN) => api('PUT', '/settings/automation', token, { changes });
  const risks = { network: 'high' };
  expect((await put({ risks }, readToken)).status).toBe(403);
  expect((await put({ risks }, agentToken)).status).toBe(403);
  expect((await put({ risks, 'auto.perHour': -1 })).status).toBe(400);
  expect((await put({ risks: { credentials: 'low' } })).status).toBe(400);
  expect((await put({ 'gateway.port': 1 })).status).toBe(404);
  expect(await api('GET', '/settings/automation', readToken)).toMatchObject({ body: { settings: { risks: {} } } });
  expect(await put({ risks, 'paths.normal.louder': true })).toMatchObject({
    body: { settings: { risks, paths: { normal: { louder: true } } } },
  });
  const [project] = await rig.call('projects.list', {});
  const check = {
    projectId: project?.id,
    calls: [{ tool: 'WebFetch', input: { url: 'https://example.com/' } }],
  };
  expect(await api('POST', '/settings/automation/check', readToken, check)).toMatchObject({
    body: { verdicts: [{ risk: 'high', verdict: 'ask' }] },
  });
  expect(await api('POST', '/settings/automation/reset', OWNER_TOKEN, { keys: ['risks'] })).toMatchObject({
    body: { settings: { risks: {}, paths: { normal: { louder: true } } } },
  });
  expect(await api('POST', '/settings/automation/reset', OWNER_TOKEN, {})).toMatchObject({
    body: { settings: { paths: { normal: { louder: false } } } },
  });
}, 60_000);

test('the rules of trust are read, tried on the record, set by the owner alone, and put back', async () => {
  const at = (method: 'GET' | 'POST' | 'PUT', path: string, token = readToken, body?: unknown) =>
    api(method, `/settings/trust${path}`, token, body);
  const stricter = { 'score.perDay': 50, 'thresholds.cautious_to_moderate.minSessions': 40 };
  expect(await at('GET', '')).toMatchObject({
    status: 200,
    body: { settings: { score: { perDay: 100 } }, defaults: { thresholds: { moderate_to_full: { minSessions: 50 } } } },
  });
  expect(await at('POST', '/preview', readToken, { changes: stricter })).toMatchObject({
    status: 200,
    body: { level: { days: 30 }, agents: { moves: expect.any(Array), decisions: { days: 30 } } },
  });
  expect(await at('GET', '')).toMatchObject({ body: { settings: { score: { perDay: 100 } } } });
  for (const token of [readToken, agentToken]) {
    expect((await at('PUT', '', token, { changes: stricter })).status).toBe(403);
    expect((await at('POST', '/reset', token, {})).status).toBe(403);
  }
  expect((await at('POST', '/preview', agentToken, { changes: stricter })).status).toBe(403);
  const put = (changes: unknown) => at('PUT', '', OWNER_TOKEN, { changes });
  expect(await put({ 'score.perDay': 0 })).toMatchObject({ status: 400 });
  expect(await put({ ...stricter, 'score.tiers.TRUSTED.from': 900 })).toMatchObject({ status: 400 });
  expect(await put({ 'gateway.port': 1 })).toMatchObject({ status: 404 });
  expect(await at('GET', '')).toMatchObject({ body: { settings: { score: { perDay: 100 } } } });
  expect(await put(stricter)).toMatchObject({
    status: 200,
    body: {
      settings: { score: { perDay: 50 }, thresholds: { cautious_to_moderate: { minSessions: 40 } } },
      defaults: { score: { perDay: 100 } },
    },
  });
  expect(await rig.call('agents.settings', {})).toMatchObject({ perDay: 50 });
  expect(await at('POST', '/reset', OWNER_TOKEN, { keys: ['score.perDay'] })).toMatchObject({
    body: { settings: { score: { perDay: 100 }, thresholds: { cautious_to_moderate: { minSessions: 40 } } } },
  });
  expect(await at('POST', '/reset', OWNER_TOKEN, {})).toMatchObject({
    body: { settings: { thresholds: { cautious_to_moderate: { minSessions: 30 } } } },
  });
}, 60_000);
