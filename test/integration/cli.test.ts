import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { Decision } from '../../src/shared/contract/decisions.ts';
import { Project } from '../../src/shared/contract/projects.ts';
import { SessionDetail } from '../../src/shared/contract/sessions.ts';
import { Trust } from '../../src/shared/contract/trust.ts';
import { tempDir, testRepository } from '../builders.ts';

const checkout = join(import.meta.dirname, '..', '..');
const OWNER = 'the-owner-token-of-this-test';
const home = tempDir('cli');
const NO_KEYCHAIN =
  "Without the menubar app there is no keychain. The key to Tenure's secrets lies in a file that only you can read: who has a copy of it has the secrets.";

/** Everything that a child gets: nothing of the person's own Tenure. */
function environment(extra: Record<string, string>): Record<string, string> {
  const kept = ['PATH', 'LANG', 'TMPDIR'].flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : []));
  return {
    ...Object.fromEntries(kept),
    HOME: home,
    TENURE_HOME: join(home, 'tenure'),
    TENURE_DEMO_PACE_MS: '100',
    ...extra,
  };
}

interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

function node(args: readonly string[], env: Record<string, string>): { child: ChildProcess; ended: Promise<Ended> } {
  const child = spawn(process.execPath, args, { env: environment(env), cwd: home, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const ended = new Promise<Ended>((resolve) => child.on('close', (code) => resolve({ code, stdout, stderr })));
  return { child, ended };
}

/** The engine with the demo agent, as `npm start` runs it. */
function startEngine(...flags: string[]): { child: ChildProcess; ended: Promise<Ended>; ready: Promise<string[]> } {
  const run = node([join(checkout, 'scripts/start.mjs'), '--headless', '--demo', ...flags], {
    TENURE_OWNER_TOKEN: OWNER,
  });
  let said = '';
  const ready = new Promise<string[]>((resolve, reject) => {
    run.child.stdout?.on('data', (chunk) => {
      said += chunk;
      if (/^Open [^]*has the secrets\.\n/m.test(said)) resolve(said.trimEnd().split('\n'));
    });
    void run.ended.then(({ stderr }) => reject(new Error(`The engine ended: ${stderr}`)));
  });
  ready.catch(() => {}); // Whoever expects it not to get ready looks at `ended`.
  return { ...run, ready };
}

const cli = (args: readonly string[], env: Record<string, string> = {}): Promise<Ended> =>
  node([join(checkout, 'bin/tenure.mjs'), ...args, '--demo'], env).ended;
const tenure = (...args: string[]): Promise<Ended> => cli(args, { TENURE_OWNER_TOKEN: OWNER });

/** One JSON document on stdout and nothing else. */
async function json(...args: string[]): Promise<{ code: number | null; body: unknown }> {
  const { code, stdout, stderr } = await tenure(...args, '--json');
  expect(stderr).toBe('');
  return { code, body: JSON.parse(stdout) };
}

/** The document of a verb that must have worked. */
async function done(...args: string[]): Promise<unknown> {
  const { code, body } = await json(...args);
  expect({ code, error: (body as { error?: unknown }).error }).toEqual({ code: 0, error: undefined });
  return body;
}

/** The error of a verb that must have failed. */
async function failed(...args: string[]): Promise<{ code: number | null; kind: string; message: string }> {
  const { code, body } = await json(...args);
  const { error } = body as { error: { kind: string; message: string } };
  return { code, ...error };
}

const pending = async (sessionId: string): Promise<Decision[]> =>
  Decision.array().parse(await done('decisions', '--session', sessionId));

/** The first question of a session that has none yet. */
async function question(sessionId: string): Promise<Decision> {
  return await vi.waitFor(
    async () => {
      const [first] = await pending(sessionId);
      if (!first) throw new Error('Nothing was asked yet.');
      return first;
    },
    { timeout: 20_000 },
  );
}

let engine: ReturnType<typeof startEngine>;

/** A promotion is within reach of one good session, and only looked for when asked. */
const CONFIG = `{
  "trust": {
    "promotionCheckCron": "0 0 1 1 *",
    "thresholds": {
      "moderate_to_full": { "minSessions": 1, "minAvgScore": 3, "minDaysAtLevel": 0, "minEvaluations": 1 }
    }
  }
}`;

beforeAll(async () => {
  mkdirSync(join(home, 'tenure', 'demo'), { recursive: true });
  writeFileSync(join(home, 'tenure', 'demo', 'config.jsonc'), CONFIG);
  engine = startEngine('--port', '0');
  const lines = await engine.ready;
  // A token that was given is not shown.
  expect(lines).toEqual([
    'Running headless: you asked for it (--headless).',
    expect.stringMatching(/^Open http:\/\/127\.0\.0\.1:\d+\/login\?code=\S+$/),
    NO_KEYCHAIN,
  ]);
  // The demo begins with a session of its own.
  // On a busy machine a process may outlive the first answer, which then says so.
  await vi.waitFor(async () => expect((await tenure('stop', '--all')).code).toBe(0), { timeout: 20_000 });
}, 120_000);

afterAll(async () => {
  engine.child.kill('SIGKILL');
  await engine.ended;
});

describe('asking', () => {
  test('status, doctor, help', async () => {
    expect(await done('status')).toMatchObject({
      running: true,
      engine: { host: 'headless', demo: true, home: join(home, 'tenure', 'demo') },
      level: 'cautious',
      paused: false,
      pendingDecisions: 0,
    });
    const status = await tenure('status');
    expect(status.stdout).toMatch(/Tenure +0\.1\.0 \(headless, demo\)/);
    expect(status.stdout).not.toContain('\u001b');
    const checks = (await json('doctor')).body as { name: string; state: string }[];
    expect(checks.map(({ name }) => name)).toContain('Store');
    expect(checks.find(({ name }) => name === 'Data directory')).toMatchObject({
      detail: expect.stringMatching(/, \d+(\.\d)? [MGT]B free\.$/),
    });
    // What is offered to be copied runs wherever it is pasted.
    expect(checks.find(({ name }) => name === 'Start at login')).toMatchObject({
      command: `"${join(checkout, 'bin', 'tenure.mjs')}" service install`,
    });
    // What there is instead of a keychain is said wherever somebody asks: here, by "shell" and in the log.
    expect(checks.find(({ name }) => name === 'Secrets')).toMatchObject({
      state: 'warning',
      detail: NO_KEYCHAIN,
      fix: expect.stringContaining(join(home, 'tenure', 'demo')),
    });
    expect((await tenure('shell')).stdout).toContain(`Secrets: ${NO_KEYCHAIN}`);
    expect(readFileSync(join(home, 'tenure', 'demo', 'logs', 'tenure.1.log'), 'utf8')).toContain(NO_KEYCHAIN);
    expect((await tenure('help')).stdout).toContain('promotion approve');
  });

  test('reading takes no owner token, acting does: exit code 4', async () => {
    expect((await cli(['sessions', '--json'])).code).toBe(0);
    const nobody = await cli(['pause', '--json']);
    expect(nobody.code).toBe(4);
    expect(JSON.parse(nobody.stdout)).toMatchObject({ error: { kind: 'unauthenticated' } });
    expect((await cli(['pause'], { TENURE_OWNER_TOKEN: 'somebody-elses-token' })).code).toBe(4);
    expect((await cli(['open'], { TENURE_OWNER_TOKEN: 'somebody-elses-token' })).code).toBe(4);
  });

  test('open gives a URL that logs a browser in, once', async () => {
    const { url } = (await done('open')) as { url: string };
    const first = await fetch(url, { redirect: 'manual' });
    expect(first.status).toBe(303);
    expect(first.headers.get('set-cookie')).toMatch(/HttpOnly.*SameSite=Strict/);
    expect((await fetch(url, { redirect: 'manual' })).status).toBe(401);
  });

  test('the whole gate is put back only by a word for it', async () => {
    for (const args of [[], ['auto.perHour', '--all']])
      expect(await failed('policy', 'reset', ...args)).toMatchObject({
        code: 2,
        message: expect.stringContaining('the key to put back, or --all'),
      });
    expect(await done('policy', 'set', '{"auto.perHour": 7}')).toMatchObject({ settings: { auto: { perHour: 7 } } });
    expect(await done('policy', 'reset', '--all')).not.toMatchObject({ settings: { auto: { perHour: 7 } } });
  });

  test('what is not there: exit code 1 with a sentence', async () => {
    for (const args of [
      ['session', 'ses_none'],
      ['transcript', 'ses_none'],
      ['approve', 'dec_none'],
      ['stop', 'ses_none'],
    ]) {
      expect(await failed(...args)).toMatchObject({
        code: 1,
        kind: 'not_found',
        message: expect.stringMatching(/\.$/),
      });
    }
  });

  test('wrong usage: exit code 2', async () => {
    expect(await failed('approve')).toMatchObject({ code: 2, kind: 'invalid' });
    expect(await failed('level', '--set', 'wild')).toMatchObject({ code: 2 });
  });
});

describe('projects', () => {
  test('add, set, schedule, list, remove; by name, id and path', async () => {
    const { path } = testRepository({ name: 'shop' });
    const added = Project.parse(await done('project', 'add', path, '--verify', 'true', '--time-box', '30'));
    expect(added).toMatchObject({ name: 'shop', path, verifyCommand: 'true', timeBoxMs: 1_800_000, worktree: true });
    expect(
      await done('project', 'set', 'shop', '--verify', '', '--no-worktree', '--ceiling', 'cautious'),
    ).toMatchObject({
      verifyCommand: null,
      worktree: false,
      ceiling: 'cautious',
    });
    const scheduled = Project.parse(
      await done('project', 'schedule', path, '0 3-9 * * *', '--timezone', 'Europe/Berlin'),
    );
    expect(scheduled.schedule).toMatchObject({ cron: '0 3-9 * * *', timezone: 'Europe/Berlin', missed: 'skip' });
    expect(scheduled.schedule?.nextRunAt).toBeGreaterThan(Date.now());
    expect((await tenure('schedule', '--days', '2')).stdout).toMatch(/every hour until \d\d:00 +shop/);
    expect(await done('project', 'schedule', added.id, '--clear')).toMatchObject({ schedule: null });
    expect((await tenure('project', 'list')).stdout).toMatch(new RegExp(`${added.id} +shop +Cautious`));
    expect(await done('project', 'remove', 'shop')).toEqual({ id: added.id });
    expect(await failed('project', 'remove', 'shop')).toMatchObject({ code: 1, kind: 'not_found' });
  });

  test('what cannot be a project is refused in a sentence', async () => {
    expect(await failed('project', 'add', tempDir('no-repository'))).toMatchObject({ code: 1, kind: 'refused' });
    expect(await failed('project', 'add', 'nowhere')).toMatchObject({
      code: 1,
      kind: 'invalid',
      message: expect.stringContaining(join(home, 'nowhere')),
    });
    const { path } = testRepository({ name: 'cron' });
    await done('project', 'add', path);
    expect(await failed('project', 'schedule', 'cron', 'every monday')).toMatchObject({ code: 1, kind: 'invalid' });
    await done('project', 'remove', 'cron');
  });
});

describe('the level', () => {
  test('rises one step at a time and is kept with its reason', async () => {
    expect(await failed('level', '--set', 'full')).toMatchObject({
      code: 4,
      kind: 'not_allowed',
      message: expect.stringContaining('one step at a time'),
    });
    expect(await done('level', '--set', 'observe', '--reason', 'A test')).toMatchObject({ level: 'observe' });
    await done('level', '--set', 'cautious');
    expect(await failed('level', '--set', 'moderate')).toMatchObject({
      code: 4,
      message: expect.stringMatching(/has not earned Moderate yet: 0 of 2 sessions.*--override moderate/),
    });
    expect(await failed('level', '--set', 'moderate', '--override', 'yes')).toMatchObject({
      message: expect.stringContaining('expected "moderate", but got "yes"'),
    });
    expect(await done('level', '--set', 'moderate', '--override', 'moderate')).toMatchObject({ level: 'moderate' });
    const { intervals } = (await done('trust', '--history')) as { intervals: { cause: string }[] };
    expect(intervals.slice(0, 2)).toMatchObject([{ cause: 'override' }, { cause: 'person' }]);
    expect(Trust.parse(await done('trust'))).toMatchObject({
      level: 'moderate',
      sessions: 0,
      avgScore: null,
      promotionProgress: { nextLevel: 'full', sessionPct: 0, scoreMet: false },
    });
    expect((await tenure('trust', '--history')).stdout).toContain('A test');
    expect((await tenure('level')).stdout).toContain('Moderate');
  });

  test('the log of everything has it, searched and as CSV', async () => {
    const found = (await done('activity', '--area', 'trust', '--search', 'moderate')) as { entries: object[] };
    expect(found.entries[0]).toMatchObject({ area: 'trust', sentence: expect.stringContaining('Moderate') });
    const lines = (await tenure('activity', '--csv', '--limit', '2')).stdout.trim().split('\r\n');
    expect(lines).toHaveLength(3);
    expect(lines[0]).toBe('time,area,about,what');
    expect(await failed('activity', '--area', 'gossip')).toMatchObject({
      code: 2,
      message: expect.stringContaining('"gossip" is none of them'),
    });
  });

  test("the day's digest can be read at any time", async () => {
    expect(await done('digest')).toMatchObject({ told: null, dueAt: expect.any(Number) });
    expect((await tenure('digest')).stdout).toMatch(/^Since .*: 1 session ended[^]*Told next: /m);
  });

  test('no promotion is open', async () => {
    expect(await done('promotion', '--check')).toEqual({ promotion: null });
    expect(await failed('promotion', 'approve')).toMatchObject({ code: 1 });
    expect(await failed('promotion', 'decline')).toMatchObject({ code: 1 });
  });
});

describe('sessions', () => {
  test('run --wait, approve what it asks, see what it did', async () => {
    const newest = async () => ((await done('sessions', '--limit', '1')) as { id: string }[])[0]?.id;
    const before = await newest();
    const waiting = json('run', 'corner-shop', '--prompt', 'Fix the total', '--wait', '--timeout', '60');
    const id = await vi.waitFor(
      async () => {
        const now = await newest();
        if (now === undefined || now === before) throw new Error('The session is not launched yet.');
        return now;
      },
      { timeout: 20_000 },
    );
    const approved: Decision[] = [];
    for (;;) {
      const questions = await Promise.race([waiting.then(() => null), pending(id)]);
      if (questions === null) break;
      for (const asked of questions) {
        expect(asked).toMatchObject({ sessionId: id, state: 'pending', verdict: 'ask' });
        const told = (await tenure('decisions')).stdout;
        expect(told).toContain(asked.id);
        if (asked.action.changes?.length) expect(told).toMatch(/Action +Edit (src|test)\/[^]*\n− .*\n(− .*\n)*\+ /);
        approved.push(Decision.parse(await done('approve', asked.id, '--acknowledge')));
      }
    }
    expect(approved.map(({ action }) => action.detail).join()).toContain('git commit');
    expect(new Set(approved.map(({ state }) => state))).toEqual(new Set(['approved']));
    expect(await failed('deny', approved[0]!.id, '--reason', 'Late')).toMatchObject({ code: 1, kind: 'conflict' });

    const { code, body } = await waiting;
    expect(code).toBe(0);
    const session = SessionDetail.parse(body);
    expect(session).toMatchObject({
      id,
      project: 'corner-shop',
      state: 'ended',
      outcome: 'completed',
      level: 'moderate',
      commits: 1,
    });
    expect(session.evaluation?.score).toBeGreaterThanOrEqual(4);
    expect(session.decisions.map(({ state }) => state)).toContain('approved');
    expect(await done('session', id)).toEqual(body);
    expect((await tenure('session', id)).stdout).toMatch(/scored [45] of 5/);
    expect(await done('trust')).toMatchObject({ sessions: 1, evaluations: 1 });
    const { total } = (await done('transcript', id)) as { total: number };
    expect(total).toBeGreaterThan(5);
    expect((await tenure('transcript', id, '--from', '0')).stdout).toContain('I commit what I have done.');
    const found = (await done('transcript', id, '--search', 'NODE --TEST', '--only', 'tools')) as { title: string }[];
    expect(found.map(({ title }) => title)).toEqual(['Bash']);

    const at = ['--file', 'src/cart.js', '--lines', '3'];
    const draft = await done('comment', 'add', id, 'Why not before?', ...at, '--side', 'before');
    expect(draft).toMatchObject({ path: 'src/cart.js', side: 'before', from: 3, sentAt: null });
    expect(JSON.stringify(draft)).toContain('item.cents * item.count');
    expect((await tenure('comment', 'list', id)).stdout).toContain('Why not before?');
    expect(await failed('comment', 'add', id, 'x', '--file', 'src/cart.js', '--lines', '900')).toMatchObject({
      code: 2,
    });
    expect(await failed('comment', 'add', id, 'x', '--file', 'src/none.js', '--lines', '1')).toMatchObject({ code: 1 });
    await done('comment', 'remove', (draft as { id: string }).id);
    expect(await failed('comment', 'send', id)).toMatchObject({ code: 1, kind: 'conflict' });
    const decided = Decision.array().parse(await done('decisions', '--all', '--session', id));
    expect(decided.length).toBeGreaterThan(3);
  });

  test('deny --reason reaches the agent', async () => {
    const { id } = (await done('run', 'corner-shop', '--prompt', 'Round down')) as { id: string };
    const asked = await question(id);
    expect(await done('deny', asked.id, '--reason', 'Not on a Friday')).toMatchObject({
      state: 'denied',
      answerReason: 'Not on a Friday',
    });
    await expect
      .poll(async () => ((await done('session', id)) as { state: string }).state, { timeout: 30_000 })
      .toBe('ended');
    expect((await tenure('transcript', id, '--from', '0')).stdout).toContain('Not on a Friday');
    expect(await done('session', id)).toMatchObject({ commits: 0 });
  });

  test('a wait that is too short fails and leaves the session alone; stop ends it', async () => {
    const short = await failed('run', 'corner-shop', '--prompt', 'Fix the total', '--wait', '--timeout', '1');
    expect(short).toMatchObject({ code: 1, kind: 'expired' });
    const id = /ses_\w+/.exec(short.message)?.[0] ?? '';
    expect(await done('stop', id)).toEqual({ id, stopped: true, stillAlive: [] });
    expect(await done('session', id)).toMatchObject({ state: 'ended', outcome: 'stopped' });
    expect((await failed('stop', id)).code).toBe(1);
  });

  test('paused, nothing starts; stop --all clears the queue', async () => {
    expect(await done('pause')).toEqual({ paused: true });
    const { id } = (await done('run', 'corner-shop')) as { id: string };
    expect(await done('session', id)).toMatchObject({ state: 'queued' });
    expect(await done('status')).toMatchObject({ paused: true });
    expect(await done('stop', '--all')).toMatchObject([{ id, project: 'corner-shop', stopped: true, stillAlive: [] }]);
    expect(await done('go-on')).toEqual({ paused: false });
    expect((await tenure('stop', '--all')).stdout).toBe('Nothing was running.\n');
  });
});

describe('promotion', () => {
  test('is proposed with its evidence, approved, and declined the next time', async () => {
    expect(await done('promotion', '--check')).toMatchObject({
      promotion: { from: 'moderate', to: 'full', state: 'open', evidence: { evaluations: expect.any(Number) } },
    });
    expect((await tenure('trust')).stdout).toContain('"tenure promotion approve"');
    expect(await done('promotion', 'approve')).toMatchObject({ level: 'full', promotionProgress: null });
    await done('level', '--set', 'moderate');
    // What was earned before the fall proposes nothing: the window of the new stay is empty.
    expect(await done('promotion', '--check')).toEqual({ promotion: null });
    expect((await tenure('trust')).stdout).toMatch(/Lacks .*scored sessions in the recent window/);
    expect((await tenure('trust', '--history')).stdout).toMatch(/Moderate → Full .* Approved/);
    expect(await failed('promotion', 'decline', '--again', '2099-01-01')).toMatchObject({ code: 1 });
    expect(await failed('promotion', 'decline', '--again', 'soon')).toMatchObject({ code: 2 });
  });

  test('everything that trust rests on, alerts and shadows can be asked for, judged and reported', async () => {
    const events = (await done('trust', 'events')) as { kind: string; source: { id: string } | null }[];
    expect(new Set(events.map(({ kind }) => kind))).toEqual(new Set(['session', 'score', 'level', 'promotion']));
    const { alerts } = (await done('alerts', '--unjudged')) as { alerts: { id: string; kind: string }[] };
    const [promotion] = alerts.filter(({ kind }) => kind === 'promotion');
    expect(await done('alerts', 'judge', promotion?.id ?? '', 'false')).toMatchObject({ verdict: 'false' });
    expect(await done('alerts')).toMatchObject({ levels: { moderate: { false: 1 } } });
    expect(await failed('alerts', 'judge', 'nobody', 'useful')).toMatchObject({ code: 1, kind: 'not_found' });
    expect(await done('trust', 'shadows')).toMatchObject({ figures: { agreed: 0 } });
    expect(await failed('trust', 'mark', 'dec_none', 'agree')).toMatchObject({ kind: 'not_found' });
    expect(await failed('trust', 'report', 'boredom', 'Slow')).toMatchObject({ code: 2 });
    await done('level', '--set', 'full', '--override', 'full');
    expect(await done('trust', 'report', 'lost_work', 'My stash is gone')).toMatchObject({ level: 'moderate' });
    expect((await tenure('trust', '--history')).stdout).toMatch(/Work was lost .*My stash is gone/);
  });
});

describe('the engine', () => {
  test('a second one on the same folders refuses in one sentence and disturbs nobody', async () => {
    const second = await startEngine('--port', '0').ended;
    expect(second.code).toBe(1);
    expect(second.stderr).toMatch(/^Tenure already runs on this data directory .*\.\n$/m);
    expect(await done('status')).toMatchObject({ running: true });
  });

  test('SIGTERM ends it cleanly; the CLI then says that and why it did not start again: exit code 3', async () => {
    engine.child.kill('SIGTERM');
    expect((await engine.ended).code).toBe(0);
    expect(await failed('status')).toMatchObject({ code: 3, kind: 'unavailable' });

    const taken: Server = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const address = taken.address();
    const port = String(typeof address === 'object' && address ? address.port : 0);
    const blocked = await startEngine('--port', port).ended;
    await new Promise((resolve) => taken.close(resolve));
    expect(blocked).toMatchObject({ code: 1, stderr: expect.stringContaining(`Port ${port}`) });
    expect(await failed('status')).toMatchObject({
      code: 3,
      message: expect.stringMatching(new RegExp(`The demo is not running.* Its last start failed .*Port ${port}`)),
    });
  });

  test('what was done is still there after a restart', async () => {
    engine = startEngine('--port', '0');
    await engine.ready;
    expect(await done('status')).toMatchObject({ level: 'moderate' });
    expect(((await done('sessions')) as unknown[]).length).toBe(5);
  });
});
