import type { Database } from 'better-sqlite3';
import { type Reading, SourceSettings } from '../../shared/contract/revenue-sources.ts';

export interface Source {
  id: string;
  name: string;
  projectId: string | null;
  settings: SourceSettings;
  intervalMs: number | null;
  paused: boolean;
  tokenHash: string | null;
  /** Where counting stands; each kind has its own. */
  cursor: unknown;
  createdAt: number;
  removedAt: number | null;
  lastTryAt: number | null;
  lastGoodAt: number | null;
  lastError: string | null;
  failures: number;
  flag: string | null;
}

interface SourceRow {
  id: string;
  kind: string;
  name: string;
  project_id: string | null;
  settings: string;
  interval_ms: number | null;
  paused: number;
  token_hash: string | null;
  cursor: string | null;
  created_at: number;
  removed_at: number | null;
  last_try_at: number | null;
  last_good_at: number | null;
  last_error: string | null;
  failures: number;
  flag: string | null;
}

/** One line of the ledger. `amount` in atomic units, null: not known; dollars the same. */
export interface Gain {
  key: string;
  at: number;
  kind: 'gain' | 'hand' | 'csv' | 'webhook';
  asset: string;
  amount: bigint | null;
  microUsd: number | null;
  unknownParts: number;
  requests: number | null;
  tokens: number | null;
  note: string | null;
}

/** What the ledger and the snapshots hold of a source within a period. */
export interface Sum {
  asset: string | null;
  amount: bigint | null;
  microUsd: number | null;
  unknownParts: number;
  requests: number | null;
  tokens: number | null;
  firstAt: number | null;
  lastAt: number | null;
}

const toSource = (row: SourceRow): Source => ({
  id: row.id,
  name: row.name,
  projectId: row.project_id,
  settings: SourceSettings.parse(JSON.parse(row.settings)),
  intervalMs: row.interval_ms,
  paused: row.paused === 1,
  tokenHash: row.token_hash,
  cursor: row.cursor === null ? null : JSON.parse(row.cursor),
  createdAt: row.created_at,
  removedAt: row.removed_at,
  lastTryAt: row.last_try_at,
  lastGoodAt: row.last_good_at,
  lastError: row.last_error,
  failures: row.failures,
  flag: row.flag,
});

const toGain = (row: Record<string, unknown>): Gain =>
  ({ ...row, amount: typeof row.amount === 'string' ? BigInt(row.amount) : null }) as Gain;

const GAIN = `key, at, kind, asset, CAST(amount AS TEXT) AS amount, micro_usd AS microUsd,
  unknown_parts AS unknownParts, requests, tokens, note`;

/** Sums in SQL; amounts travel as text, since a JavaScript number ends at 2⁵³. */
const TOLD_WEEK = 'revenue.told_week';

export function createRevenueStorage(db: Database) {
  const readSetting = db.prepare<[string], { value: string }>('SELECT value FROM settings WHERE key = ?');
  const writeSetting = db.prepare<[string, string]>(
    'INSERT INTO settings (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
  );
  const all = db.prepare<[], SourceRow>(
    'SELECT * FROM revenue_sources ORDER BY removed_at IS NOT NULL, created_at, id',
  );
  const one = db.prepare<[string], SourceRow>('SELECT * FROM revenue_sources WHERE id = ?');
  const insert = db.prepare(
    `INSERT INTO revenue_sources (id, kind, name, project_id, settings, interval_ms, paused, token_hash, created_at)
     VALUES (@id, @kind, @name, @projectId, @settings, @intervalMs, @paused, @tokenHash, @createdAt)`,
  );
  const update = db.prepare(
    `UPDATE revenue_sources SET name = @name, project_id = @projectId, settings = @settings, interval_ms = @intervalMs,
       paused = @paused, token_hash = @tokenHash, cursor = @cursor, removed_at = @removedAt, last_try_at = @lastTryAt,
       last_good_at = @lastGoodAt, last_error = @lastError, failures = @failures, flag = @flag WHERE id = @id`,
  );
  const snapshot = db.prepare(
    `INSERT OR REPLACE INTO revenue_snapshots
       (source_id, at, asset, due, paid, hashrate, price_micro_usd, requests, tokens_in, tokens_out)
     VALUES (@sourceId, @at, @asset, @due, @paid, @hashrate, @priceMicroUsd, @requests, @tokensIn, @tokensOut)`,
  );
  const SNAPSHOT = `SELECT at, asset, CAST(due AS TEXT) AS due, CAST(paid AS TEXT) AS paid, hashrate,
    price_micro_usd AS priceMicroUsd, requests, tokens_in AS tokensIn, tokens_out AS tokensOut FROM revenue_snapshots`;
  const latest = db.prepare<[string], Reading>(`${SNAPSHOT} WHERE source_id = ? ORDER BY at DESC LIMIT 1`);
  const spanned = db.prepare<[string, number, number], { firstAt: number | null; lastAt: number | null }>(
    'SELECT min(at) AS firstAt, max(at) AS lastAt FROM revenue_snapshots WHERE source_id = ? AND at >= ? AND at < ?',
  );
  const before = db.prepare<[string, number], { at: number | null }>(
    'SELECT max(at) AS at FROM revenue_snapshots WHERE source_id = ? AND at < ?',
  );
  const quarters = db.prepare<[string, number], { at: number }>(
    `SELECT min(at) AS at FROM revenue_snapshots WHERE source_id = ? AND at >= ? GROUP BY at / 900000 ORDER BY 1`,
  );
  // The last of each UTC day stays: that the source was seen that day is what old weeks need to know.
  const thin = db.prepare<[number]>(
    `DELETE FROM revenue_snapshots WHERE at < ? AND EXISTS (
       SELECT 1 FROM revenue_snapshots later WHERE later.source_id = revenue_snapshots.source_id
         AND later.at > revenue_snapshots.at AND later.at / 86400000 = revenue_snapshots.at / 86400000)`,
  );
  // Added to what the same quarter of an hour already holds; unknown added to known leaves the known and one unknown more.
  const gain = db.prepare(
    `INSERT INTO revenue_ledger (source_id, key, at, kind, asset, amount, micro_usd, unknown_parts, requests, tokens, note)
     VALUES (@sourceId, @key, @at, @kind, @asset, @amount, @microUsd, @unknownParts, @requests, @tokens, @note)
     ON CONFLICT DO UPDATE SET
       amount = coalesce(amount + excluded.amount, amount, excluded.amount),
       micro_usd = coalesce(micro_usd + excluded.micro_usd, micro_usd, excluded.micro_usd),
       unknown_parts = unknown_parts + excluded.unknown_parts,
       requests = coalesce(requests + excluded.requests, requests, excluded.requests),
       tokens = coalesce(tokens + excluded.tokens, tokens, excluded.tokens),
       note = coalesce(excluded.note, note)`,
  );
  const enter = db.prepare(
    `INSERT INTO revenue_ledger (source_id, key, at, kind, asset, amount, micro_usd, unknown_parts, requests, tokens, note)
     VALUES (@sourceId, @key, @at, @kind, @asset, @amount, @microUsd, @unknownParts, @requests, @tokens, @note)
     ON CONFLICT DO NOTHING`,
  );
  const sum = db.prepare<[string, number, number], Omit<Sum, 'amount'> & { amount: string | null; assets: number }>(
    `SELECT max(asset) AS asset, count(DISTINCT asset) AS assets, CAST(sum(amount) AS TEXT) AS amount,
       sum(micro_usd) AS microUsd, coalesce(sum(unknown_parts), 0) AS unknownParts, sum(requests) AS requests,
       sum(tokens) AS tokens, min(at) AS firstAt, max(at) AS lastAt
     FROM revenue_ledger WHERE source_id = ? AND at >= ? AND at < ?`,
  );
  const entries = db.prepare<[string, number], Record<string, unknown>>(
    `SELECT ${GAIN} FROM revenue_ledger WHERE source_id = ? AND kind <> 'gain' ORDER BY at DESC, key LIMIT ?`,
  );
  const entry = db.prepare<[string, string], Record<string, unknown>>(
    `SELECT ${GAIN} FROM revenue_ledger WHERE source_id = ? AND key = ?`,
  );
  const drop = db.prepare<[string, string]>(
    "DELETE FROM revenue_ledger WHERE source_id = ? AND key = ? AND kind <> 'gain'",
  );
  const price = db.prepare<[string, number, number], { microUsd: number }>(
    `SELECT price_micro_usd AS microUsd FROM revenue_snapshots
     WHERE source_id = ? AND at > ? AND at <= ? AND price_micro_usd IS NOT NULL ORDER BY at DESC LIMIT 1`,
  );

  const asRow = (source: Source) => ({
    ...source,
    kind: source.settings.kind,
    settings: JSON.stringify(source.settings),
    paused: Number(source.paused),
    cursor: source.cursor === null ? null : JSON.stringify(source.cursor),
  });

  return {
    /** When the week's message was told last, epoch ms; null: it was never due. */
    toldWeek(): number | null {
      const row = readSetting.get(TOLD_WEEK);
      return row === undefined ? null : Number(row.value);
    },
    setToldWeek: (at: number): void => void writeSetting.run(TOLD_WEEK, String(at)),
    sources: (): Source[] => all.all().map(toSource),
    source: (id: string): Source | null => {
      const row = one.get(id);
      return row ? toSource(row) : null;
    },
    insert: (source: Source): void => void insert.run(asRow(source)),
    update: (source: Source): void => void update.run(asRow(source)),
    addSnapshot: (sourceId: string, { due, paid, ...rest }: Reading): void =>
      void snapshot.run({
        sourceId,
        ...rest,
        due: due === null ? null : BigInt(due),
        paid: paid === null ? null : BigInt(paid),
      }),
    latest: (sourceId: string): Reading | null => latest.get(sourceId) ?? null,
    /** Good looks within a period and the last one before it. */
    looks: (sourceId: string, from: number, to: number) => ({
      ...(spanned.get(sourceId, from, to) ?? { firstAt: null, lastAt: null }),
      beforeAt: before.get(sourceId, from)?.at ?? null,
    }),
    /** One good look of each quarter of an hour since then, oldest first. */
    looksSince: (sourceId: string, from: number): number[] => quarters.all(sourceId, from).map(({ at }) => at),
    /** Of snapshots older than that, only the last of each day is kept. */
    thin: (olderThan: number): void => void thin.run(olderThan),
    addGain: (sourceId: string, line: Gain): void => void gain.run({ sourceId, ...line }),
    /** False when an entry with that key was there already; then nothing is changed. */
    addEntry: (sourceId: string, line: Gain): boolean => enter.run({ sourceId, ...line }).changes === 1,
    sum(sourceId: string, from: number, to: number): Sum {
      const row = sum.get(sourceId, from, to);
      if (!row) throw new Error('a sum always has a row');
      const { assets, ...rest } = row;
      const mixed = assets > 1;
      return {
        ...rest,
        asset: mixed ? null : row.asset,
        amount: mixed || row.amount === null ? null : BigInt(row.amount),
      };
    },
    entries: (sourceId: string, limit: number): Gain[] => entries.all(sourceId, limit).map(toGain),
    entry: (sourceId: string, key: string): Gain | null => {
      const row = entry.get(sourceId, key);
      return row ? toGain(row) : null;
    },
    removeEntry: (sourceId: string, key: string): boolean => drop.run(sourceId, key).changes === 1,
    /** The newest price told after `from` and not after `at`. */
    price: (sourceId: string, from: number, at: number): number | null =>
      price.get(sourceId, from, at)?.microUsd ?? null,
  };
}

export type RevenueStorage = ReturnType<typeof createRevenueStorage>;
