import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { gitEnv, repositoryAt, type TestRepository, tempDir, testRepository } from '../../../test/builders.ts';
import { createGit } from '../adapters/git.ts';
import { createIds } from '../adapters/ids.ts';
import { createSpawner } from '../adapters/spawner.ts';
import { createMeasure, type MeasureInput } from './measure.ts';
import { type Measured, NOT_LOOKED_AT } from './rules.ts';
import { createVerify } from './verify.ts';

const home = tempDir('home');
const env = gitEnv(home);
const spawner = createSpawner();
const measure = createMeasure({
  git: createGit({ spawner, env }),
  verify: createVerify({ spawner, ids: createIds() }),
});
const run = (cwd: string, base: string, part: Partial<MeasureInput> = {}) =>
  measure({ cwd, baseCommit: base, verify: null, env, ...part });
const verify = (command: string, timeoutMs = 20_000) => ({ verify: { command, timeoutMs } });

describe('git facts', () => {
  it('count what was committed since the base, whatever its dates (T-041)', async () => {
    const repo = testRepository();
    const base = repo.commit({ 'a.txt': '1\n2\n3\n', 'long.txt': 'line\n'.repeat(50) });
    repo.write('a.txt', '1\n2\nthree\nfour\n');
    repo.git('mv', 'long.txt', 'moved.txt');
    repo.write('b.bin', Buffer.from([0, 1, 2, 255]));
    repo.git('add', '--all');
    repo.git('commit', '--quiet', '--message', 'old', '--date', '2001-01-01T00:00:00Z');
    const head = repo.commit({ 'c.txt': 'new\n' });
    repo.write('left', 'x');
    repo.write('a.txt', 'changed again');
    expect(await run(repo.path, base)).toEqual({
      baseCommit: base,
      headCommit: head,
      commits: 2,
      filesChanged: 4,
      insertions: 3,
      deletions: 1,
      uncommittedFiles: 2,
      historyRewritten: false,
      verify: null,
      ...NOT_LOOKED_AT,
      problem: null,
    });
  });

  it('count what lies uncommitted where git is told not to look; a sparse checkout is nothing', async () => {
    const repo = testRepository();
    const base = repo.commit({ a: '1\n', b: '1\n', c: '1\n', d: '1\n' });
    repo.git('update-index', '--skip-worktree', 'a', 'd');
    repo.git('update-index', '--assume-unchanged', 'b', 'c');
    repo.write('a', 'another\n');
    repo.write('b', 'another\n');
    rmSync(join(repo.path, 'd'));
    expect(repo.git('status', '--porcelain')).toBe('');
    expect(await run(repo.path, base)).toMatchObject({ uncommittedFiles: 2, commits: 0 });
  });

  it('are zero, not unknown, when nothing happened', async () => {
    const repo = testRepository();
    expect(await run(repo.path, repo.head())).toMatchObject({
      commits: 0,
      filesChanged: 0,
      insertions: 0,
      deletions: 0,
      uncommittedFiles: 0,
      historyRewritten: false,
    });
  });

  it('tell rewritten history', async () => {
    const repo = testRepository();
    const base = repo.commit({ a: '1\n' });
    repo.write('a', '2\n');
    repo.git('commit', '--quiet', '--all', '--amend', '--message', 'mine now');
    expect(await run(repo.path, base)).toMatchObject({ historyRewritten: true, commits: 1, filesChanged: 1 });
    repo.git('switch', '--quiet', '--orphan', 'empty');
    expect(await run(repo.path, base)).toMatchObject({ headCommit: null, historyRewritten: true, commits: 0 });
  });

  describe('in a tree of its own', () => {
    /** A session's tree and its base; afterwards others have added two commits to the target, which a remote has too. */
    function tree() {
      const repo = testRepository();
      const base = repo.commit({ a: '1\n' });
      const path = join(tempDir('trees'), 'ses');
      repo.git('worktree', 'add', '--quiet', '-b', 'tenure/ses', path);
      const own = repositoryAt(path, home);
      const others = () => {
        repo.commit({ theirs: '1\n2\n3\n' }, 'Theirs');
        return repo.commit({ more: 'x\n' }, 'More of theirs');
      };
      return { repo, own, base, others };
    }
    const mine = (own: TestRepository, n = 1) => own.commit({ [`mine${n}`]: 'a\nb\n' }, `Mine ${n}`);
    const ONE = { commits: 1, filesChanged: 1, insertions: 2, deletions: 0, historyRewritten: false };

    it.each<[string, (made: ReturnType<typeof tree>) => void, Partial<Measured>]>([
      ['nothing was taken over', ({ own, others }) => void [others(), mine(own)], ONE],
      [
        'the target was merged',
        ({ own, others }) => void [others(), mine(own), own.git('merge', '-q', '--no-edit', 'main')],
        { ...ONE, commits: 2 },
      ],
      [
        'it was rebased on the target',
        ({ own, others }) => void [others(), mine(own), own.git('rebase', '-q', 'main')],
        ONE,
      ],
      [
        'it moved on to the target and did nothing',
        ({ own, others }) => void [others(), own.git('merge', '-q', '--ff-only', 'main')],
        { commits: 0, filesChanged: 0, insertions: 0, historyRewritten: false },
      ],
      [
        'it moved on to the target, then worked',
        ({ own, others }) => void [others(), own.git('merge', '-q', '--ff-only', 'main'), mine(own)],
        ONE,
      ],
      [
        'the target is at a remote',
        ({ own, repo, others }) => {
          const tip = others();
          repo.git('reset', '-q', '--hard', 'HEAD~2');
          repo.git('update-ref', 'refs/remotes/origin/main', tip);
          own.git('merge', '-q', '--ff-only', 'origin/main');
          mine(own);
        },
        ONE,
      ],
      [
        'its own work is in the target already',
        ({ own, repo }) => void [mine(own), repo.git('merge', '-q', '--ff-only', 'tenure/ses')],
        ONE,
      ],
      [
        'the target began anew',
        ({ own, repo }) =>
          void [
            mine(own),
            repo.git('checkout', '-q', '--orphan', 'x'),
            repo.git('commit', '-qm', 'x'),
            repo.git('branch', '-qf', 'main', 'x'),
          ],
        ONE,
      ],
    ])('count its own work alone when %s (T-041)', async (_how, work, expected) => {
      const made = tree();
      work(made);
      expect(await run(made.own.path, made.base, { target: 'main' })).toMatchObject(expected);
    });

    it('count what was pulled in the project’s own folder as nobody’s', async () => {
      const { repo, base, others } = tree();
      const tip = others();
      repo.git('reset', '-q', '--hard', base);
      repo.git('update-ref', 'refs/remotes/origin/main', tip);
      repo.git('merge', '-q', '--ff-only', 'origin/main');
      expect(await run(repo.path, base, { target: 'main' })).toMatchObject({ commits: 0, filesChanged: 0 });
      mine(repo);
      expect(await run(repo.path, base, { target: 'main' })).toMatchObject(ONE);
      repo.git('update-ref', 'refs/remotes/origin/main', 'HEAD');
      // Pushed, by a commit that was made here: then nothing tells which of them were taken over.
      expect(await run(repo.path, base, { target: 'main' })).toMatchObject({ commits: 3 });
    });
  });

  it('are unknown, with the reason, when there is nothing to look at', async () => {
    const repo = testRepository();
    const base = repo.head();
    const unknown = { commits: null, filesChanged: null, insertions: null, deletions: null, verify: null };
    expect(await measure({ cwd: null, baseCommit: null, verify: null, env })).toMatchObject({
      ...unknown,
      problem: expect.stringMatching(/never got a place/),
    });
    const missing = 'f'.repeat(40);
    expect(await run(repo.path, missing, verify('true'))).toMatchObject({
      ...unknown,
      uncommittedFiles: 0,
      problem: expect.stringContaining(missing),
    });
    // Without its .git the folder is inside another repository, which must not be measured in its place.
    const inner = join(repo.path, 'inner');
    repo.git('worktree', 'add', '--quiet', inner);
    expect(await run(inner, base)).toMatchObject({ commits: 0, problem: null });
    rmSync(join(inner, '.git'));
    const gone = { ...unknown, uncommittedFiles: null, problem: expect.stringMatching(/is gone/) };
    expect(await run(inner, base)).toMatchObject(gone);
    rmSync(inner, { recursive: true });
    expect(await run(inner, base, verify('true'))).toMatchObject(gone);
  });

  it('are those of the work tree, not of the repository that it belongs to', async () => {
    const repo = testRepository();
    const base = repo.head();
    const path = join(tempDir(), 'tree');
    repo.git('worktree', 'add', '--quiet', '-b', 'tenure/x', path);
    repositoryAt(path, home).commit({ a: '1\n' });
    repo.commit({ other: 'x\n' });
    expect(await run(path, base)).toMatchObject({ commits: 1, filesChanged: 1, insertions: 1 });
  });
});

describe('the verify command', () => {
  const repo = testRepository();
  const verified = async (command: string, part: Partial<MeasureInput> & { timeoutMs?: number } = {}) => {
    const { timeoutMs, ...rest } = part;
    return (await run(repo.path, repo.head(), { ...verify(command, timeoutMs), ...rest })).verify;
  };

  /** A process that nobody has waited for yet is dead too. */
  const alive = (pidFile: string): boolean => {
    const identity = spawner.identify(Number(readFileSync(pidFile, 'utf8')));
    return identity !== null && spawner.probe(identity) !== 'dead';
  };

  /** Starts a process in a session of its own, as test servers do, and writes its pid. */
  const detached = (pidFile: string): string => {
    const spawn = `spawn("sleep", ["300"], { detached: true, stdio: "ignore" })`;
    const script = `const child = require("child_process").${spawn}; child.unref(); console.log(child.pid)`;
    return `'${process.execPath}' -e '${script}' > '${pidFile}'`;
  };

  it('runs in a shell in the work tree; its exit code and both outputs are kept in order', async () => {
    const result = await verified('pwd; echo err >&2; # a comment\necho "it\'s" $((1 + 1)); exit 3');
    expect(result).toEqual({
      command: 'pwd; echo err >&2; # a comment\necho "it\'s" $((1 + 1)); exit 3',
      exitCode: 3,
      timedOut: false,
      durationMs: expect.any(Number),
      tail: `${repo.path}\nerr\nit's 2`,
    });
  });

  it('is not fooled by what it prints, and survives bad UTF-8, floods and secrets', async () => {
    expect((await verified('echo "all tests passed"; false'))?.exitCode).toBe(1);
    expect((await verified("printf '\\377\\376 caf\\303\\251'"))?.tail).toBe('\uFFFD\uFFFD café');
    const flood = await verified('yes flood | head -c 6000000; echo end');
    expect(flood?.tail.length).toBeLessThanOrEqual(8_000);
    expect(flood?.tail.endsWith('\nend')).toBe(true);
    expect((await verified('echo sk-ant-abcdefghijklmnop'))?.tail).toBe('[redacted]');
  });

  it('gets the given environment and nothing of Tenure’s but its own mark', async () => {
    const result = await verified('env', { env: { PATH: env['PATH'] ?? '', A: '1', TENURE_OWNER_TOKEN: 'x' } });
    const names = (result?.tail ?? '').split('\n').map((line) => line.split('=')[0]);
    expect(names).toContain('A');
    expect(names.filter((name) => name?.startsWith('TENURE_'))).toEqual(['TENURE_NONCE']);
    expect(names).not.toContain('HOME');
  });

  it('is ended with all that it started when its time is over', async () => {
    const pids = join(tempDir(), 'pids');
    const result = await verified(`${detached(pids)}; echo waiting; sleep 300`, {
      timeoutMs: 1_000,
    });
    expect(result).toMatchObject({ exitCode: null, timedOut: true, tail: 'waiting' });
    await expect.poll(() => alive(pids)).toBe(false);
  });

  it('does not leave a server running that it started', async () => {
    const pids = join(tempDir(), 'pids');
    const result = await verified(detached(pids));
    expect(result?.exitCode).toBe(0);
    await expect.poll(() => alive(pids)).toBe(false);
  });

  it('is not run again, and not waited for, after an abort', async () => {
    const started = join(tempDir(), 'started');
    const abort = new AbortController();
    const running = verified(`touch ${started}; sleep 300`, { signal: abort.signal });
    await expect.poll(() => existsSync(started)).toBe(true);
    abort.abort(new Error('the engine stops'));
    await expect(running).rejects.toThrow('the engine stops');
    await expect(verified('true', { signal: abort.signal })).rejects.toThrow('the engine stops');
  });

  it('says how it was ended by a signal', async () => {
    expect(await verified('kill -SEGV $$')).toMatchObject({ exitCode: null, tail: '(ended by SIGSEGV)' });
  });

  it('is judged by the tree as the agent left it: what it writes itself is not counted', async () => {
    const measured = await run(repo.path, repo.head(), verify('touch coverage'));
    expect(measured.uncommittedFiles).toBe(0);
    rmSync(join(repo.path, 'coverage'));
  });
});
