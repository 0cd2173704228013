import { existsSync, readdirSync, readlinkSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ProjectSettings } from '../../src/shared/contract/projects.ts';
import { tempDir } from '../builders.ts';
import { FAKE, type Step } from '../fakes/scripted-claude.ts';
import { type Rig, startRig, until } from '../rig.ts';

/*
 * What agents, people and commands do to a place of work: each session comes to an end, is measured as far as that
 * can be, and says in words what could not.
 */
const dir = tempDir('rough');
const scenario = join(dir, 'scenario.json');
const done = join(dir, 'done');
let rig: Rig;
beforeAll(async () => {
  rig = await startRig({ command: FAKE, agentEnv: { FAKE_CLAUDE: scenario } });
});
afterAll(() => rig.stop());

const COMMIT = 'git add -A && git -c user.name=a -c user.email=a@b commit -qm work';

/** A session in which that is done to the place where it works. @param until a file for whose making it waits. */
async function launch(work: string, settings: ProjectSettings = {}, waitFor = done) {
  rmSync(done, { force: true });
  const steps: Step[] = [{ leave: { command: `( ${work} ); touch '${done}'` } }, { waitFor: done }, { waitFor }];
  writeFileSync(scenario, JSON.stringify({ version: '2.1.328', steps: [{ init: {} }, ...steps, { result: {} }] }));
  const { project, repository } = await rig.addProject(settings);
  const { id } = await rig.call('sessions.launch', { projectId: project.id, prompt: 'Work.' });
  return { id, project, repository };
}

/** Programs that work somewhere below that folder. */
const worksIn = (folder: string): string[] =>
  readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readlinkSync(`/proc/${pid}/cwd`).startsWith(folder);
    } catch {
      return false;
    }
  });

test('a work tree that is gone: not scored, with the reason, and the branch can still be looked at', async () => {
  const { id } = await launch('rm -rf "$PWD"', { verifyCommand: 'true' });
  const { outcome, evaluation, evidence } = await rig.ended(id);
  expect({ outcome, score: evaluation?.score }).toEqual({ outcome: 'completed', score: null });
  expect(evidence).toMatchObject({ commits: null, verify: null, problem: expect.stringMatching(/is gone/) });
  expect(await rig.call('worktrees.preview', { sessionId: id })).toMatchObject({ tree: null, how: 'nothing' });
});

test('names that nobody writes, binary and long files, a lock that somebody left, another branch', async () => {
  const names = `printf x > "$(printf 'a\\nb')"; printf y > 'ü "q" \\ .txt'; printf z > -rf`;
  const files = `head -c 300000 /dev/urandom > bin; yes line | head -c 3000000 > long`;
  const branch = 'git switch -qc elsewhere && git branch -qD "tenure/$(basename "$PWD")"';
  const work = `${names}; ${files}; ${branch}; ${COMMIT}; touch "$(git rev-parse --git-dir)/index.lock"`;
  const { id } = await launch(work, { verifyCommand: 'test -e -rf' });
  const session = await rig.ended(id);
  expect(session).toMatchObject({ outcome: 'completed', commits: 1, filesChanged: 5, evaluation: { score: 5 } });
  expect(session.evidence?.files?.map(({ path }) => path).toSorted()).toEqual(
    ['a\nb', 'ü "q" \\ .txt', '-rf', 'bin', 'long'].toSorted(),
  );
  const preview = await rig.call('worktrees.preview', { sessionId: id });
  expect(preview).toMatchObject({ branch: 'elsewhere', how: 'fast_forward', ahead: 1, obstacles: [] });
});

test('a repository that is moved away: nothing is made up, nothing is launched, and it goes on when it is back', async () => {
  const moved = join(dir, 'moved');
  const { id, project, repository } = await launch(`echo 1 > a; ${COMMIT}`, {}, moved);
  await until('it has worked', () => existsSync(done));
  renameSync(repository.path, `${repository.path}-moved`);
  writeFileSync(moved, '');
  expect(await rig.ended(id)).toMatchObject({ commits: null, evaluation: { score: null } });
  const again = { projectId: project.id, prompt: 'More.' };
  await expect(rig.call('sessions.launch', again)).rejects.toThrow(/is not there: it was moved or deleted/);
  renameSync(`${repository.path}-moved`, repository.path);
  const { id: next } = await rig.call('sessions.launch', again);
  expect(await rig.ended(next)).toMatchObject({ outcome: 'completed' });
});

test.runIf(process.platform === 'linux')(
  'a verify command that wants a terminal, forks away and never ends: bounded, and nothing of it stays',
  async () => {
    const verifyCommand = `read a < /dev/tty; setsid sh -c "trap '' TERM; sleep 600" & cat > /dev/null; yes`;
    const { id } = await launch(`echo 1 > a; ${COMMIT}`, { verifyCommand, verifyTimeoutMs: 1_000 });
    const session = await rig.ended(id);
    expect(session.evidence?.verify).toMatchObject({ timedOut: true, exitCode: null });
    expect(session.evidence?.verify?.tail.length).toBeLessThan(100_000);
    expect(worksIn(rig.dataDir)).toEqual([]);
  },
);
