import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import type { Checkpoint, LedgerRow } from '../../shared/contract/ledger.ts';
import { agentsProjection } from '../agents/projection.ts';
import { createAgentStorage } from '../agents/storage.ts';
import { alertsProjection } from '../alerts/projection.ts';
import { createAlertStorage } from '../alerts/storage.ts';
import type { EngineOptions } from '../engine.ts';
import { canonicalOf } from '../kernel/canonical.ts';
import type { Emit, Journal } from '../kernel/journal.ts';
import type { Json, Projection } from '../kernel/ledger-ports.ts';
import { readCheckpoints } from '../ledger/checkpoints.ts';
import { createKeeper } from '../ledger/keeper.ts';
import { LEDGER, rowOf } from '../ledger/rules.ts';
import { createSeal, type Seal } from '../ledger/seal.ts';
import { createLedger } from '../ledger/service.ts';
import { createLedgerStorage } from '../ledger/storage.ts';
import { endsProjection } from '../trust/ends/projection.ts';
import { createEndStorage } from '../trust/ends/storage.ts';
import { marksProjection } from '../trust/marks/projection.ts';
import { createMarkStorage } from '../trust/marks/storage.ts';
import { trustProjection } from '../trust/projection.ts';
import { createTrustStorage } from '../trust/storage.ts';

interface LedgerOptions extends Pick<EngineOptions, 'db' | 'config' | 'ports' | 'paths' | 'vault' | 'log'> {
  journal: Journal;
  /** Puts up sentences for the person, or takes them down (none). */
  notice(id: string, sentences: readonly string[]): void;
  /** Inside the commit in which the tables of trust were made anew. */
  remade(emit: Emit): void;
  /** Nothing may act with more than the lowest level from now on. */
  toObserve(reason: string): void;
}

export type LedgerChapter = ReturnType<typeof createLedgerChapter>;

/** The vault's name of the key, and of the note that a ledger was begun with it. */
export const SECRET = 'ledger';
const BEGUN = 'ledger.begun';
/** The rules by which the level may rise, and who sets them where nobody says so. */
const RULES = 'trust.configured';
const CONFIG_FILE = 'the configuration file';
/** A ledger of so many events is looked at before anything starts; a longer one meanwhile. */
const AT_ONCE = 20_000;

/** Tables that are kept beside the ledger, each compared with it whenever it is verified. */
export const projectionsOf = (db: Database): Projection[] => [
  trustProjection(createTrustStorage(db)),
  marksProjection(createMarkStorage(db)),
  agentsProjection(createAgentStorage(db)),
  alertsProjection(createAlertStorage(db)),
  endsProjection(createEndStorage(db)),
];

/** The ledger of everything that trust rests on, with what stood before it began, and who looks after it. */
export function createLedgerChapter(options: LedgerOptions) {
  const { db, config, ports, paths, vault, log, journal } = options;
  const { clock, ids } = ports;
  const storage = createLedgerStorage(db);
  const projections = projectionsOf(db);
  const seal = sealOf();
  const isLost = seal !== null && vault.get(BEGUN) !== null && storage.head() === null;
  const ledger = createLedger({ db, journal, clock, seal, projections });
  if (seal !== null && vault.get(BEGUN) === null) vault.set(BEGUN, seal.keyId);
  const folder = (): string => config.current().ledger.checkpointFolder ?? join(paths.home, 'checkpoints');

  function sealOf(): Seal | null {
    if (vault.state === 'locked') return null;
    const kept = vault.get(SECRET);
    if (kept !== null) return createSeal(kept);
    const made = ids.secret();
    vault.set(SECRET, made);
    return createSeal(made);
  }

  const keeper = createKeeper({
    ledger,
    storage,
    seal,
    journal,
    clock,
    folder,
    projections,
    isLost,
    key: vault.sentence,
    breathe: () => new Promise((resolve) => void clock.after(0, resolve)),
    onRemade: options.remade,
    onBroken: options.toObserve,
    onProblem: (error) => log.error({ err: error }, 'the ledger could not be looked after'),
    onState: ({ state, checkpointProblem }) =>
      options.notice('ledger', [
        ...(state === 'broken' ? [BROKEN_NOTICE] : []),
        ...(checkpointProblem === null ? [] : [checkpointProblem]),
      ]),
  });

  const looked = async (): Promise<void> => {
    try {
      await keeper.verify();
    } catch (error) {
      log.error({ err: error }, 'the ledger was not checked');
      const why = error instanceof Error ? error.message : String(error);
      options.notice('ledger', [`The ledger of trust could not be checked, so nothing is raised: ${why}.`]);
    }
  };

  /** Inside a commit: by which rules a level may rise from here on, where they are not the ones that were said last. */
  function noteRules(by: string): void {
    const { thresholds, window } = config.current().trust;
    const rules = { thresholds, window } as unknown as Json;
    const last = [...ledger.read({ own: true, kinds: [RULES] })].at(-1)?.body.rules;
    if (last !== undefined && canonicalOf(last) === canonicalOf(rules)) return;
    ledger.append({ kind: RULES, subject: LEDGER, body: { by, rules } });
  }
  journal.within((fact) => {
    if (fact.type === 'config.changed' && fact.body.keys.some((key) => key.startsWith('trust.')))
      noteRules(fact.body.by ?? CONFIG_FILE);
  });

  let version = versionOf(db);
  let doubts = 0;

  /**
   * Has somebody else written to the database, and not all of it been looked at since? Tenure alone writes to
   * it, so that is looked at as soon as it is asked for.
   */
  function inDoubt(): boolean {
    const now = versionOf(db);
    if (now !== version) {
      version = now;
      doubts += 1;
      log.warn('somebody else has written to the database');
      // A look that goes on already may have passed what was changed.
      void looked()
        .then(looked)
        .then(() => (doubts -= 1));
    }
    return doubts > 0;
  }

  return {
    ledger: { ...ledger, whyNotRaise: () => keeper.whyNotRaise() ?? (inDoubt() ? IN_DOUBT : null) },
    keeper,
    inDoubt,
    rows: (after: number, limit: number): LedgerRow[] =>
      storage.rows({ after, upTo: Number.MAX_SAFE_INTEGER, limit }).map(rowOf),
    checkpoints: (): Checkpoint[] =>
      seal === null ? [] : readCheckpoints([storage.remembered()?.folder ?? folder(), folder()], seal.publicKey).signed,
    /** Looks at all of it while others run. */
    look: (): void => void looked(),
    /** Looks at all of it: a short one before this returns, a long one while others run. */
    async start(): Promise<void> {
      const done = looked();
      if (ledger.head().seq <= AT_ONCE) await done;
      journal.commit(() => noteRules(CONFIG_FILE));
    },
  };
}

/** Another one whenever another connection than this has written. */
const versionOf = (db: Database): unknown => db.pragma('data_version', { simple: true });

const IN_DOUBT =
  'Somebody else has written to the database, and the ledger of trust is being checked. Try again in a moment.';
const BROKEN_NOTICE =
  'The ledger of trust is not as it was written. The level is Observe until you have looked at it, under Trust, and accepted it.';
