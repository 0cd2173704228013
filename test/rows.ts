import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Database } from 'better-sqlite3';
import type { Level } from '../src/shared/policy.ts';
import { START } from './fakes/clock.ts';

/** What builds repositories and rows, and knows no test runner: programs use it too. */

/** What git gets in tests: nothing of the person's own configuration. */
export function gitEnv(home: string): Record<string, string> {
  const who = { NAME: 'Test Person', EMAIL: 'test@example.com' };
  return {
    PATH: process.env['PATH'] ?? '',
    HOME: home,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_AUTHOR_NAME: who.NAME,
    GIT_AUTHOR_EMAIL: who.EMAIL,
    GIT_COMMITTER_NAME: who.NAME,
    GIT_COMMITTER_EMAIL: who.EMAIL,
  };
}

export interface TestRepository {
  path: string;
  /** Runs git there and returns stdout without its last line break. Throws when git fails. */
  git(...args: string[]): string;
  write(file: string, content: string | Buffer): void;
  /** Writes the files, commits everything, returns the commit. */
  commit(files?: Readonly<Record<string, string | Buffer>>, message?: string): string;
  head(): string;
}

/** Git and files in an existing work tree, for instance one that Tenure made. */
export function repositoryAt(path: string, home = dirname(path)): TestRepository {
  const git = (...args: string[]): string =>
    execFileSync('git', args, { cwd: path, env: gitEnv(home), encoding: 'utf8', stdio: 'pipe' }).replace(/\n$/, '');
  const write = (file: string, content: string | Buffer): void => {
    mkdirSync(dirname(join(path, file)), { recursive: true });
    writeFileSync(join(path, file), content);
  };
  return {
    path,
    git,
    write,
    commit(files = {}, message = 'change') {
      for (const [file, content] of Object.entries(files)) write(file, content);
      git('add', '--all');
      git('commit', '--quiet', '--allow-empty', '--message', message);
      return git('rev-parse', 'HEAD');
    },
    head: () => git('rev-parse', 'HEAD'),
  };
}

let count = 0;
const nextId = (prefix: string): string => {
  count += 1;
  return `${prefix}_test${count}`;
};

interface ProjectRow {
  id: string;
  name: string;
  path: string;
  worktree: boolean;
  ceiling: Level;
  verifyCommand: string | null;
}

/** Inserts a project row; returns its id. */
export function insertProject(db: Database, row: Partial<ProjectRow> = {}): string {
  const id = row.id ?? nextId('prj');
  db.prepare(
    `INSERT INTO projects (id, name, path, agent, verify_command, verify_timeout_ms, worktree, ceiling, protected, time_box_ms, created_at)
     VALUES (?, ?, ?, 'claude', ?, 60000, ?, ?, 0, 5400000, ?)`,
  ).run(
    id,
    row.name ?? id,
    row.path ?? `/nowhere/${id}`,
    row.verifyCommand ?? null,
    Number(row.worktree ?? true),
    row.ceiling ?? 'full',
    START,
  );
  return id;
}

interface SessionRow {
  id: string;
  projectId: string;
  state: string;
  outcome: string | null;
  level: Level;
  baseCommit: string | null;
  worktree: string | null;
}

/** Inserts a session row, and a project for it unless one is named; returns its id. */
export function insertSession(db: Database, row: Partial<SessionRow> = {}): string {
  const id = row.id ?? nextId('ses');
  db.prepare(
    `INSERT INTO sessions (id, project_id, agent, state, outcome, prompt, source, level, agent_session_id, base_commit, worktree, time_box_ms, created_at, nonce)
     VALUES (?, ?, 'claude', ?, ?, 'do it', 'person', ?, ?, ?, ?, 5400000, ?, ?)`,
  ).run(
    id,
    row.projectId ?? insertProject(db),
    row.state ?? 'working',
    row.outcome ?? null,
    row.level ?? 'cautious',
    `agent-${id}`,
    row.baseCommit ?? null,
    row.worktree ?? null,
    START,
    `nonce-${id}`,
  );
  return id;
}
