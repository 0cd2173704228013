import { execFile, execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { open } from 'node:fs/promises';

/** One process as the system tells it. */
export interface ProcessRow {
  pid: number;
  parent: number;
  group: number;
  /** Opaque; equal only for the same process, across restarts of the machine too. */
  startedAt: string;
  /** Ended and not yet collected by its parent: holds its pid, does nothing any more. */
  defunct: boolean;
  /** Processor time since its start, milliseconds; null: not told. */
  cpuMs: number | null;
  /** Resident memory, bytes; null: not told. */
  memoryBytes: number | null;
}

/** What the system knows of its processes. Reading never throws. */
export interface ProcessTable {
  /** Null: there is no such process. `unknown`: it could not be told. */
  read(pid: number): ProcessRow | null | 'unknown';
  all(): Promise<ProcessRow[]>;
  /** The pids of our own user's processes that were started with `name=value` in their environment. */
  carriersOf(name: string, value: string): Promise<Set<number>>;
}

export function createProcessTable(platform: NodeJS.Platform): ProcessTable {
  return platform === 'linux' ? procTable() : psTable();
}

/** Does a signal find somebody there? It tells *no* from *may not look*. */
function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

function pids(): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => Number.isInteger(pid) && pid > 0);
}

/** As many reads as the threads for them take at once. */
const LANES = 4;
const FIRST_ROOM = 4_096;

/**
 * That file of every process, each in a buffer that holds only until `look` returns. A few at a time and in
 * the same rooms: read all at once, hundreds of processes would take 64 KiB each and leave a heap of that size.
 */
async function eachFile(name: string, look: (pid: number, content: Buffer) => void): Promise<void> {
  const left = pids().values();
  const lane = async (): Promise<void> => {
    let room = Buffer.allocUnsafeSlow(FIRST_ROOM);
    for (const pid of left) {
      try {
        await using file = await open(`/proc/${pid}/${name}`);
        let length = 0;
        for (let got = -1; got !== 0; length += got) {
          if (length === room.length) room = Buffer.concat([room], 2 * length);
          got = (await file.read(room, length, room.length - length, null)).bytesRead;
        }
        look(pid, room.subarray(0, length));
      } catch {
        // gone meanwhile, or another user's
      }
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
}

function procTable(): ProcessTable {
  // Start times count from boot, so the boot is part of who a process is.
  let boot: string | null = null;
  const bootId = (): string => (boot ??= readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim().slice(0, 8));

  return {
    read(pid) {
      try {
        return parseStat(readFileSync(`/proc/${pid}/stat`, 'utf8'), bootId()) ?? 'unknown';
      } catch {
        return isThere(pid) ? 'unknown' : null;
      }
    },
    async all() {
      const rows: ProcessRow[] = [];
      await eachFile('stat', (_pid, line) => {
        const row = parseStat(line.toString(), bootId());
        if (row !== null) rows.push(row);
      });
      return rows;
    },
    async carriersOf(name, value) {
      const wanted = Buffer.from(`\0${name}=${value}\0`);
      const found = new Set<number>();
      await eachFile('environ', (pid, environment) => {
        if (Buffer.concat([Buffer.of(0), environment, Buffer.of(0)]).includes(wanted)) found.add(pid);
      });
      return found;
    },
  };
}

/** Linux counts in these whatever the machine; pages are larger on some ARM machines, where memory reads too small. */
const TICK_MS = 10;
const PAGE_BYTES = 4_096;

/** The line of `/proc/<pid>/stat`; the name in brackets may itself hold spaces and brackets. */
export function parseStat(text: string, boot: string): ProcessRow | null {
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [state, parent, group] = fields;
  const ticks = fields[19]; // field 22 of the line, counted from the pid
  if (!state || !parent || !group || !ticks) return null;
  return {
    pid: Number.parseInt(text, 10),
    parent: Number(parent),
    group: Number(group),
    startedAt: `${boot}:${ticks}`,
    defunct: state === 'Z' || state === 'X',
    cpuMs: (Number(fields[11]) + Number(fields[12])) * TICK_MS,
    memoryBytes: Number(fields[21]) * PAGE_BYTES,
  };
}

// macOS and the BSDs. One zone and one language, or the same instant would read differently later.
const PS_ENV = { PATH: '/bin:/usr/bin:/usr/sbin', LC_ALL: 'C', TZ: 'UTC' };
const COLUMNS = 'pid=,ppid=,pgid=,stat=,rss=,time=,lstart=';

function ps(args: string[]): Promise<string> {
  return new Promise((resolve) => {
    execFile('ps', args, { env: PS_ENV, maxBuffer: 64 << 20, timeout: 5_000 }, (_error, stdout) => resolve(stdout));
  });
}

function psTable(): ProcessTable {
  return {
    read(pid) {
      if (!isThere(pid)) return null;
      try {
        const text = execFileSync('ps', ['-o', COLUMNS, '-p', String(pid)], {
          env: PS_ENV,
          encoding: 'utf8',
          timeout: 2_000,
          stdio: ['ignore', 'pipe', 'ignore'],
        });
        return parsePs(text)[0] ?? 'unknown';
      } catch {
        return isThere(pid) ? 'unknown' : null;
      }
    },
    async all() {
      return parsePs(await ps(['-axo', COLUMNS]));
    },
    async carriersOf(name, value) {
      return parsePsEnvironments(await ps(['eww', '-axo', 'pid=,command=']), name, value);
    },
  };
}

/** `[[dd-]hh:]mm:ss[.cc]`, as `ps` tells processor time, in milliseconds; null when it is something else. */
function msOf(time: string): number | null {
  const match = /^(?:(\d+)-)?(?:(\d+):)?(\d+):(\d+(?:\.\d+)?)$/.exec(time);
  if (!match) return null;
  const [, days = 0, hours = 0, minutes, seconds] = match;
  return Math.round((((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1_000);
}

/** Lines of `ps -o pid=,ppid=,pgid=,stat=,rss=,time=,lstart=`. */
export function parsePs(text: string): ProcessRow[] {
  return text.split('\n').flatMap((line) => {
    const match = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(\d+)\s+(\S+)\s+(\S.*?)\s*$/.exec(line);
    if (!match) return [];
    const [, pid, parent, group, stat = '', rss, time = '', startedAt = ''] = match;
    return [
      {
        pid: Number(pid),
        parent: Number(parent),
        group: Number(group),
        startedAt: startedAt.replace(/\s+/g, ' '),
        defunct: stat.startsWith('Z'),
        cpuMs: msOf(time),
        memoryBytes: Number(rss) * 1_024,
      },
    ];
  });
}

/** Lines of `ps eww -o pid=,command=`, where the environment follows the arguments, all parted by spaces. */
export function parsePsEnvironments(text: string, name: string, value: string): Set<number> {
  const wanted = ` ${name}=${value} `;
  return new Set(
    text
      .split('\n')
      .filter((line) => `${line} `.includes(wanted))
      .map((line) => Number.parseInt(line, 10))
      .filter((pid) => pid > 0),
  );
}
