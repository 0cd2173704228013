import type { TerminalStatus } from '../../shared/contract/imports.ts';

type Json = Record<string, unknown>;

const objectOf = (value: unknown): Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};
const textOf = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);
const numberOf = (value: unknown): number | null =>
  typeof value === 'number' && Number.isFinite(value) ? value : null;

/** One row of `claude agents --json`. */
export interface Listed {
  id: string;
  cwd: string;
  pid: number | null;
  name: string | null;
  status: TerminalStatus;
  waitingFor: string | null;
  startedAt: number | null;
}

const STATUS: Readonly<Record<string, TerminalStatus>> = {
  busy: 'working',
  working: 'working',
  running: 'working',
  waiting: 'waiting',
  needs_input: 'waiting',
  blocked: 'waiting',
  idle: 'idle',
  completed: 'ended',
  done: 'ended',
  failed: 'ended',
  stopped: 'ended',
};

/** The rows of the listing; null: it is not one. A row that names no conversation or folder is left out. */
export function listedIn(output: string): Listed[] | null {
  let rows: unknown;
  try {
    rows = JSON.parse(output);
  } catch {
    return null;
  }
  if (!Array.isArray(rows)) return null;
  return rows.map(objectOf).flatMap((row) => {
    const [id, cwd] = [textOf(row.sessionId), textOf(row.cwd)];
    if (id === null || cwd === null) return [];
    return {
      id,
      cwd,
      pid: numberOf(row.pid),
      name: textOf(row.name),
      status: STATUS[textOf(row.status) ?? textOf(row.state) ?? ''] ?? 'unknown',
      waitingFor: textOf(row.waitingFor),
      startedAt: numberOf(row.startedAt),
    };
  });
}

/** What the lines of a record say of its conversation. */
export interface Summary {
  /** The last folder that it names: folders' names of records are lossy, this is not. */
  cwd: string | null;
  title: string | null;
  model: string | null;
  version: string | null;
  branch: string | null;
  startedAt: number | null;
  lastActivityAt: number | null;
  /** By message id: its usage is repeated on each of its lines, and counted once with the largest figures. */
  tokens: Map<string, { input: number; output: number }>;
}

export const emptySummary = (): Summary => ({
  cwd: null,
  title: null,
  model: null,
  version: null,
  branch: null,
  startedAt: null,
  lastActivityAt: null,
  tokens: new Map(),
});

const MOST_TITLE = 160;

const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ').trim().slice(0, MOST_TITLE);

function saidIn(content: unknown): string | null {
  const parts = Array.isArray(content) ? content.map(objectOf) : [{ type: 'text', text: content }];
  const said = parts.find((part) => part.type === 'text' && typeof part.text === 'string');
  const text = oneLine(textOf(said?.text) ?? '');
  // What the program itself wraps in tags is not what the person said.
  return text === '' || text.startsWith('<') ? null : text;
}

/** Takes up one line of a record. Lines that are no JSON are left out. */
export function takeLine(summary: Summary, text: string): void {
  let line: Json;
  try {
    line = objectOf(JSON.parse(text));
  } catch {
    return;
  }
  const at = Date.parse(textOf(line.timestamp) ?? '');
  summary.cwd = textOf(line.cwd) ?? summary.cwd;
  summary.version = textOf(line.version) ?? summary.version;
  summary.branch = textOf(line.gitBranch) ?? summary.branch;
  const message = objectOf(line.message);
  if (line.type !== 'user' && line.type !== 'assistant') return;
  if (Number.isFinite(at)) {
    summary.startedAt ??= at;
    summary.lastActivityAt = Math.max(at, summary.lastActivityAt ?? 0);
  }
  if (line.type === 'user') {
    if (line.isMeta !== true && line.isSidechain !== true) summary.title ??= saidIn(message.content);
    return;
  }
  if (line.isSidechain !== true) summary.model = textOf(message.model) ?? summary.model;
  const [id, usage] = [textOf(message.id), objectOf(message.usage)];
  if (id === null) return;
  const had = summary.tokens.get(id) ?? { input: 0, output: 0 };
  const sum = (...keys: string[]): number => keys.reduce((total, key) => total + (numberOf(usage[key]) ?? 0), 0);
  summary.tokens.set(id, {
    input: Math.max(had.input, sum('input_tokens', 'cache_creation_input_tokens', 'cache_read_input_tokens')),
    output: Math.max(had.output, sum('output_tokens')),
  });
}

/** The registered project that a folder lies in: the innermost, when one lies in another. */
export function projectOf<P extends { path: string }>(cwd: string, projects: readonly P[]): P | null {
  const inside = projects.filter(({ path }) => cwd === path || cwd.startsWith(`${path}/`));
  return inside.toSorted((a, b) => b.path.length - a.path.length)[0] ?? null;
}
