import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { gitEnv, type TestRepository, tempDir, testRepository } from '../../../test/builders.ts';
import type { VerifyResult } from '../../shared/contract/evidence.ts';
import { createGit } from '../adapters/git.ts';
import { createIds } from '../adapters/ids.ts';
import { createSpawner } from '../adapters/spawner.ts';
import { attributionOf, type BeforeDeps, createBefore } from './before.ts';
import { createVerify } from './verify.ts';

const env = gitEnv(tempDir('home'));
const spawner = createSpawner();
const verify = createVerify({ spawner, ids: createIds() });
let kept: Map<string, VerifyResult>;
let repo: TestRepository;
let base: string;
const copies = join(tempDir('data'), 'copies');

beforeEach(() => {
  kept = new Map();
  repo = testRepository();
  base = repo.commit({ 'check.sh': 'test -d modules || exit 7; exit 1' });
});

/** Looks at what the check gave at the base; it wants a folder that the set-up makes. */
function find(setUp: { command: string; timeoutMs: number } | null, furnish: BeforeDeps['furnish'] = async () => {}) {
  const before = createBefore({
    verify,
    clock: { now: () => 0 },
    copies,
    furnish,
    git: createGit({ spawner, env }),
    storage: {
      baseCheck: (commit, command) => kept.get(`${commit} ${command}`) ?? null,
      keepBaseCheck: (commit, result) => void kept.set(`${commit} ${result.command}`, result),
    },
  });
  return before.find(repo.path, base, { projectId: 'prj_1', command: 'sh check.sh', timeoutMs: 60_000, env, setUp });
}

const after: VerifyResult = { command: 'sh check.sh', exitCode: 1, timedOut: false, durationMs: 1, tail: '' };

it('sets a copy up before the command is run there, and says what that took', async () => {
  const command = 'sleep 0.05; mkdir modules';
  const found = await find({ command, timeoutMs: 60_000 });
  expect(found).toMatchObject({ command: 'sh check.sh', exitCode: 1, setUp: { command } });
  expect(found?.setUp?.durationMs).toBeGreaterThanOrEqual(50);
  expect(attributionOf(found, after)).toBe('was_failing');
  expect(existsSync(join(repo.path, 'modules'))).toBe(false);
});

it.each([
  ['fails', 'exit 1', 60_000],
  ['does not end in time', 'sleep 60', 300],
])('knows nothing of the past when the set-up %s', async (_, command, timeoutMs) => {
  const found = await find({ command, timeoutMs });
  expect(found).toBeNull();
  expect(kept.size).toBe(0);
  expect(attributionOf(found, after)).toBe('fails');
});

it('believes an earlier look only with the same set-up', async () => {
  expect(await find(null)).toMatchObject({ exitCode: 7 });
  const setUp = { command: 'mkdir modules', timeoutMs: 60_000 };
  const found = await find(setUp);
  expect(found).toMatchObject({ exitCode: 1 });
  expect(await find({ ...setUp, timeoutMs: 1 })).toEqual(found);
  expect(await find(null)).toMatchObject({ exitCode: 7 });
});

it('puts into the copy what the sessions of the project get copied in, and leaves none behind', async () => {
  const given: string[] = [];
  const found = await find(null, async (projectId, copy) => {
    given.push(projectId);
    mkdirSync(join(copy, 'modules'));
  });
  expect(given).toEqual(['prj_1']);
  expect(found).toMatchObject({ exitCode: 1 });
  expect(readdirSync(copies)).toEqual([]);
});
