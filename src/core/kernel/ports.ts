import type { Sockets } from './watch-ports.ts';

/**
 * The engine's doors to the outside. Only `core/adapters/` implements them; everything else gets
 * them as arguments, so that a test can stand in for time, processes, ids and the machine.
 */

export interface Timer {
  cancel(): void;
}

/** Time. All values are milliseconds. */
export interface Clock {
  /** Wall clock, epoch milliseconds. */
  now(): number;
  /** Never goes back; only differences mean anything. */
  monotonic(): number;
  after(ms: number, run: () => void): Timer;
  every(ms: number, run: () => void): Timer;
}

/** Who a process is: a pid alone may have been given to a stranger (traps.md 3.3, lessons 5.1.6). */
export interface ProcessIdentity {
  pid: number;
  /** Opaque start time as the system tells it; equal only for the same process. Null: could not be read. */
  startedAt: string | null;
}

/** No process: for asking after what carries a nonce, and nothing else. */
export const NOBODY: ProcessIdentity = { pid: -1, startedAt: null };

/** A living process and what it uses; null where the system does not tell. */
export interface ProcessFacts extends ProcessIdentity {
  /** Processor time since its start, milliseconds. */
  cpuMs: number | null;
  /** Memory that it holds, bytes. */
  memoryBytes: number | null;
}

/** The variable by which the processes of a session are found again, wherever they went. */
export const NONCE_VARIABLE = 'TENURE_NONCE';

/** Three-valued: `unknown` never kills and never resurrects. */
export type Liveness = 'alive' | 'dead' | 'unknown';

export interface RunOptions {
  cwd?: string;
  /** The whole environment of the child; nothing is inherited. */
  env: Record<string, string>;
  /** Milliseconds after which the whole group is killed. */
  timeoutMs: number;
  /** Bytes of output kept; the oldest are dropped. Default 1 MiB. */
  maxBytes?: number;
  stdin?: string;
  /** Aborted: the whole group is killed, and the result says so like that of any killed program. */
  signal?: AbortSignal | undefined;
  /** Who it is, as soon as it runs: for what has to be found again by a later life of ours. */
  onStart?: ((identity: ProcessIdentity) => void) | undefined;
}

/** One record shape for success and failure; a command that fails is data, not an exception. */
export interface RunResult {
  ok: boolean;
  exitCode: number | null;
  signal: string | null;
  stdout: string;
  stderr: string;
  timedOut: boolean;
  durationMs: number;
  /** Set when the program could not be started: ENOENT, EACCES, … */
  spawnError: string | null;
}

export interface StartOptions {
  cwd: string;
  env: Record<string, string>;
}

export interface Exit {
  exitCode: number | null;
  signal: string | null;
}

/** A running child: leader of its own process group. */
export interface Child {
  identity: ProcessIdentity;
  /** Raw bytes of stdout and stderr as they come; never decoded here. */
  onStdout(listener: (chunk: Buffer) => void): void;
  onStderr(listener: (chunk: Buffer) => void): void;
  /** Resolves at `exit`, never waits for `close`: a grandchild may hold the pipe for ever. */
  exited: Promise<Exit>;
  /** Resolves when stdout has ended. May never happen. */
  stdoutEnded: Promise<void>;
  /** Writes to stdin; a broken pipe is not an error. */
  write(text: string): void;
  closeStdin(): void;
  /** Closes our ends of the pipes: for a child whose grandchild holds them. */
  release(): void;
}

export interface Spawner {
  /** Runs a program to its end. Never rejects. */
  run(command: string, args: readonly string[], options: RunOptions): Promise<RunResult>;
  /** Starts a program in a process group of its own. Rejects with the spawn error. */
  start(command: string, args: readonly string[], options: StartOptions): Promise<Child>;
  /** Is this very process (pid and start time) alive? */
  probe(identity: ProcessIdentity): Liveness;
  /** The process identity of a pid, or null when there is none. */
  identify(pid: number): ProcessIdentity | null;
  /**
   * Every living process of a session: the leader's descendants, its group, and whatever carries
   * `NAME=nonce` in its environment (children that made a session of their own and reparented).
   */
  treeOf(leader: ProcessIdentity, nonce: { name: string; value: string }): Promise<ProcessFacts[]>;
  /** Sends a signal to the group of a leader. False when there is no such group any more. */
  signalGroup(leader: ProcessIdentity, signal: 'SIGINT' | 'SIGTERM' | 'SIGKILL'): boolean;
  /** Sends a signal to one process, only while pid and start time match. */
  signalOne(process: ProcessIdentity, signal: 'SIGTERM' | 'SIGKILL'): boolean;
}

/** What other programs find around them: built from an allow-list, never inherited. */
export interface AgentEnvironment {
  /** For a project's own commands: the person's PATH and locale, no secrets of an agent. */
  forCommands(): Promise<Record<string, string>>;
  /** For an agent: the same, with what the configuration passes on to it. */
  forAgent(): Promise<Record<string, string>>;
  /** The absolute path of a program, by name on the person's PATH or by its own path; null: there is none. */
  find(program: string): Promise<string | null>;
  /** Claude Code: what the configuration names, else `claude` on the person's PATH. */
  findClaude(): Promise<{
    path: string | null;
    named: string | null;
    /** What the file is now; another one, or a change of it, has another stamp. */
    stamp: string | null;
  }>;
}

export interface Ids {
  /** A short opaque id with a readable prefix: `ses_k3v9…`. */
  next(prefix: string): string;
  /** A v4 UUID. */
  uuid(): string;
  /** 256 random bits, base64url. */
  secret(): string;
}

/** One look at the machine; null where it could not be measured. */
export interface SystemReader {
  sample(): Promise<{
    cpu: number | null;
    memoryUsedBytes: number | null;
    memoryTotalBytes: number | null;
    diskUsedBytes: number | null;
    diskTotalBytes: number | null;
    load1: number | null;
  }>;
}

/** What the machine has done since it started; rates are differences. null: could not be read. */
export interface LoadCounters {
  cores: readonly { busyMs: number; totalMs: number }[];
  network: { receivedBytes: number; sentBytes: number } | null;
  disk: { readBytes: number; writtenBytes: number } | null;
  swap: { usedBytes: number; totalBytes: number } | null;
  uptimeMs: number;
  /** Over 1, 5 and 15 minutes. */
  load: readonly number[] | null;
  /** Tenure's own process, without the agents that it started. */
  own: { cpuMs: number; memoryBytes: number };
}

/** A process that uses much. `cpu`: of one core, so it may be above 1. */
export interface TopProcess {
  pid: number;
  name: string;
  cpu: number;
  memoryBytes: number;
}

/** The machine in detail, only while somebody looks at it. */
export interface LoadReader {
  counters(): Promise<LoadCounters>;
  /** Network and disk alone, in the steady loop; null where reading them would start a program. */
  flows(): Promise<Pick<LoadCounters, 'network' | 'disk'> | null>;
  /** The processes that use the most processor time or memory. @throws when they cannot be listed. */
  top(): Promise<TopProcess[]>;
}

/** The heartbeat of schedules; the time of record is the persisted `next_run_at`. */
export interface Cron {
  /** Calls `tick` once a minute or oftener until cancelled. */
  heartbeat(tick: () => void): Timer;
  /**
   * The first instant after `from` (epoch ms) that the expression names in that zone; null for never.
   * @throws TenureError `invalid` for an expression or zone that is none.
   */
  next(expression: string, timezone: string, from: number): number | null;
}

export interface Fetcher {
  /** HTTP to the outside or to loopback. Rejects like `fetch`. */
  fetch(url: string, init?: RequestInit): Promise<Response>;
}

export interface Ports {
  sockets: Sockets;
  clock: Clock;
  spawner: Spawner;
  ids: Ids;
  system: SystemReader;
  load: LoadReader;
  cron: Cron;
  fetcher: Fetcher;
}
