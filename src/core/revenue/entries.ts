import { createHash, timingSafeEqual } from 'node:crypto';
import type { Entry, ImportReport } from '../../shared/contract/revenue.ts';
import { TenureError } from '../../shared/errors.ts';
import { decimalsOf, parseAmount, worth } from '../../shared/money.ts';
import type { Journal } from '../kernel/journal.ts';
import type { Clock, Ids } from '../kernel/ports.ts';
import { parseCsv } from './csv.ts';
import type { Gain, RevenueStorage, Source } from './storage.ts';
import { readPost } from './webhook.ts';

interface EntryDeps {
  storage: RevenueStorage;
  journal: Journal;
  clock: Clock;
  ids: Ids;
  timezone(): string;
  /** @throws TenureError not_found */
  source(id: string): Source;
  /** Micro-dollars of one whole unit at that time; null: not known. */
  priceOf(asset: string, at: number): number | null;
  /** Commits what `work` writes, and tells what has changed. */
  changed<T>(work: () => T): T;
}

const MOST_UNITS = 9_000_000_000_000_000_000n;
const DAY = 86_400_000;

const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex');

const toEntry = (gain: Gain): Entry => ({
  key: gain.key,
  at: gain.at,
  asset: gain.asset,
  amount: (gain.amount ?? 0n).toString(),
  microUsd: gain.microUsd,
  note: gain.note,
  via: gain.kind === 'gain' ? 'hand' : gain.kind,
});

/** What is told and not looked for: entries by hand, rows of a CSV, posts of a webhook. */
export function createEntries({ storage, clock, ids, timezone, source, priceOf, changed }: EntryDeps) {
  function told(id: string, kinds: readonly string[]): Source & { asset: string } {
    const found = source(id);
    if (!kinds.includes(found.settings.kind)) {
      throw new TenureError(
        'refused',
        `"${found.name}" is a source of the kind ${found.settings.kind}; entries go to one of the kind ${kinds.join(' or ')}.`,
      );
    }
    const asset = 'asset' in found.settings ? found.settings.asset : 'USD';
    return { ...found, asset };
  }

  function lineOf(
    key: string,
    kind: Gain['kind'],
    at: number,
    asset: string,
    units: bigint,
    note: string | null,
  ): Gain {
    const price = priceOf(asset, at);
    const microUsd = price === null ? null : worth(units, decimalsOf(asset), price);
    return {
      key,
      at,
      kind,
      asset,
      amount: units,
      microUsd,
      unknownParts: microUsd === null ? 1 : 0,
      requests: null,
      tokens: null,
      note,
    };
  }

  function unitsOf(text: string, asset: string): bigint {
    const units = parseAmount(text.replace(/^\$/, ''), decimalsOf(asset));
    if (units !== null && units < MOST_UNITS && units > -MOST_UNITS) return units;
    throw new TenureError(
      'invalid',
      `"${text}" is no amount of ${asset}: expected a plain number with at most ${decimalsOf(asset)} decimals, such as 12.40.`,
    );
  }

  function report(id: string, csv: string, write: boolean): ImportReport {
    const { asset } = told(id, ['manual']);
    const { rows, bad } = parseCsv(csv, { asset, timezone: timezone(), decimals: decimalsOf, now: clock.now() });
    const lines = rows.map((row) => ({ ...row, known: storage.entry(id, row.key) !== null }));
    const add = lines.filter(({ known }) => !known);
    if (write && add.length > 0) {
      changed(() => {
        for (const row of add) storage.addEntry(id, lineOf(row.key, 'csv', row.at, row.asset, row.units, row.note));
      });
    }
    return {
      rows: lines.map(({ line, at, asset: unit, units, note, known }) => ({
        line,
        at,
        asset: unit,
        amount: units.toString(),
        note,
        known,
      })),
      bad,
      added: write ? add.length : 0,
      known: lines.length - add.length,
    };
  }

  return {
    /** @throws TenureError invalid, not_found, refused */
    enter(input: { id: string; amount: string; at?: number | undefined; note?: string | undefined }): Entry {
      const { asset } = told(input.id, ['manual']);
      const at = input.at ?? clock.now();
      if (at > clock.now() + DAY || at <= 0) throw new TenureError('invalid', 'An entry cannot lie in the future.');
      const line = lineOf(
        `h:${ids.next('ent')}`,
        'hand',
        at,
        asset,
        unitsOf(input.amount, asset),
        input.note?.trim() || null,
      );
      changed(() => storage.addEntry(input.id, line));
      return toEntry(line);
    },
    list: (id: string, limit = 200): Entry[] => storage.entries(source(id).id, limit).map(toEntry),
    remove(id: string, key: string): { key: string } {
      source(id);
      if (!changed(() => storage.removeEntry(id, key))) throw new TenureError('not_found', `There is no entry ${key}.`);
      return { key };
    },
    preview: (id: string, csv: string): ImportReport => report(id, csv, false),
    import: (id: string, csv: string): ImportReport => report(id, csv, true),

    /**
     * What somebody posted to a webhook. The same key again changes nothing.
     * @throws TenureError unauthenticated (also for a source that is none: who asks learns nothing), invalid
     */
    post(id: string, token: string | null, body: string, key: string | null): { added: number; known: number } {
      const found = storage.source(id);
      const expected = found?.removedAt === null && found.settings.kind === 'webhook' ? found.tokenHash : null;
      const given = Buffer.from(hashOf(token ?? ''));
      if (expected === null || !timingSafeEqual(given, Buffer.from(expected))) {
        throw new TenureError('unauthenticated', 'This webhook does not exist, or its token is missing or wrong.');
      }
      const { asset } = told(id, ['webhook']);
      const posts = readPost(body, key, asset, clock.now());
      const lines = posts.map((post) =>
        lineOf(
          `w:${hashOf(post.key).slice(0, 32)}`,
          'webhook',
          post.at,
          post.asset,
          unitsOf(post.amount, post.asset),
          post.note,
        ),
      );
      const isNew = lines.some((line) => storage.entry(id, line.key) === null);
      const added = isNew ? changed(() => lines.filter((line) => storage.addEntry(id, line)).length) : 0;
      return { added, known: lines.length - added };
    },

    /** A new token: the text to show once, and the hash to keep. */
    mintToken(): { token: string; hash: string } {
      const token = `tnr_hook_${ids.secret()}`;
      return { token, hash: hashOf(token) };
    },
  };
}
