import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import type { Child, Exit, ProcessIdentity, RunResult, Spawner } from '../kernel/ports.ts';
import { createProcessTable, type ProcessRow, type ProcessTable } from './process-table.ts';

type Process = ChildProcessByStdio<Writable, Readable, Readable>;

const DEFAULT_MAX_BYTES = 1 << 20;
/** What a program wrote before it ended is in the pipe already; a grandchild may hold the pipe for ever. */
const DRAIN_MS = 250;

/**
 * The door to other programs. Each child leads a process group of its own, so that it can be ended
 * whole, and is known by pid *and* start time, so that a stranger with its pid is never touched.
 */
export function createSpawner(table: ProcessTable = createProcessTable(process.platform)): Spawner {
  // Our own children, until their end was seen: the system cannot give such a pid to anybody else.
  const own = new Map<number, ProcessIdentity>();

  const identify = (pid: number): ProcessIdentity | null => {
    const row = table.read(pid);
    if (row === null) return null;
    return { pid, startedAt: row === 'unknown' ? null : row.startedAt };
  };

  /** Is the pid still that process's, be it defunct? */
  const holds = ({ pid, startedAt }: ProcessIdentity): boolean => {
    if (own.get(pid)?.startedAt === startedAt) return own.has(pid);
    const row = table.read(pid);
    return row !== null && row !== 'unknown' && row.startedAt === startedAt;
  };

  /** @throws the spawn error, at once or as a rejection. */
  const launch = async (
    command: string,
    args: readonly string[],
    options: { cwd?: string; env: Record<string, string> },
  ): Promise<{ child: Process; identity: ProcessIdentity; exited: Promise<Exit> }> => {
    const child = spawn(command, args, { ...options, detached: true, stdio: ['pipe', 'pipe', 'pipe'] });
    child.stdin.on('error', () => undefined); // a broken pipe: the reader has ended, which `exit` tells
    const { pid } = child;
    if (pid === undefined) throw await new Promise<Error>((resolve) => child.once('error', resolve));
    const identity = identify(pid) ?? { pid, startedAt: null };
    own.set(pid, identity);
    child.on('error', () => undefined);
    const exited = new Promise<Exit>((resolve) => {
      child.once('exit', (exitCode, signal) => {
        own.delete(pid);
        resolve({ exitCode, signal });
      });
    });
    return { child, identity, exited };
  };

  const signalGroup: Spawner['signalGroup'] = (leader, signal) => holds(leader) && send(-leader.pid, signal);

  return {
    identify,
    signalGroup,
    signalOne: (target, signal) => holds(target) && send(target.pid, signal),

    probe({ pid, startedAt }) {
      const row = table.read(pid);
      if (row === null) return 'dead';
      if (row === 'unknown' || startedAt === null) return 'unknown';
      return row.startedAt === startedAt && !row.defunct ? 'alive' : 'dead';
    },

    async treeOf(leader, nonce) {
      const [rows, carriers] = await Promise.all([table.all(), table.carriersOf(nonce.name, nonce.value)]);
      return treeIn(rows, leader, carriers)
        .filter((row) => row.pid !== process.pid && !row.defunct)
        .map(({ pid, startedAt, cpuMs, memoryBytes }) => ({ pid, startedAt, cpuMs, memoryBytes }));
    },

    async start(command, args, options) {
      const { child, identity, exited } = await launch(command, args, options);
      child.stderr.resume(); // nobody has to listen, but the child must not block on a full pipe
      return {
        identity,
        exited,
        stdoutEnded: new Promise((resolve) => child.stdout.once('close', resolve)),
        onStdout: (listener) => child.stdout.on('data', listener),
        onStderr: (listener) => child.stderr.on('data', listener),
        write: (text) => {
          if (child.stdin.writable) child.stdin.write(text);
        },
        closeStdin: () => child.stdin.end(),
        release: () => {
          for (const stream of [child.stdin, child.stdout, child.stderr]) stream.destroy();
        },
      } satisfies Child;
    },

    async run(command, args, options): Promise<RunResult> {
      const began = performance.now();
      const stdout = tailOf(options.maxBytes ?? DEFAULT_MAX_BYTES);
      const stderr = tailOf(options.maxBytes ?? DEFAULT_MAX_BYTES);
      let timedOut = false;
      const result = (exit: Exit, spawnError: string | null): RunResult => ({
        ok: exit.exitCode === 0 && !timedOut,
        ...exit,
        stdout: stdout.text(),
        stderr: stderr.text(),
        timedOut,
        durationMs: performance.now() - began,
        spawnError,
      });
      try {
        const { child, identity, exited } = await launch(command, args, {
          env: options.env,
          ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
        });
        const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
        options.onStart?.(identity);
        child.stdout.on('data', stdout.add);
        child.stderr.on('data', stderr.add);
        child.stdin.end(options.stdin ?? '');
        const kill = (): boolean => signalGroup(identity, 'SIGKILL');
        const limit = setTimeout(() => {
          timedOut = kill();
        }, options.timeoutMs);
        options.signal?.addEventListener('abort', kill, { once: true });
        if (options.signal?.aborted) kill();
        const exit = await exited;
        clearTimeout(limit);
        options.signal?.removeEventListener('abort', kill);
        const drain = setTimeout(() => {
          for (const stream of [child.stdin, child.stdout, child.stderr]) stream.destroy();
        }, DRAIN_MS);
        await closed;
        clearTimeout(drain);
        return result(exit, null);
      } catch (error) {
        const { code, message } = error as NodeJS.ErrnoException;
        return result({ exitCode: null, signal: null }, code ?? message);
      }
    },
  };
}

function send(pid: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(pid, signal);
    return true;
  } catch {
    return false; // gone, or not ours to signal
  }
}

/**
 * The rows that belong to a leader: itself, its group, the carriers, and the descendants of all these.
 * Once the leader has ended, its number may belong to a stranger: then only the carriers count.
 */
function treeIn(rows: readonly ProcessRow[], leader: ProcessIdentity, carriers: ReadonlySet<number>): ProcessRow[] {
  const leads = rows.some((row) => row.pid === leader.pid && row.startedAt === leader.startedAt);
  const children = Map.groupBy(rows, (row) => row.parent);
  const found = new Set<ProcessRow>();
  const add = (row: ProcessRow): void => {
    if (found.has(row)) return;
    found.add(row);
    for (const child of children.get(row.pid) ?? []) add(child);
  };
  for (const row of rows) {
    if (carriers.has(row.pid) || (leads && (row.pid === leader.pid || row.group === leader.pid))) add(row);
  }
  return [...found];
}

/** Keeps the last `max` bytes. */
function tailOf(max: number): { add: (chunk: Buffer) => void; text: () => string } {
  const chunks: Buffer[] = [];
  let size = 0;
  return {
    add(chunk) {
      chunks.push(chunk);
      size += chunk.length;
      while (chunks[0] && size - chunks[0].length >= max) size -= chunks.shift()?.length ?? 0;
    },
    text() {
      const all = Buffer.concat(chunks);
      let from = Math.max(0, all.length - max);
      // Not from the middle of a character: bytes 10xxxxxx go on with one that was dropped.
      while (from > 0 && from < all.length && ((all[from] ?? 0) & 0xc0) === 0x80) from += 1;
      return all.toString('utf8', from);
    },
  };
}
