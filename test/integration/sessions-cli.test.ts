import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCli } from '../../src/cli/run.ts';
import type { TestRepository } from '../builders.ts';
import { bash, say } from '../fakes/messages-api.ts';
import { OWNER_TOKEN, type Rig, startRig } from '../rig.ts';

/* What is said of sessions in a shell: their work, what they used, and how they are talked to. One engine for all. */
let rig: Rig;
let repository: TestRepository;
let session: string;

beforeAll(async () => {
  rig = await startRig({
    script: (request) => {
      const asked = JSON.stringify(request.messages);
      return asked.includes('MAKE') && request.toolResults.length === 0
        ? bash('echo made > made.txt && git add . && git commit -qm "Make it"')
        : say('Done.');
    },
  });
  await rig.raiseTo('moderate');
  ({ repository } = await rig.addProject({ name: 'shop' }));
  session = await worked('MAKE');
});
afterAll(() => rig.stop());

/** Launches a session in the shell and lets it do what it asks, to its end. @returns its id. */
async function worked(prompt: string): Promise<string> {
  const { id } = (await tenure('run', 'shop', '--prompt', prompt, '--json')).json() as { id: string };
  if (prompt === 'MAKE') await rig.call('decisions.approve', { id: (await rig.pending()).id, acknowledge: true });
  await rig.ended(id);
  return id;
}

async function tenure(...argv: string[]) {
  let stdout = '';
  let stderr = '';
  const code = await runCli(argv, {
    env: { ...rig.env, TENURE_OWNER_TOKEN: OWNER_TOKEN },
    platform: process.platform,
    home: rig.dir,
    cwd: rig.dir,
    fetch,
    now: () => Date.now(),
    sleep: () => Promise.resolve(),
    browse: () => undefined,
    stdin: () => Promise.resolve(''),
    stdout: (text) => {
      stdout += text;
    },
    stderr: (text) => {
      stderr += text;
    },
  });
  return { code, stdout, stderr, json: () => JSON.parse(stdout) as unknown };
}

test('what became of its work: shown, listed, kept, merged, cleaned', async () => {
  const shown = await tenure('worktrees', 'show', session);
  expect(shown).toMatchObject({ code: 0, stderr: '' });
  expect(shown.stdout).toMatch(/Work\s+open/);
  expect(shown.stdout).toMatch(/Into\s+main: 1 ahead, 0 behind/);
  expect((await tenure('worktrees', 'list', '--project', 'shop')).stdout).toContain(session);
  const lost = await tenure('worktrees', 'discard', session);
  expect(lost).toMatchObject({ code: 1 });
  expect(lost.stderr).toContain('loses 1 commit');
  expect((await tenure('worktrees', 'keep', session)).code).toBe(0);
  expect(await tenure('worktrees', 'clean', '--json')).toMatchObject({ code: 0 });
  expect(existsSync(join(repository.path, 'made.txt'))).toBe(false);
  expect((await tenure('worktrees', 'merge', session, '--json')).json()).toMatchObject({ how: 'fast_forward' });
  expect(readFileSync(join(repository.path, 'made.txt'), 'utf8')).toBe('made\n');
  const cleaned = (await tenure('worktrees', 'clean', '--json')).json() as { removed: { path: string }[] };
  expect(cleaned.removed).toHaveLength(1);
  const odd = join(rig.dataDir, 'worktrees', 'prj_odd', 'odd');
  mkdirSync(odd, { recursive: true });
  writeFileSync(join(odd, 'notes'), 'mine');
  expect((await tenure('worktrees', 'list')).stdout).toMatch(/^odd .*it has 1 file\. \(--loses 1,0\)$/m);
  expect((await tenure('worktrees', 'remove', 'odd')).stderr).toContain('has to be confirmed by its numbers');
  expect((await tenure('worktrees', 'remove', 'odd', '--loses', '1,0')).stdout).toBe(`Removed ${odd}.\n`);
  expect(existsSync(odd)).toBe(false);
  expect((await tenure('worktrees', 'show', 'ses_none')).stderr).toContain('There is no session "ses_none".');
});

test('what was used, its budgets and limits, and the record of spawns', async () => {
  const usage = (await tenure('usage', '--days', '1', '--json')).json();
  expect(usage).toMatchObject({ days: 1, total: { runs: 1, inputTokens: 200 } });
  expect((await tenure('usage')).stdout).toMatch(/shop\s+1\s+200/);
  expect(await tenure('usage', '--days', 'two')).toMatchObject({ code: 2 });
  expect((await tenure('usage', 'budget', 'shop', '--session', '5')).code).toBe(0);
  expect((await tenure('usage', 'budget', 'shop')).stdout).toContain('$5');
  expect((await tenure('usage', 'budget', 'shop', '--session', 'none')).code).toBe(0);
  expect((await tenure('limits', '--json')).json()).toEqual({ reached: null, windows: [] });
  expect((await tenure('telemetry', 'summary', '--json')).json()).toMatchObject({ spawns: 1, completed: 1 });
  expect((await tenure('telemetry', 'routing', '--days', '1')).code).toBe(0);
  const exported = (await tenure('telemetry', 'export')).json();
  expect(exported).toMatchObject({ version: '1.0', routing_decisions: [{ caste: 'session' }] });
  const [spawn] = (await rig.call('telemetry.summary', {})).recent;
  expect((await tenure('telemetry', 'correct', spawn?.id ?? '', 'failed', '--reason', 'It was wrong')).code).toBe(0);
  expect((await tenure('telemetry', 'summary', '--json')).json()).toMatchObject({ completed: 0, failed: 1 });
});

test('it is talked to: said, forked, begun anew, and its transcript read', async () => {
  const first = await worked('Just look.');
  expect((await tenure('transcript', first)).stdout).toContain('Just look.');
  const said = (await tenure('say', first, '--prompt', 'And the docs?', '--json')).json() as {
    session?: { id: string };
  };
  const lists = async () => (await rig.call('sessions.list', {})).filter(({ lineage }) => lineage?.from === first);
  await expect.poll(async () => (await lists()).length, { timeout: 20_000 }).toBe(1);
  expect(said).toBeTruthy();
  for (const { id } of await lists()) await rig.ended(id);
  const forked = await tenure('fork', first, '--prompt', 'Another way.', '--json');
  expect(forked.code).toBe(0);
  for (const { id } of await lists()) await rig.ended(id);
  expect((await tenure('retry', first, '--json')).code).toBe(0);
  for (const { id } of await lists()) await rig.ended(id);
  const kinds = new Set((await lists()).map(({ lineage }) => lineage?.kind));
  expect(kinds).toEqual(new Set(['follow_up', 'fork', 'retry']));
  expect((await tenure('prompts', first)).code).toBe(0);
  expect(await tenure('say', 'ses_none', '--prompt', 'x')).toMatchObject({ code: 1 });
});

test("the person's own sessions in a terminal are listed, and their record is read", async () => {
  const id = '3f1c2d5e-8a4b-4c6d-9e7f-0a1b2c3d4e5f';
  const records = join(rig.dir, 'home', '.claude', 'projects', 'somewhere');
  mkdirSync(records, { recursive: true });
  const line = (type: string, content: unknown) =>
    `${JSON.stringify({ type, cwd: repository.path, sessionId: id, timestamp: new Date().toISOString(), message: { role: type, content } })}\n`;
  writeFileSync(
    join(records, `${id}.jsonl`),
    line('user', 'IN A TERMINAL') + line('assistant', [{ type: 'text', text: 'Seen.' }]),
  );
  await expect.poll(async () => (await tenure('terminals')).stdout, { timeout: 20_000 }).toContain('IN A TERMINAL');
  expect((await tenure('terminals', id)).stdout).toContain('Seen.');
  expect((await rig.call('sessions.list', {})).some((one) => one.id === id)).toBe(false);
});
