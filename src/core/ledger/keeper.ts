import type { Finding, LedgerState, LedgerTables } from '../../shared/contract/ledger.ts';
import { TenureError } from '../../shared/errors.ts';
import { whyNotRaise, whyNotRemake } from '../../shared/ledger-words.ts';
import type { Emit, Journal } from '../kernel/journal.ts';
import type { Json } from '../kernel/ledger-ports.ts';
import type { Clock, Timer } from '../kernel/ports.ts';
import { signCheckpoint, writeCheckpoint } from './checkpoints.ts';
import { digestOf, type LookDeps, lookAtLedger } from './look.ts';
import { type Broken, findingOf, LEDGER, saidBy, standingOf } from './rules.ts';
import type { OwnLedger } from './service.ts';

export interface KeeperDeps extends Omit<LookDeps, 'folder'> {
  ledger: OwnLedger;
  journal: Journal;
  clock: Clock;
  /** Where checkpoints go; read at each use. */
  folder(): string;
  /** Where the key lies, in a sentence for the person. */
  key: string;
  /** Inside the commit in which the tables were made anew: what is kept in memory is not what stands there. */
  onRemade(emit: Emit): void;
  /** Inside no commit: whoever may act less from now on is told so. */
  onBroken(reason: string): void;
  /** The ledger had begun before, and is not there any more. */
  isLost: boolean;
  /** Told after each change. */
  onState(state: LedgerState): void;
  /** Something that is no finding could not be done. */
  onProblem(error: unknown): void;
}

/** After the first new event so long, and after so many at once, what there is is signed outside. */
const CHECKPOINT_MS = 15_000;
const CHECKPOINT_EVENTS = 1_000;
/** What a person has decided, or what costs trust, is signed at once. */
const AT_ONCE = /^(ledger|level|promotion)\.|severe|configured/;

/** A person's word that a broken ledger may go on. */
export interface Acceptance {
  by: string;
  reason: string;
  /** What holds where the tables differ from the events. */
  tables?: LedgerTables | undefined;
}

const sameFindings = (a: readonly Finding[], b: readonly Finding[]): boolean =>
  JSON.stringify(a.map(({ name, from, to }) => [name, from, to])) ===
  JSON.stringify(b.map(({ name, from, to }) => [name, from, to]));

/** Looks after the ledger: verifies it, signs checkpoints, and keeps what was found until a person accepts it. */
export function createKeeper(deps: KeeperDeps) {
  const { ledger, storage, seal, journal, clock } = deps;
  let broken = null as Broken | null;
  let accepted = 0;
  const atStart = ledger.head().seq;
  let checked: { at: number; events: number } | null = null;
  let checkpoint = storage.remembered();
  let problem: string | null = null;
  let timer: Timer | null = null;
  let looking: { full: boolean; done: Promise<LedgerState> } | null = null;
  let stopped = false;
  let isLost = deps.isLost;

  const lookDeps = (): LookDeps => ({ ...deps, folder: deps.folder() });

  function recall(): void {
    ({ broken, accepted } = standingOf(ledger.read({ own: true })));
  }

  const state = (): LedgerState => ({
    state: broken ? 'broken' : checked ? 'sound' : 'checking',
    events: checked?.events ?? atStart,
    checkedAt: checked?.at ?? null,
    accepted,
    checkpoint: checkpoint && { seq: checkpoint.seq, at: checkpoint.at },
    checkpointFolder: deps.folder(),
    checkpointProblem: problem,
    brokenSince: broken?.since ?? null,
    findings: broken?.findings ?? [],
    key: deps.key,
  });

  const tell = (emit: Emit): void => emit({ type: 'ledger.changed', body: { ledger: state() } });
  const changed = (): void => {
    journalSafely(tell);
    deps.onState(state());
  };

  function breaks(findings: Finding[]): void {
    const isNews = broken === null || !sameFindings(broken.findings, findings);
    if (isNews) {
      broken = { since: broken?.since ?? clock.now(), findings };
      try {
        journal.commit((emit) => {
          const body = { findings: findings as unknown as Json };
          ledger.append({ kind: 'ledger.broken', subject: LEDGER, body });
          emit({ type: 'ledger.broken', body: { ledger: state() } });
        });
      } catch (error) {
        // It stays broken for this process, and the next start finds it again.
        deps.onProblem(error);
      }
      deps.onState(state());
    }
    deps.onBroken(`The ledger of trust is not as it was written. ${findings[0]?.words ?? ''}`.trim());
  }

  /** Signs what there is into its folder. What cannot be written is tried again, and is no sign of anything. */
  function sign(): void {
    timer?.cancel();
    timer = null;
    if (seal === null || broken !== null || checked === null || stopped) return;
    const mark = ledger.mark();
    if (mark.seq <= (checkpoint?.seq ?? 0)) return;
    const folder = deps.folder();
    const had = problem;
    try {
      const at = clock.now();
      writeCheckpoint(folder, signCheckpoint(seal, mark, mark.seq, at));
      journal.commit(() => storage.remember({ seq: mark.seq, at, folder }));
      checkpoint = { seq: mark.seq, at, folder };
      problem = null;
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      problem = `The checkpoint of the ledger could not be written to ${folder} (${why}). It is tried again.`;
      deps.onProblem(error);
      timer = clock.after(CHECKPOINT_MS, sign);
    }
    if (problem !== had) changed();
  }

  function journalSafely(work: (emit: Emit) => void): void {
    try {
      journal.commit(work);
    } catch (error) {
      deps.onProblem(error);
    }
  }

  function appended(kind: string): void {
    if (stopped) return;
    const many = ledger.head().seq - (checkpoint?.seq ?? 0) >= CHECKPOINT_EVENTS;
    const soon = AT_ONCE.test(kind) || many;
    if (timer !== null && !soon) return;
    timer?.cancel();
    timer = clock.after(soon ? 0 : CHECKPOINT_MS, sign);
  }

  async function look(full: boolean): Promise<LedgerState> {
    const looked = await lookAtLedger(lookDeps(), full).catch((error: unknown) => {
      // The database is closed in the middle of a long look: that says nothing.
      if (stopped) return null;
      throw error;
    });
    if (looked === null || stopped) return state();
    const { findings, events } = looked;
    if (isLost)
      findings.push(findingOf('rolled-back', null, null, 'The ledger had begun before, and is not in this database.'));
    const before = JSON.stringify([checked === null, broken]);
    checked = { at: clock.now(), events };
    if (findings.length > 0) breaks(findings);
    else if (broken) deps.onBroken(`The ledger of trust was found broken, and nobody has accepted it yet.`);
    if (JSON.stringify([false, broken]) !== before) changed();
    sign();
    return state();
  }

  /** Inside a commit: the tables say again what the events of this epoch say, and nothing else. */
  function remake(emit: Emit, epoch: number): void {
    storage.loosen();
    const open = deps.projections.flatMap(({ kinds, remake: begin }) =>
      begin === null ? [] : [{ kinds: new Set(kinds), ...begin() }],
    );
    for (const event of ledger.read({ after: epoch - 1 })) {
      const said = saidBy(event);
      for (const table of open) if (said && table.kinds.has(said.kind)) table.event(said);
    }
    for (const table of open) table.end();
    deps.onRemade(emit);
  }

  recall();
  ledger.onAppend(appended);

  return {
    state,

    /** Looks at all of it, once for all who ask at the same time. */
    verify(full = false): Promise<LedgerState> {
      if (looking && (looking.full || !full)) return looking.done;
      const done = (looking?.done ?? Promise.resolve(null))
        .then(() => look(full))
        .finally(() => {
          if (looking === mine) looking = null;
        });
      const mine = { full, done };
      looking = mine;
      return done;
    },

    /** Why nothing may be raised now, or null. */
    whyNotRaise: (): string | null => whyNotRaise(state()),

    /**
     * A person has looked and accepts what stands there. It goes on from here: what was before is kept as it
     * is and watched as that.
     * @throws TenureError `conflict` when it is not broken or the tables cannot be made anew, `unavailable`
     * without a key.
     */
    async acknowledge({ by, reason, tables = 'keep' }: Acceptance): Promise<LedgerState> {
      if (!broken) throw new TenureError('conflict', 'The ledger is not broken: there is nothing to accept.');
      if (seal === null) throw new TenureError('unavailable', `The ledger cannot go on without its key. ${deps.key}`);
      const { checkpoint: newest, findings, epoch } = await lookAtLedger(lookDeps(), false);
      const known = broken?.findings ?? [];
      const why = tables === 'remake' ? (whyNotRemake(known) ?? whyNotRemake([...known, ...findings])) : null;
      if (why !== null) throw new TenureError('conflict', why);
      await digestOf(lookDeps(), (digest) => {
        if (!broken) throw new TenureError('conflict', 'The ledger was accepted in the meantime.');
        const after = Math.max(ledger.head().seq, newest?.seq ?? 0);
        const body = { by, reason, tables, findings: broken.findings as unknown as Json };
        journal.commit((emit) => {
          if (tables === 'remake') remake(emit, epoch);
          storage.protect();
          ledger.begin({ digest, after, body });
          storage.forget();
          recall();
          tell(emit);
        });
        checkpoint = null;
        isLost = false;
      });
      return look(false);
    },

    /** Signs what is not signed yet, and stops. */
    stop(): void {
      sign();
      stopped = true;
      timer?.cancel();
    },
  };
}
