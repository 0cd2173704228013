import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { expect, test } from 'vitest';
import { tempDir } from '../../../test/builders.ts';
import { START } from '../../../test/fakes/clock.ts';
import { migrate, versionOf } from './migrate.ts';
import { migrations } from './migrations/index.ts';
import { openDatabase } from './open.ts';

const at = (dir: string) => openDatabase({ dir, now: START });

test('a new database has the whole schema, strict, in WAL with full sync', () => {
  const db = at(tempDir());
  expect(versionOf(db)).toBe(migrations.length);
  expect(db.pragma('journal_mode', { simple: true })).toBe('wal');
  expect(db.pragma('synchronous', { simple: true })).toBe(2);
  const loose = db
    .prepare<[], { name: string }>(
      "SELECT name FROM pragma_table_list WHERE type = 'table' AND schema = 'main' AND strict = 0 AND name NOT LIKE 'sqlite_%'",
    )
    .all();
  expect(loose).toEqual([]);
  db.close();
});

test('an upgrade makes a dated copy first, and a failing migration changes nothing', () => {
  const dir = tempDir();
  at(dir).close();
  const raw = new Sqlite(join(dir, 'tenure.db'));
  const more = [
    ...migrations,
    { name: 'next', sql: 'CREATE TABLE extra (a TEXT) STRICT' },
    { name: 'after', sql: 'CREATE TABLE further (a TEXT) STRICT; SELECT broken' },
  ];
  expect(() => migrate(raw, more)).toThrow(
    new RegExp(`could not be brought up .*"after", from schema ${migrations.length} to .*broken.* Nothing was changed`),
  );
  expect(versionOf(raw)).toBe(migrations.length);
  expect(raw.prepare("SELECT count(*) AS n FROM sqlite_master WHERE name IN ('extra', 'further')").get()).toEqual({
    n: 0,
  });
  raw.pragma('user_version = 0');
  raw.close();
  // Pretend an older schema: opening backs it up before it tries to migrate.
  expect(() => at(dir)).toThrow();
  expect(readdirSync(join(dir, 'backups'))).toEqual(['tenure-v0-2026-11-20T09-00-00-000Z.db']);
});

test('a database from a newer build is refused and left alone', () => {
  const dir = tempDir();
  const db = at(dir);
  db.pragma('user_version = 99');
  db.close();
  const before = readFileSync(join(dir, 'tenure.db'));
  expect(() => at(dir)).toThrow(/newer Tenure: its schema is version 99/);
  expect(readFileSync(join(dir, 'tenure.db')).equals(before)).toBe(true);
});

test.each([
  ['no database at all', (file: string) => writeFileSync(file, 'this is not a database, it is a letter. '.repeat(400))],
  [
    'a page overwritten',
    (file: string) => {
      const bytes = readFileSync(file);
      bytes.fill(0xa5, 4096, 4096 * 6);
      writeFileSync(file, bytes);
    },
  ],
])('a damaged store is quarantined, refused and not overwritten (traps T-04D, T-101): %s', (_name, damage) => {
  const dir = tempDir();
  const file = join(dir, 'tenure.db');
  at(dir).close();
  damage(file);
  const before = readFileSync(file);
  for (let tries = 0; tries < 2; tries++) expect(() => at(dir)).toThrow(/damaged[\s\S]*acts on nothing/);
  expect(readFileSync(file).equals(before)).toBe(true);
  const [copy, ...more] = readdirSync(join(dir, 'quarantine'));
  expect(more).toEqual([]);
  expect(readFileSync(join(dir, 'quarantine', copy ?? '', 'tenure.db')).equals(before)).toBe(true);
  expect(existsSync(join(dir, 'backups'))).toBe(false);
});

/** A shipped migration is never edited: add a new one. Update a hash only while it has not been released. */
test('the backup that is named for a damaged store is the newest by its time, not by its version', () => {
  const dir = tempDir();
  at(dir).close();
  mkdirSync(join(dir, 'backups'));
  for (const name of ['tenure-v9-2026-01-01T09-00-00-000Z.db', 'tenure-v33-2026-02-01T09-00-00-000Z.db']) {
    writeFileSync(join(dir, 'backups', name), '');
  }
  writeFileSync(join(dir, 'tenure.db'), 'this is not a database, it is a letter. '.repeat(400));
  expect(() => at(dir)).toThrow(/copy \S*tenure-v33-2026-02-01T09-00-00-000Z\.db to its place/);
});

test('migrations are what they were', () => {
  const hashes = migrations.map(
    ({ name, sql }) => `${name} ${createHash('sha256').update(sql).digest('hex').slice(0, 16)}`,
  );
  expect(hashes).toMatchInlineSnapshot(`
    [
      "0001-foundation 55a32a0eb46eb1f6",
      "0002-evaluation 5672481479303ff3",
      "0003-reviews 0bc613ab41821f9e",
      "0004-telemetry d27ba9d7d3d07072",
      "0005-gate-record 1d8bd9d725b4ceae",
      "0006-conversation cadb6b49a18dbc34",
      "0007-supervision 28219646e22b894b",
      "0008-revenue 4ef491df023e21a9",
      "0009-resources 1213037fe2b807d4",
      "0010-standing 18fb54f99f51d3fd",
      "0011-services 127caa51fded49e1",
      "0012-worktrees b112039473b5d386",
      "0013-usage 82e26b6dc1d9ffae",
      "0014-decision-history b47ba01711191252",
      "0015-follow-on 36759bf4cffbd3bb",
      "0016-attention 22de76b9ce20af2a",
      "0017-mcp b0984bdb851098a1",
      "0018-tribunal 5cdf34364ac981c8",
      "0019-set-up 6d7f7a172e2f65f1",
      "0020-decisions-whole 53583aa55538107e",
      "0020-activity cf678e26fc0acaae",
      "0022-ledger 33252ee7f9290910",
      "0023-service-minutes 32d538c504992207",
      "0024-launch-limits d3fc7d829f8b480e",
      "0025-agents f2fc2d9d28a404dd",
      "0025-least-cost 15b07f16eacbe773",
      "0026-level-trust c445188e248a0898",
      "0027-incident-checks 73a1082b1d309a7e",
      "0028-trust-whole 3251026b547c4083",
      "0029-flows 13ca39ca5e7cf5e3",
      "0030-paths 6880958bf4666d51",
      "0031-session-counts 16d689fdb0b1481d",
      "0032-restart-program c8548376c35189e2",
      "0033-spawn-projects ca5ec31fe29bfec4",
      "0034-project-notes f2f0453d58cf89e6",
    ]
  `);
});
