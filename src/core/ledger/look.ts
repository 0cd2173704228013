import type { Finding } from '../../shared/contract/ledger.ts';
import type { LedgerEvent, Projection } from '../kernel/ledger-ports.ts';
import { accepted, createChainCheck, type Mark } from './chain.ts';
import { type KnownCheckpoints, readCheckpoints } from './checkpoints.ts';
import { createDiagnosis } from './diagnosis.ts';
import { findingOf, LEDGER, NOTHING_BEFORE, type Row, type StoredEvent, saidBy } from './rules.ts';
import type { Seal } from './seal.ts';
import { toEvent } from './service.ts';
import type { createLedgerStorage } from './storage.ts';

export interface LookDeps {
  storage: ReturnType<typeof createLedgerStorage>;
  seal: Seal | null;
  /** Where checkpoints are written now. */
  folder: string;
  projections: readonly Projection[];
  /** Lets others run; asked between two chunks of work. */
  breathe(): Promise<void>;
}

export interface Looked {
  findings: Finding[];
  events: number;
  /** The newest checkpoint that counts. */
  checkpoint: { seq: number; at: number } | null;
  /** The sequence with which the newest epoch begins. */
  epoch: number;
}

/** Rows that are read and hashed in one go: a few milliseconds. */
const CHUNK = 1_000;
const ALL = Number.MAX_SAFE_INTEGER;
const EPOCHS = ['ledger.began', 'ledger.acknowledged'];

/**
 * Gives every event to those who want it, oldest first and a chunk at a time, also those that come in
 * meanwhile. `end` runs in one go with the last chunk, so that nothing has changed in between.
 */
async function throughout<T>(deps: LookDeps, feed: (rows: Row[]) => void, end: () => T): Promise<T> {
  for (let after = 0; ; ) {
    const rows = deps.storage.rows({ after, upTo: ALL, limit: CHUNK });
    feed(rows);
    const last = rows.at(-1);
    if (last === undefined || rows.length < CHUNK) return end();
    after = last[0];
    await deps.breathe();
  }
}

/** The event with which the newest epoch begins: the newest that carries our MAC. */
function epochOf({ storage, seal }: LookDeps): StoredEvent | null {
  const all = storage.events({ own: true, kinds: EPOCHS }, { after: 0, upTo: ALL, limit: 10_000 }).toReversed();
  return all.find(({ hash, mac }) => seal !== null && mac === seal.mac(hash)) ?? all[0] ?? null;
}

/** The public key with which the newest epoch began. */
export const publicKeyIn = (deps: LookDeps): string | null => keyOf(epochOf(deps));

function keyOf(epoch: StoredEvent | null): string | null {
  try {
    const { key } = JSON.parse(epoch?.body ?? '{}') as { key?: { publicKey?: unknown } | null };
    return typeof key?.publicKey === 'string' ? key.publicKey : null;
  } catch {
    return null;
  }
}

/** What the tables say against what the events say, as far as they can be read. */
function createTables(projections: readonly Projection[], epoch: number) {
  const open = projections.map(({ kinds, begin }) => ({ kinds: new Set(kinds), ...begin() }));
  const wanted = new Set(projections.flatMap(({ kinds }) => kinds));

  function give(event: LedgerEvent): void {
    for (const table of open) if (table.kinds.has(event.kind)) table.event(event);
  }

  return {
    feed(rows: readonly Row[]): void {
      for (const [seq, at, kind, subject, body] of rows) {
        if (seq < epoch || (!wanted.has(kind) && kind !== 'ledger.restated')) continue;
        try {
          const said = saidBy(toEvent({ seq, at, kind, subject, body }));
          if (said) give(said);
        } catch {
          // An event that cannot be read is found by its hash.
        }
      }
    },
    end: (): Finding[] =>
      open
        .flatMap((table) => table.end())
        .slice(0, 5)
        .map((difference) => findingOf('tables-differ', null, null, difference)),
  };
}

/** Does the index find every event of the ledger's own, and nothing else? It is what readers go by. */
function createIndexCheck({ storage }: LookDeps) {
  let n = 0;
  let sum = 0;
  return {
    feed(rows: readonly Row[]): void {
      for (const [seq, , , subject] of rows) {
        if (subject !== LEDGER) continue;
        n += 1;
        sum += seq;
      }
    },
    end(): Finding[] {
      const found = storage.ownInIndex();
      return found.n === n && found.sum === sum
        ? []
        : [findingOf('edited', null, null, 'Its index does not find every event.')];
    },
  };
}

/** What the files of the checkpoints say against what the database remembers of them. */
function checkpointFindings({ storage }: LookDeps, { signed, forged }: KnownCheckpoints, epoch: number): Finding[] {
  const remembered = storage.remembered();
  const newest = signed.at(-1)?.seq ?? 0;
  const findings = forged > 0 ? [findingOf('checkpoints-forged')] : [];
  if (remembered === null || remembered.seq < epoch || newest >= remembered.seq) return findings;
  return [
    ...findings,
    findingOf(
      newest < epoch ? 'checkpoints-missing' : 'checkpoints-rolled-back',
      null,
      null,
      `They were in ${remembered.folder}.`,
    ),
  ];
}

/**
 * Looks at everything: the chain, its checkpoints, its key, what protects it, and the tables kept beside it.
 * Changes nothing, and lets others run in between.
 * @param full every MAC and the index as well, which the newest checkpoint stands for otherwise.
 */
export async function lookAtLedger(deps: LookDeps, full: boolean): Promise<Looked> {
  const { storage, folder } = deps;
  const begun = epochOf(deps);
  const epoch = begun?.seq ?? 1;
  const publicKey = keyOf(begun);
  const isOurs =
    deps.seal === null ||
    publicKey === null ||
    deps.seal.publicKey === publicKey ||
    begun?.mac === deps.seal.mac(begun?.hash ?? '');
  const seal = isOurs ? deps.seal : null;
  const checkpoints = readCheckpoints(
    [storage.remembered()?.folder ?? folder, folder],
    (isOurs ? deps.seal?.publicKey : null) ?? publicKey ?? '',
  );
  const newest = checkpoints.signed.findLast(({ seq }) => seq >= epoch) ?? null;
  const mark: Mark | null = newest;
  const chain = { seal, epoch, mark, full };

  const check = createChainCheck(chain);
  const tables = createTables(deps.projections, epoch);
  const isProtected = storage.isProtected();
  const index = full && isProtected ? createIndexCheck(deps) : null;
  const first = await throughout(
    deps,
    (rows) => {
      check.feed(rows);
      tables.feed(rows);
      index?.feed(rows);
    },
    () => ({ holds: check.end(), beside: [...tables.end(), ...(index?.end() ?? [])] }),
  );
  const findings: Finding[] = [];
  if (deps.seal === null) findings.push(findingOf('key-lost'));
  else if (!isOurs) findings.push(findingOf('key-changed'));
  if (!first.holds) {
    const diagnosis = createDiagnosis({
      ...chain,
      elsewhere: storage.elsewhere,
      remembered: storage.remembered()?.seq ?? 0,
    });
    findings.push(
      ...(await throughout(
        deps,
        (rows) => diagnosis.feed(rows),
        () => diagnosis.end(),
      )),
    );
  }
  findings.push(...checkpointFindings(deps, checkpoints, epoch), ...first.beside);
  if (!isProtected) findings.push(findingOf('unprotected'));
  return { findings, events: check.count(), checkpoint: newest && { seq: newest.seq, at: newest.at }, epoch };
}

/** What stands for every event as it is now. `end` gets it in one go with the last of them. */
export function digestOf<T>(deps: LookDeps, end: (digest: string) => T): Promise<T> {
  let digest = NOTHING_BEFORE;
  return throughout(
    deps,
    (rows) => {
      for (const row of rows) digest = accepted(digest, row);
    },
    () => end(digest),
  );
}
