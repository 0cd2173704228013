import { copyFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite, { type Database } from 'better-sqlite3';
import { CHECKPOINT_FILE } from '../../src/core/ledger/checkpoints.ts';
import { NOTHING_BEFORE, type StoredEvent, sealedOf } from '../../src/core/ledger/rules.ts';
import { createSeal, hashOf } from '../../src/core/ledger/seal.ts';
import type { FindingName } from '../../src/shared/contract/ledger.ts';

/** A ledger's files as somebody finds them who can write to them, but has not the key. */
export interface Scene {
  /** `tenure.db`. */
  file: string;
  /** The folder of the checkpoints. */
  folder: string;
  /** The same database as it was earlier. */
  older: string;
  /** How many events there are, and up to which they are signed. */
  events: number;
  signed: number;
}

/** A number from 0 up to, not with, `below`. */
export type Random = (below: number) => number;

interface Tampering {
  name: string;
  /** One of these has to be among what is found. */
  found: readonly FindingName[];
  /** @returns false when there was nothing to do. */
  tamper(scene: Scene, random: Random): unknown;
}

const NO_SEAL = 'x'.repeat(43);
const OTHER = createSeal(Buffer.alloc(32, 99).toString('base64url'));

/** The database without what protects its rows; the protection is put back, so that only the rows tell. */
export function unguarded<T>(file: string, work: (db: Database) => T): T {
  const db = new Sqlite(file);
  try {
    const triggers = db
      .prepare<[], { name: string; sql: string }>("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
      .all();
    for (const { name } of triggers) db.exec(`DROP TRIGGER ${name}`);
    db.pragma('foreign_keys = OFF');
    const result = work(db);
    for (const { sql } of triggers) db.exec(sql);
    return result;
  } finally {
    db.close();
  }
}

const all = (db: Database): StoredEvent[] =>
  db.prepare<[], StoredEvent>('SELECT * FROM ledger_events ORDER BY seq').all();

function replaceAll(db: Database, events: readonly StoredEvent[]): void {
  db.exec('DELETE FROM ledger_events');
  const insert = db.prepare('INSERT INTO ledger_events VALUES (@seq, @at, @kind, @subject, @body, @prev, @hash, @mac)');
  db.transaction(() => events.forEach((event) => insert.run(event)))();
}

/** Every hash made to fit again, from that place on. */
function rehashed(events: StoredEvent[], from: number, mac: (hash: string, old: string) => string): StoredEvent[] {
  let prev = events[from - 1]?.hash ?? NOTHING_BEFORE;
  let prevMac = events[from - 1]?.mac ?? NOTHING_BEFORE;
  return events.map((event, at) => {
    if (at < from) return event;
    const hash = hashOf(sealedOf({ ...event, prev }, prevMac));
    const made = { ...event, prev, hash, mac: mac(hash, event.mac) };
    prev = hash;
    prevMac = made.mac;
    return made;
  });
}

const numbered = (events: StoredEvent[]): StoredEvent[] => events.map((event, at) => ({ ...event, seq: at + 1 }));
/** Another body, better where it can be. */
function better(body: string): string {
  const scored = body.replace(/"score":[^,}]+/, '"score":5');
  return scored === body ? `${body.slice(0, -1)},"zz":1}` : scored;
}
/** A word with one letter turned into another. */
const turned = (text: string, random: Random): string => {
  const at = random(text.length);
  const letter = text[at] === 'q' ? 'Q' : 'q';
  return text.slice(0, at) + letter + text.slice(at + 1);
};

/** Works on the events as a list; everything is written back. */
const rewriting =
  (change: (events: StoredEvent[], random: Random, scene: Scene) => StoredEvent[]) =>
  (scene: Scene, random: Random): void =>
    unguarded(scene.file, (db) => replaceAll(db, change(all(db), random, scene)));

const COLUMNS = ['at', 'kind', 'subject', 'body', 'prev', 'hash', 'mac'] as const;

function edited(event: StoredEvent, random: Random): StoredEvent {
  const column = COLUMNS[random(COLUMNS.length)] ?? 'at';
  if (column === 'at') return { ...event, at: event.at + 1 + random(1_000) };
  if (column === 'body') return { ...event, body: better(event.body) };
  const next = { ...event, [column]: turned(event[column], random) };
  return next[column] === event[column] ? { ...event, at: event.at - 1 } : next;
}

function forgedFrom(event: StoredEvent, prev: StoredEvent | undefined, mac: string): StoredEvent {
  const base = { ...event, body: better(event.body), prev: prev?.hash ?? NOTHING_BEFORE };
  const hash = hashOf(sealedOf(base, prev?.mac ?? NOTHING_BEFORE));
  return { ...base, hash, mac: mac === 'other' ? OTHER.mac(hash) : mac };
}

const lines = (scene: Scene): string[] => readFileSync(join(scene.folder, CHECKPOINT_FILE), 'utf8').trim().split('\n');
const writeLines = (scene: Scene, text: readonly string[]): void =>
  writeFileSync(join(scene.folder, CHECKPOINT_FILE), text.map((line) => `${line}\n`).join(''));

const REWRITTEN: readonly FindingName[] = ['rehashed', 'edited', 'inserted'];

/** Everything that somebody with the files, but without the key, may try. */
export const TAMPERINGS: readonly Tampering[] = [
  {
    name: 'edits one column of one event',
    // The MAC of the newest event, which nothing stands for yet, may as well be that of one put in.
    found: ['edited', 'rehashed', 'reordered', 'deleted', 'rolled-back', 'inserted'],
    tamper: rewriting((events, random) => {
      const at = random(events.length);
      return events.map((event, i) => (i === at ? edited(event, random) : event));
    }),
  },
  {
    name: 'betters what an event says',
    found: ['edited'],
    tamper: rewriting((events, random) => {
      const at = random(events.length);
      return events.map((event, i) => (i === at ? { ...event, body: better(event.body).replace(/^\{/, '{ ') } : event));
    }),
  },
  {
    name: 'edits an event and gives it a fitting hash',
    found: REWRITTEN,
    tamper: rewriting((events, random) => {
      const at = random(events.length);
      return events.map((event, i) => (i === at ? forgedFrom(event, events[i - 1], event.mac) : event));
    }),
  },
  {
    name: 'takes events out',
    found: ['deleted', 'edited'],
    tamper: rewriting((events, random) => {
      const at = random(events.length - 4);
      return events.toSpliced(at, 1 + random(3));
    }),
  },
  {
    name: 'takes events out and closes the gap',
    found: ['deleted', 'edited'],
    tamper: rewriting((events, random) => numbered(events.toSpliced(random(events.length - 4), 1 + random(3)))),
  },
  {
    name: 'puts one in at the end',
    found: ['inserted'],
    tamper: rewriting((events, random) => {
      const last = events.at(-1);
      const model = events[random(events.length)];
      if (!last || !model) return events;
      return [...events, forgedFrom({ ...model, seq: last.seq + 1 }, last, random(2) ? 'other' : NO_SEAL)];
    }),
  },
  {
    name: 'puts one in between and numbers the rest anew',
    found: ['inserted'],
    tamper: rewriting((events, random) => {
      const at = 1 + random(events.length - 2);
      const model = events[random(events.length)];
      if (!model) return events;
      return numbered(events.toSpliced(at, 0, forgedFrom({ ...model, seq: at + 1 }, events[at - 1], 'other')));
    }),
  },
  {
    name: 'repeats a genuine event',
    found: ['inserted'],
    tamper: rewriting((events, random) => {
      const model = events[1 + random(events.length - 2)];
      return model ? [...events, { ...model, seq: events.length + 1 }] : events;
    }),
  },
  {
    name: 'changes two events for each other',
    found: ['reordered'],
    tamper: rewriting((events, random) => {
      const a = 1 + random(events.length - 2);
      const b = 1 + ((a + random(events.length - 3)) % (events.length - 1));
      const [one, two] = [events[a], events[b === a ? (a === 1 ? 2 : a - 1) : b]];
      if (!one || !two) return events;
      return events.map((event) =>
        event.seq === one.seq ? { ...two, seq: one.seq } : event.seq === two.seq ? { ...one, seq: two.seq } : event,
      );
    }),
  },
  {
    name: 'cuts the end off, below what is signed',
    found: ['cut'],
    tamper: rewriting((events, random, { signed }) => events.slice(0, 1 + random(signed - 1))),
  },
  {
    name: 'cuts the end off, which nobody has signed yet',
    // What the events had said is still in the tables.
    found: ['tables-differ'],
    tamper: rewriting((events, random, { signed }) => events.slice(0, signed + random(events.length - signed))),
  },
  {
    name: 'empties the ledger',
    found: ['cut'],
    tamper: rewriting(() => []),
  },
  {
    name: 'puts an older copy in its place',
    found: ['rolled-back'],
    tamper: ({ file, older }) => copyFileSync(older, file),
  },
  {
    name: 'writes everything anew from some place on, with another key',
    found: REWRITTEN,
    tamper: rewriting((events, random) => {
      const from = random(events.length - 1);
      const changed = events.map((event, i) => (i === from ? { ...event, body: better(event.body) } : event));
      return rehashed(changed, from, (hash) => OTHER.mac(hash));
    }),
  },
  {
    name: 'writes everything anew and leaves the MACs',
    found: REWRITTEN,
    tamper: rewriting((events, random) => {
      const from = random(events.length - 1);
      const changed = events.map((event, i) => (i === from ? { ...event, at: event.at + 1 } : event));
      return rehashed(changed, from, (_hash, old) => old);
    }),
  },
  {
    name: 'betters the record of trust',
    found: ['tables-differ'],
    tamper: ({ file }) =>
      unguarded(file, (db) => db.exec("UPDATE trust_ledger SET score = 5 WHERE score = 2 AND kind = 'evaluation'")),
  },
  {
    name: 'adds a session to the record',
    found: ['tables-differ'],
    tamper: ({ file }, random) =>
      unguarded(file, (db) =>
        db
          .prepare(
            "INSERT INTO trust_ledger (kind, session_id, level, score, at) VALUES ('session', ?, 'cautious', NULL, 0)",
          )
          .run(`ses_forged${random(1_000)}`),
      ),
  },
  {
    name: 'takes a rating out of the record',
    found: ['tables-differ'],
    tamper: ({ file }) => unguarded(file, (db) => db.exec('DELETE FROM trust_overrides')),
  },
  {
    name: 'raises the level in the table',
    found: ['tables-differ'],
    tamper: ({ file }) =>
      unguarded(file, (db) => db.exec("UPDATE level_intervals SET level = 'full' WHERE left_at IS NULL")),
  },
  {
    name: 'makes a stay longer',
    found: ['tables-differ'],
    tamper: ({ file }, random) =>
      unguarded(file, (db) => db.exec(`UPDATE level_intervals SET entered_at = entered_at - ${1 + random(999_999)}`)),
  },
  {
    name: 'makes other evidence for a promotion',
    found: ['tables-differ'],
    tamper: ({ file }) => unguarded(file, (db) => db.exec("UPDATE promotions SET evidence = '{}'")),
  },
  {
    name: 'takes the protection away',
    found: ['unprotected'],
    tamper({ file }, random) {
      const db = new Sqlite(file);
      const names = ['ledger_events_no_update', 'ledger_events_no_delete', 'trust_ledger_no_update'];
      db.exec(`DROP TRIGGER ${names[random(names.length)]}`);
      db.close();
    },
  },
  {
    name: 'makes the view of the scores kinder',
    found: ['unprotected'],
    tamper({ file }) {
      const db = new Sqlite(file);
      db.exec('DROP VIEW trust_summary; DROP VIEW trust_scores');
      db.exec(
        "CREATE VIEW trust_scores AS SELECT level, session_id, 5 AS score FROM trust_ledger WHERE kind = 'evaluation'",
      );
      db.close();
    },
  },
  {
    name: 'takes the checkpoints away',
    found: ['checkpoints-missing'],
    tamper: ({ folder }) => rmSync(join(folder, CHECKPOINT_FILE)),
  },
  {
    name: 'puts an older file of checkpoints in place',
    found: ['checkpoints-rolled-back'],
    tamper: (scene, random) => writeLines(scene, lines(scene).slice(0, 1 + random(lines(scene).length - 1))),
  },
  {
    name: 'changes what a checkpoint says',
    found: ['checkpoints-forged'],
    tamper(scene, random) {
      const known = lines(scene);
      const at = random(known.length);
      writeLines(
        scene,
        known.map((line, i) =>
          i === at ? line.replace(/"seq":(\d+)/, (_all, seq) => `"seq":${Number(seq) - 1}`) : line,
        ),
      );
    },
  },
];

/** Turns bits of one byte of the database, somewhere. @returns where. */
export function turnByte({ file }: Scene, random: Random): number {
  const bytes = readFileSync(file);
  const at = random(bytes.length);
  bytes[at] = (bytes[at] ?? 0) ^ (1 + random(255));
  writeFileSync(file, bytes);
  for (const beside of ['-wal', '-shm']) if (existsSync(file + beside)) rmSync(file + beside);
  return at;
}
