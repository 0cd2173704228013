import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import type { Child, ProcessIdentity } from '../kernel/ports.ts';
import { createProcessTable, parsePs, parsePsEnvironments, parseStat } from './process-table.ts';
import { createSpawner } from './spawner.ts';

const PATH = process.env.PATH ?? '';
const linux = process.platform === 'linux';
const spawner = createSpawner();
const started: { child: Child; nonce: string }[] = [];

async function start(script: string): Promise<{ child: Child; nonce: string; firstLine: Promise<string> }> {
  const nonce = randomUUID();
  const child = await spawner.start('sh', ['-c', script], { cwd: '/', env: { PATH, TENURE_NONCE: nonce } });
  started.push({ child, nonce });
  const firstLine = new Promise<string>((resolve) => {
    let text = '';
    child.onStdout((chunk) => {
      text += chunk.toString();
      if (text.includes('\n')) resolve(text.slice(0, text.indexOf('\n')));
    });
  });
  return { child, nonce, firstLine };
}

const treeOf = (leader: ProcessIdentity, nonce: string) =>
  spawner.treeOf(leader, { name: 'TENURE_NONCE', value: nonce });

const gone = (identity: ProcessIdentity) => expect.poll(() => spawner.probe(identity)).toBe('dead');

afterEach(async () => {
  for (const { child, nonce } of started.splice(0)) {
    for (const left of await treeOf(child.identity, nonce)) spawner.signalOne(left, 'SIGKILL');
    child.release();
  }
});

describe('run', () => {
  it('gives output, exit code and a time', async () => {
    const result = await spawner.run('sh', ['-c', 'cat; echo err >&2; exit 3'], {
      env: { PATH },
      timeoutMs: 5_000,
      stdin: 'in',
    });
    expect(result).toMatchObject({ ok: false, exitCode: 3, signal: null, stdout: 'in', stderr: 'err\n' });
    expect(result).toMatchObject({ timedOut: false, spawnError: null });
    expect(result.durationMs).toBeGreaterThan(0);
  });

  it('says why a program could not be started, and never rejects', async () => {
    const options = { env: { PATH }, timeoutMs: 1_000 };
    expect(await spawner.run('/nowhere/at-all', [], options)).toMatchObject({ ok: false, spawnError: 'ENOENT' });
    expect(await spawner.run('/etc/passwd', [], options)).toMatchObject({ ok: false, spawnError: 'EACCES' });
    expect((await spawner.run('sh', ['\0'], options)).spawnError).toBe('ERR_INVALID_ARG_VALUE');
  });

  it('is called off, with all that it has started, before its beginning or in its middle', async () => {
    const off = new AbortController();
    const options = { env: { PATH }, timeoutMs: 60_000, signal: off.signal };
    const running = spawner.run('sh', ['-c', 'sleep 600 & sleep 600'], options);
    const later = setTimeout(() => off.abort(), 50);
    expect(await running).toMatchObject({ ok: false, signal: 'SIGKILL', timedOut: false });
    clearTimeout(later);
    expect(await spawner.run('sleep', ['600'], options)).toMatchObject({ ok: false, signal: 'SIGKILL' });
  });

  it('inherits nothing', async () => {
    const result = await spawner.run('/usr/bin/env', [], { env: { ONLY: 'this' }, timeoutMs: 5_000 });
    expect(result.stdout).toBe('ONLY=this\n');
  });

  it('keeps the newest output, from a whole character on', async () => {
    const script = 'i=0; while [ $i -lt 2000 ]; do printf "€€€€"; i=$((i+1)); done; printf end';
    const { stdout } = await spawner.run('sh', ['-c', script], { env: { PATH }, timeoutMs: 5_000, maxBytes: 11 });
    expect(stdout).toBe('€€end');
  });

  it('survives a child that reads nothing of a large input', async () => {
    const stdin = 'x'.repeat(1 << 20);
    expect(await spawner.run('true', [], { env: { PATH }, timeoutMs: 5_000, stdin })).toMatchObject({ ok: true });
  });

  it('kills the whole group when its time is over', async () => {
    const script = 'sleep 60 & echo $!; wait';
    const result = await spawner.run('sh', ['-c', script], { env: { PATH }, timeoutMs: 200 });
    expect(result).toMatchObject({ ok: false, timedOut: true, exitCode: null, signal: 'SIGKILL' });
    const sleeper = spawner.identify(Number(result.stdout));
    if (sleeper) await gone(sleeper); // where nobody collects orphans, it stays there defunct
  });

  it('does not wait for a grandchild that holds the output', async () => {
    const nonce = randomUUID();
    const result = await spawner.run('sh', ['-c', 'sleep 60 & echo $!'], {
      env: { PATH, TENURE_NONCE: nonce },
      timeoutMs: 30_000,
    });
    const grandchild = spawner.identify(Number(result.stdout));
    expect(result).toMatchObject({ ok: true, timedOut: false });
    expect(result.durationMs).toBeLessThan(5_000);
    expect(grandchild && spawner.signalOne(grandchild, 'SIGKILL')).toBe(true);
  });
});

describe('start', () => {
  it('rejects with the spawn error', async () => {
    await expect(spawner.start('/nowhere/at-all', [], { cwd: '/', env: {} })).rejects.toThrow('ENOENT');
  });

  it('gives bytes as they come and takes input', async () => {
    const { child, firstLine } = await start('read line; printf "got %s\\n" "$line"');
    child.write('€\n');
    expect(await firstLine).toBe('got €');
    expect(await child.exited).toEqual({ exitCode: 0, signal: null });
    await child.stdoutEnded;
    child.write('into the void');
    child.closeStdin();
  });

  it('sees the exit while a grandchild holds stdout open', async () => {
    const { child, nonce, firstLine } = await start('sleep 60 & echo $!');
    const grandchild = Number(await firstLine);
    expect(await child.exited).toEqual({ exitCode: 0, signal: null });
    // Between fork and exec it has no environment to be found by.
    await expect.poll(async () => (await treeOf(child.identity, nonce)).map(({ pid }) => pid)).toContain(grandchild);
    child.release();
    await child.stdoutEnded;
  });

  it('does not let a full stderr that nobody reads block the child', async () => {
    const { child } = await start('head -c 300000 /dev/zero >&2');
    expect(await child.exited).toMatchObject({ exitCode: 0 });
  });
});

describe('identity', () => {
  it('tells a process from a stranger with its pid, and never signals the stranger', async () => {
    const { child } = await start('sleep 60');
    const { pid } = child.identity;
    const former = { pid, startedAt: 'another time' };
    const unread = { pid, startedAt: null };
    expect(spawner.probe(child.identity)).toBe('alive');
    expect(spawner.identify(pid)).toEqual(child.identity);
    expect(spawner.probe(former)).toBe('dead');
    expect(spawner.probe(unread)).toBe('unknown');
    for (const other of [former, unread]) {
      expect(spawner.signalOne(other, 'SIGKILL')).toBe(false);
      expect(spawner.signalGroup(other, 'SIGKILL')).toBe(false);
    }
    expect(await treeOf(former, 'no such nonce')).toEqual([]);
    expect(spawner.probe(child.identity)).toBe('alive');
  });

  it('is the same for a spawner that did not start the process', async () => {
    const { child } = await start('sleep 60');
    const later = createSpawner();
    expect(later.probe(child.identity)).toBe('alive');
    expect(later.signalOne(child.identity, 'SIGKILL')).toBe(true);
    expect(await child.exited).toEqual({ exitCode: null, signal: 'SIGKILL' });
    await gone(child.identity);
    expect(spawner.identify(child.identity.pid)).toBeNull();
    expect(spawner.signalGroup(child.identity, 'SIGKILL')).toBe(false);
  });
});

describe('trees', () => {
  it('ends a group with one signal', async () => {
    const { child, nonce, firstLine } = await start('sleep 60 & sleep 61 & echo ready; wait');
    await firstLine;
    const tree = await treeOf(child.identity, nonce);
    expect(tree).toHaveLength(3);
    expect(spawner.signalGroup(child.identity, 'SIGKILL')).toBe(true);
    for (const member of tree) await gone(member);
    expect(await treeOf(child.identity, nonce)).toEqual([]);
  });

  it.runIf(linux)('finds what made a session of its own and lost its parent, by the nonce', async () => {
    const { child, nonce, firstLine } = await start('setsid sh -c "echo \\$\\$; exec sleep 60" & exit 0');
    const daemon = Number(await firstLine);
    await child.exited;
    const tree = await treeOf(child.identity, nonce);
    expect(tree.map(({ pid }) => pid)).toEqual([daemon]);
    expect(await treeOf(child.identity, 'another nonce')).toEqual([]);
    for (const left of tree) expect(spawner.signalOne(left, 'SIGKILL')).toBe(true);
    await gone({ pid: daemon, startedAt: tree[0]?.startedAt ?? null });
  });

  it.runIf(linux)('finds descendants that hide their environment, as long as their parents live', async () => {
    const { child, nonce, firstLine } = await start('env -i setsid sh -c "echo \\$\\$; sleep 60; :" & wait');
    const hidden = Number(await firstLine);
    const pids = (await treeOf(child.identity, nonce)).map(({ pid }) => pid);
    expect(pids).toContain(hidden);
    expect(pids).not.toContain(process.pid);
  });
});

describe('process tables', () => {
  it('reads a stat line whose name holds brackets and spaces', () => {
    const stat = `42 (a) b (c) Z 7 40 39 0 -1 4 0 0 0 0 3 4 0 0 20 0 1 0 9876 0 5`;
    expect(parseStat(stat, 'boot')).toEqual({
      pid: 42,
      parent: 7,
      group: 40,
      startedAt: 'boot:9876',
      defunct: true,
      cpuMs: 70,
      memoryBytes: 20_480,
    });
    expect(parseStat('42 (short) S', 'boot')).toBeNull();
  });

  it('reads ps as macOS prints it', () => {
    const text =
      '  501     1   501 Ss    2048   0:01.50 Fri Nov 20 10:41:07 2026    \n  777   501   501 Z+       0 1-02:03:04 Sun Nov  1 09:00:00 2026\n\n';
    expect(parsePs(text)).toEqual([
      {
        pid: 501,
        parent: 1,
        group: 501,
        startedAt: 'Fri Nov 20 10:41:07 2026',
        defunct: false,
        cpuMs: 1_500,
        memoryBytes: 2_097_152,
      },
      {
        pid: 777,
        parent: 501,
        group: 501,
        startedAt: 'Sun Nov 1 09:00:00 2026',
        defunct: true,
        cpuMs: 93_784_000,
        memoryBytes: 0,
      },
    ]);
    const environments = '  501 node a.js HOME=/Users/x TENURE_NONCE=abc\n  502 sh TENURE_NONCE=abcd A=b\n';
    expect(parsePsEnvironments(environments, 'TENURE_NONCE', 'abc')).toEqual(new Set([501]));
  });

  it('tells the same story by ps as by the native table', async () => {
    const { child, nonce, firstLine } = await start('sleep 60 & echo $!; wait');
    const sleeper = Number(await firstLine);
    const byPs = createSpawner(createProcessTable('darwin'));
    const seen = byPs.identify(child.identity.pid);
    if (!seen) throw new Error('ps did not show the process');
    expect(byPs.probe(seen)).toBe('alive');
    const tree = await byPs.treeOf(seen, { name: 'TENURE_NONCE', value: nonce });
    expect(new Set(tree.map(({ pid }) => pid))).toEqual(new Set([child.identity.pid, sleeper]));
    expect(byPs.signalGroup(seen, 'SIGKILL')).toBe(true);
    await gone(child.identity);
    expect(byPs.probe(seen)).toBe('dead');
  });
});
