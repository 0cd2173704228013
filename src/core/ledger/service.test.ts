import { createHmac, hkdfSync } from 'node:crypto';
import * as fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { TEST_SECRET, testDatabase } from '../../../test/builders.ts';
import { createFakeClock, type FakeClock, START } from '../../../test/fakes/clock.ts';
import { canonicalOf } from '../kernel/canonical.ts';
import { createJournal, type Journal } from '../kernel/journal.ts';
import type { Ledger, LedgerEntry } from '../kernel/ledger-ports.ts';
import { NOTHING_BEFORE, type StoredEvent, sealedOf } from './rules.ts';
import { createSeal, hashOf, isSigned } from './seal.ts';
import { createLedger } from './service.ts';

let database: ReturnType<typeof testDatabase>;
let clock: FakeClock;
let journal: Journal;
let ledger: Ledger;
const seal = createSeal(TEST_SECRET);
let before: LedgerEntry[];

function start(): void {
  journal = createJournal(database.db, clock, (error) => {
    throw error;
  });
  ledger = createLedger({
    db: database.db,
    journal,
    clock,
    seal,
    projections: [
      {
        took: null,
        remake: null,
        kinds: [],
        entries: () => before,
        begin: () => ({ event: () => undefined, end: () => [] }),
      },
    ],
  });
}

beforeEach(() => {
  database = testDatabase();
  clock = createFakeClock();
  before = [];
  start();
});

const put = (subject: string, n: number): number =>
  journal.commit(() => ledger.append({ kind: 'test.counted', subject, body: { n } }));
const rows = () => database.db.prepare<[], StoredEvent>('SELECT * FROM ledger_events ORDER BY seq').all();

describe('appending', () => {
  it('chains every event to the one before, over a restart', () => {
    expect([put('a', 1), put('b', 2)]).toEqual([2, 3]);
    database.reopen();
    start();
    clock.advance(5);
    expect(put('a', 3)).toBe(4);
    let prev = NOTHING_BEFORE;
    let prevMac = NOTHING_BEFORE;
    for (const row of rows()) {
      expect(row.prev).toBe(prev);
      expect(row.hash).toBe(hashOf(sealedOf(row, prevMac)));
      expect(row.mac).toBe(seal.mac(row.hash));
      prev = row.hash;
      prevMac = row.mac;
    }
    expect(ledger.head()).toMatchObject({ seq: 4, hash: prev });
    expect(rows().map(({ at }) => at)).toEqual([START, START, START, START + 5]);
  });

  it('says with which key it began, and takes in what stood before, once', () => {
    database = testDatabase();
    before = [{ kind: 'test.old', subject: 'a', body: { n: 0 } }];
    start();
    start();
    expect([...ledger.read()].map(({ kind, body }) => [kind, body])).toEqual([
      ['ledger.began', { key: { id: seal.keyId, publicKey: seal.publicKey }, taken: 1 }],
      ['test.old', { n: 0 }],
    ]);
  });

  it('is of the commit: what is rolled back leaves neither an event nor a hole', () => {
    const failing = (): void =>
      journal.commit(() => {
        ledger.append({ kind: 'test.counted', subject: 'a', body: { n: 1 } });
        throw new Error('rolled back');
      });
    expect(failing).toThrow('rolled back');
    expect(put('a', 2)).toBe(2);
    expect(rows().map(({ seq, prev }) => [seq, prev])).toEqual([
      [1, NOTHING_BEFORE],
      [2, rows()[0]?.hash],
    ]);
  });

  it('happens inside of a commit only, and holds only what JSON can say', () => {
    const entry = { kind: 'test.counted', subject: 'a', body: { n: 1 } };
    expect(() => ledger.append(entry)).toThrow(/"test.counted" only inside of a commit/);
    expect(() => put('a', Number.NaN)).toThrow(/numbers that JSON can say, but got NaN/);
    expect(rows()).toHaveLength(1);
  });

  it('keeps any text as it was hashed', () => {
    const half = '\ud800 " \\ \u0000 \u2028 é';
    journal.commit(() => ledger.append({ kind: 'test.said', subject: half, body: { half } }));
    const row = rows()[1];
    expect(row?.hash).toBe(row && hashOf(sealedOf(row, rows()[0]?.mac ?? '')));
    expect([...ledger.read({ kinds: ['test.said'] })][0]?.body).toEqual({ half });
  });

  it('cannot be undone or changed by a statement', () => {
    expect(() => database.db.exec("UPDATE ledger_events SET body = '{}'")).toThrow(/append-only/);
    expect(() => database.db.exec('DELETE FROM ledger_events')).toThrow(/append-only/);
    expect(() => database.db.exec('INSERT OR REPLACE INTO ledger_events SELECT * FROM ledger_events')).toThrow();
  });
});

describe('reading', () => {
  it('narrows by kind and sequence and to its own, page by page, and lets others write meanwhile', () => {
    for (let n = 1; n <= 1_200; n++) put(n % 2 ? 'odd' : 'even', n);
    const numbers = (query: Parameters<Ledger['read']>[0]) => [...ledger.read(query)].map(({ body }) => body.n);
    expect(numbers({ own: true })).toHaveLength(1);
    expect(numbers({ own: true, after: 1 })).toEqual([]);
    expect(numbers({ after: 3, upTo: 5 })).toEqual([3, 4]);
    expect(numbers({ kinds: ['ledger.began', 'nothing'] })).toHaveLength(1);
    expect(numbers({ kinds: ['test.counted'], after: 2, limit: 2 })).toEqual([2, 3]);
    expect(numbers({ limit: 501 })).toHaveLength(501);
    expect(numbers({ limit: 0 })).toEqual([]);
    let seen = 0;
    for (const event of ledger.read({ upTo: 3 })) {
      seen += 1;
      put('while reading', event.seq);
    }
    expect(seen).toBe(3);
  });
});

describe('canonical JSON', () => {
  it('has one form, whatever the order of the names', () => {
    expect(canonicalOf({ b: [1, { z: null, a: 'é' }], a: -0, '€': 1e21, '\r': true })).toBe(
      '{"\\r":true,"a":0,"b":[1,{"a":"é","z":null}],"€":1e+21}',
    );
    expect(canonicalOf({ a: undefined, b: 1 } as never)).toBe('{"b":1}');
    expect(() => canonicalOf({ a: () => 1 } as never)).toThrow(/only hold JSON, but got a function/);
  });

  it('says the same value again, for any JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonicalOf(value as never);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
        expect(canonicalOf(JSON.parse(text))).toBe(text);
      }),
    );
  });
});

describe('the seal', () => {
  it('is HMAC-SHA-256 as everybody computes it, with a key of its own, and binds to the secret', () => {
    const other = createSeal(Buffer.alloc(32, 8).toString('base64url'));
    const hash = hashOf('anything');
    expect(seal.mac(hash)).toHaveLength(43);
    expect(seal.mac(hash)).not.toBe(other.mac(hash));
    expect(seal.mac('too short')).toBe('');
    expect(createSeal(TEST_SECRET).mac(hash)).toBe(seal.mac(hash));
    const key = hkdfSync('sha256', Buffer.from(TEST_SECRET, 'base64url'), '', 'tenure ledger events', 32);
    expect(seal.mac(hash)).toBe(createHmac('sha256', Buffer.from(key)).update(hash).digest('base64url'));
  });

  it('signs so that the public half alone can tell', () => {
    const signature = seal.sign('seq 7');
    expect(isSigned('seq 7', signature, seal.publicKey)).toBe(true);
    expect(isSigned('seq 8', signature, seal.publicKey)).toBe(false);
    expect(isSigned('seq 7', signature, createSeal(Buffer.alloc(32, 9).toString('base64url')).publicKey)).toBe(false);
    expect(isSigned('seq 7', signature, 'no key')).toBe(false);
  });
});
