import { copyFileSync, cpSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { beforeAll, describe, expect, it } from 'vitest';
import { TEST_SECRET, tempDir } from '../../../test/builders.ts';
import { createFakeClock } from '../../../test/fakes/clock.ts';
import { seededRandom } from '../../../test/fakes/random.ts';
import { type Random, type Scene, TAMPERINGS, turnByte } from '../../../test/fakes/tampering.ts';
import { Config } from '../../shared/config.ts';
import type { Finding } from '../../shared/contract/ledger.ts';
import { createIds } from '../adapters/ids.ts';
import { openDatabase } from '../db/open.ts';
import { createJournal } from '../kernel/journal.ts';
import { trustProjection } from '../trust/projection.ts';
import { createTrust } from '../trust/service.ts';
import { createTrustStorage } from '../trust/storage.ts';
import { signCheckpoint, writeCheckpoint } from './checkpoints.ts';
import { lookAtLedger } from './look.ts';
import { createSeal, type Seal } from './seal.ts';
import { createLedger } from './service.ts';
import { createLedgerStorage } from './storage.ts';

/** `TENURE_TAMPERINGS=10000` for the long run. */
const ROUNDS = Number(process.env.TENURE_TAMPERINGS ?? 200);
const seal = createSeal(TEST_SECRET);
const dir = tempDir('tampering');
let scene: Scene;

function randomFrom(seed: number): Random {
  const next = seededRandom(seed);
  return (below) => Math.floor(next() * below);
}

async function look(at: Scene, by: Seal | null = seal, full = false): Promise<Finding[]> {
  const db = new Sqlite(at.file);
  try {
    const { findings } = await lookAtLedger(
      {
        storage: createLedgerStorage(db),
        seal: by,
        folder: at.folder,
        projections: [trustProjection(createTrustStorage(db))],
        breathe: async () => undefined,
      },
      full,
    );
    return findings;
  } finally {
    db.close();
  }
}

/** A life of trust: raised, credited, rated, a promotion refused; signed twice, with a little unsigned at the end. */
beforeAll(() => {
  const home = join(dir, 'real');
  mkdirSync(home);
  const clock = createFakeClock();
  const db = openDatabase({ dir: home, now: clock.now() });
  const journal = createJournal(db, clock, (error) => {
    throw error;
  });
  const ledger = createLedger({ db, journal, clock, seal });
  const storage = createLedgerStorage(db);
  const folder = join(dir, 'checkpoints');
  const config = Config.parse({
    trust: { thresholds: { cautious_to_moderate: { minSessions: 9, minDaysAtLevel: 0 } } },
  });
  const trust = createTrust({
    db,
    journal,
    clock,
    ids: createIds(),
    ledger: { ...ledger, whyNotRaise: () => null },
    config: () => config.trust,
  });
  const sign = (): void => {
    const mark = ledger.mark();
    writeCheckpoint(folder, signCheckpoint(seal, mark, mark.seq, clock.now()));
    storage.remember({ seq: mark.seq, at: clock.now(), folder });
  };
  trust.setLevel({ level: 'cautious', by: 'me' });
  let made = 0;
  const session = (score: number | null): void => {
    made += 1;
    const sessionId = `ses_${made}`;
    clock.advance(60_000);
    journal.commit((emit) => {
      trust.creditSession(emit, sessionId, 'cautious');
      trust.creditEvaluation(emit, { sessionId, evaluationId: `evl_${made}`, level: 'cautious', score });
    });
  };
  const older = join(dir, 'older.db');
  for (const score of [4, 5, 2, 4, null, 5, 4]) session(score);
  sign();
  db.pragma('wal_checkpoint(TRUNCATE)');
  copyFileSync(join(home, 'tenure.db'), older);
  for (const score of [4, 5, 4, 3, 5]) session(score);
  trust.check();
  trust.declinePromotion({ by: 'me', reason: 'Not yet.' });
  journal.commit((emit) =>
    trust.overrideEvaluation(emit, { sessionId: 'ses_3', level: 'cautious', score: 4, by: 'me' }),
  );
  sign();
  const signed = ledger.head().seq;
  for (const score of [4, 2]) session(score);
  const events = ledger.head().seq;
  db.pragma('wal_checkpoint(TRUNCATE)');
  db.close();
  scene = { file: join(home, 'tenure.db'), folder, older, events, signed };
});

/** The same files again, to be tampered with. */
function copied(): Scene {
  const to = join(dir, 'copy');
  rmSync(to, { recursive: true, force: true });
  mkdirSync(to);
  const copy = { ...scene, file: join(to, 'tenure.db'), folder: join(to, 'checkpoints') };
  copyFileSync(scene.file, copy.file);
  cpSync(scene.folder, copy.folder, { recursive: true });
  const db = new Sqlite(copy.file);
  db.prepare('UPDATE ledger_checkpoint SET folder = ?').run(copy.folder);
  db.close();
  return copy;
}

const rowsOf = (file: string): string => {
  const db = new Sqlite(file, { readonly: true });
  try {
    const tables = ['ledger_events', 'trust_ledger', 'trust_overrides', 'level_intervals', 'promotions'];
    return JSON.stringify(tables.map((table) => db.prepare(`SELECT * FROM ${table}`).all()));
  } finally {
    db.close();
  }
};

describe('somebody with the files, but without the key', () => {
  it('finds nothing to be told of as long as he only looks', async () => {
    expect(await look(scene)).toEqual([]);
    expect(await look(scene, seal, true)).toEqual([]);
  });

  const each = Math.max(2, Math.ceil(ROUNDS / TAMPERINGS.length));
  it.each(TAMPERINGS.map((tampering) => [tampering.name, tampering] as const))(
    '%s: it is seen, and called by its name',
    async (name, { tamper, found }) => {
      for (let round = 0; round < each; round++) {
        const random = randomFrom(round * 7_919 + name.length);
        const copy = copied();
        tamper(copy, random);
        const findings = await look(copy);
        const names = findings.map((finding) => finding.name);
        expect(names, `round ${round}: ${JSON.stringify(findings)}`).toEqual(
          expect.arrayContaining([expect.toSatisfy((one) => found.includes(one))]),
        );
        for (const { words } of findings) expect(words).toMatch(/\.$/);
      }
    },
    ROUNDS * 1_000,
  );

  it(
    'turns any byte of the database: what it changed is seen, what changed nothing is no finding',
    async () => {
      const whole = rowsOf(scene.file);
      let seen = 0;
      for (let round = 0; round < ROUNDS; round++) {
        const copy = copied();
        const at = turnByte(copy, randomFrom(round * 104_729));
        let rows: string | null;
        let findings: Finding[] = [];
        try {
          openDatabase({ dir: join(dir, 'copy'), now: 0 }).close();
          rows = rowsOf(copy.file);
          findings = await look(copy, seal, true);
        } catch {
          // It does not open, or cannot be read: the start refuses it.
          seen += 1;
          continue;
        }
        if (rows !== whole) expect(findings, `byte ${at}`).not.toEqual([]);
        else if (findings.length > 0)
          expect(findings.map(({ words }) => words).join()).toMatch(/index|protect|taken out|older|missing/i);
        seen += Number(findings.length > 0);
      }
      expect(seen).toBeGreaterThan(0);
    },
    ROUNDS * 1_000,
  );
});

describe('the key', () => {
  it('that is lost, or another, is named', async () => {
    expect((await look(scene, null)).map(({ name }) => name)).toEqual(['key-lost']);
    const other = createSeal(Buffer.alloc(32, 1).toString('base64url'));
    expect((await look(scene, other)).map(({ name }) => name)).toEqual(['key-changed']);
  });
});

it('keeps the words of the files: nothing is written by looking', async () => {
  const before = readFileSync(scene.file);
  await look(scene, seal, true);
  expect(readFileSync(scene.file).equals(before)).toBe(true);
});
