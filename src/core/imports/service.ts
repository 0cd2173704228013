import { open } from 'node:fs/promises';
import type { TerminalList, TerminalSession } from '../../shared/contract/imports.ts';
import type { OutputOf } from '../../shared/contract/index.ts';
import { TenureError } from '../../shared/errors.ts';
import type { Clock, Spawner } from '../kernel/ports.ts';
import { redact } from '../kernel/redact.ts';
import { createRecords, type RecordSeen } from './records.ts';
import { type Listed, listedIn, projectOf } from './rules.ts';

const LIST_LIMIT_MS = 10_000;
/** A look is not repeated sooner: the listing starts a program. */
const LOOK_AGAIN_MS = 5_000;
const MOST_SHOWN = 50;
/** The end of a record that is read when somebody opens it. */
const MOST_TRANSCRIPT = 2 << 20;
const SHOWN_ENTRIES = 300;

/** One readable part of a line of an agent. */
interface Part {
  kind: string;
  title: string;
  text: string;
  failed: boolean;
}

export interface ImportDeps {
  clock: Clock;
  spawner: Spawner;
  /** The person's own Claude Code, its environment and the folder of its records; null: none. */
  claude(): Promise<{ path: string | null; env: Record<string, string>; records: string | null }>;
  projects(): readonly { id: string; name: string; path: string }[];
  /** A conversation of a session of Tenure's own. */
  isOwn(agentSessionId: string): boolean;
  /** A folder in which only Tenure starts agents. */
  ownDir: string;
  partsOf(line: string): Part[];
}

/** Claude Code sessions that the person started in a terminal: looked at, never touched. */
export function createImports(deps: ImportDeps) {
  const { clock, spawner } = deps;
  const records = createRecords();
  let last: { at: number; look: Promise<Looked> } | null = null;

  interface Looked {
    listed: Listed[] | null;
    seen: RecordSeen[];
    problem: string | null;
  }

  async function listing(
    path: string | null,
    env: Record<string, string>,
  ): Promise<Pick<Looked, 'listed' | 'problem'>> {
    if (path === null)
      return { listed: null, problem: 'Claude Code was not found, so nobody knows what runs in a terminal now.' };
    const result = await spawner.run(path, ['agents', '--json'], { env, timeoutMs: LIST_LIMIT_MS });
    const listed = result.ok ? listedIn(result.stdout) : null;
    if (listed) return { listed, problem: null };
    const why = result.timedOut
      ? 'it did not answer'
      : (result.spawnError ?? (result.stderr.trim().split('\n', 1)[0] || 'its answer could not be read'));
    return {
      listed: null,
      problem: `Claude Code's own list of sessions could not be had (${redact(why)}); only its records were read.`,
    };
  }

  async function lookNow(): Promise<Looked> {
    const { path, env, records: dir } = await deps.claude();
    const [{ listed, problem }, seen] = await Promise.all([listing(path, env), records.look(dir, clock.now())]);
    return { listed, seen, problem };
  }

  function look(): Promise<Looked> {
    if (last === null || clock.monotonic() - last.at >= LOOK_AGAIN_MS)
      last = { at: clock.monotonic(), look: lookNow() };
    return last.look;
  }

  const isOurs = (id: string, cwd: string | null): boolean =>
    deps.isOwn(id) || cwd === deps.ownDir || cwd?.startsWith(`${deps.ownDir}/`) === true;

  function sessionOf(
    row: Listed | undefined,
    record: RecordSeen | undefined,
    project: { id: string; name: string },
    listed: boolean,
  ): TerminalSession {
    const { summary, complete = false } = record ?? {};
    const tokens = summary && complete ? [...summary.tokens.values()] : null;
    const title = summary?.title ?? row?.name ?? null;
    return {
      id: row?.id ?? record?.id ?? '',
      projectId: project.id,
      project: project.name,
      cwd: row?.cwd ?? summary?.cwd ?? '',
      status: row?.status ?? (listed ? 'ended' : 'unknown'),
      title: title === null ? null : redact(title),
      waitingFor: row?.waitingFor ?? null,
      model: summary?.model ?? null,
      version: summary?.version ?? null,
      branch: summary?.branch ?? null,
      startedAt: summary?.startedAt ?? row?.startedAt ?? null,
      lastActivityAt: record ? Math.max(summary?.lastActivityAt ?? 0, record.writtenAt) : (row?.startedAt ?? null),
      inputTokens: tokens && tokens.reduce((sum, one) => sum + one.input, 0),
      outputTokens: tokens && tokens.reduce((sum, one) => sum + one.output, 0),
      pid: row?.pid ?? null,
    };
  }

  async function list(): Promise<TerminalList> {
    const { listed, seen, problem } = await look();
    const projects = deps.projects();
    const rows = new Map((listed ?? []).map((row) => [row.id, row]));
    const recorded = new Map(seen.map((record) => [record.id, record]));
    const sessions: TerminalSession[] = [];
    let elsewhere = 0;
    for (const id of new Set([...rows.keys(), ...recorded.keys()])) {
      const [row, record] = [rows.get(id), recorded.get(id)];
      const cwd = row?.cwd ?? record?.summary.cwd ?? null;
      if (cwd === null || isOurs(id, cwd)) continue;
      const project = projectOf(cwd, projects);
      if (project) sessions.push(sessionOf(row, record, project, listed !== null));
      else if (row && row.status !== 'ended') elsewhere += 1;
    }
    const isOpen = ({ status }: TerminalSession): number => Number(status !== 'ended' && status !== 'unknown');
    sessions.sort((a, b) => isOpen(b) - isOpen(a) || (b.lastActivityAt ?? 0) - (a.lastActivityAt ?? 0));
    return { sessions: sessions.slice(0, MOST_SHOWN), elsewhere: listed === null ? null : elsewhere, problem };
  }

  return {
    /** What the person runs outside Tenure on registered projects. Never throws. */
    list,

    /** @throws TenureError not_found: there is no record of such a session on a registered project. */
    async transcript(id: string, limit = SHOWN_ENTRIES): Promise<OutputOf<'imports.transcript'>> {
      const { sessions } = await list();
      const record = (await look()).seen.find((one) => one.id === id);
      // It may have gone since it was listed.
      const end = record && sessions.some((one) => one.id === id) ? await endOf(record.path).catch(() => null) : null;
      if (!record || end === null) {
        throw new TenureError(
          'not_found',
          `There is no record of a session "${id}" in a terminal on a registered project.`,
        );
      }
      const { text, cut } = end;
      const entries = text.split('\n').flatMap((line) => entriesOf(line, deps.partsOf));
      return { entries: entries.slice(-limit), cut: cut || entries.length > limit, path: record.path };
    },
  };
}

/** The last lines of a file, whole ones only. */
async function endOf(path: string): Promise<{ text: string; cut: boolean }> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const from = Math.max(0, size - MOST_TRANSCRIPT);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(size - from), 0, size - from, from);
    const text = buffer.subarray(0, bytesRead).toString('utf8');
    return { text: from === 0 ? text : text.slice(text.indexOf('\n') + 1), cut: from > 0 };
  } finally {
    await file.close();
  }
}

/** What was said and done in a line; what the program notes for itself is left out. */
function entriesOf(line: string, partsOf: ImportDeps['partsOf']) {
  const head = /"type":"(user|assistant)"/.test(line) ? (parse(line) as Record<string, unknown> | null) : null;
  if (head === null || (head.type !== 'user' && head.type !== 'assistant') || head.isMeta === true) return [];
  const at = Date.parse(String(head.timestamp));
  return partsOf(line).map(({ kind, title, text, failed }) => ({
    at: Number.isFinite(at) ? at : 0,
    kind,
    title,
    text: redact(text),
    failed,
  }));
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

export type Imports = ReturnType<typeof createImports>;
