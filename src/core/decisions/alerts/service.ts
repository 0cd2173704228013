import type { Database } from 'better-sqlite3';
import type { DecisionAlert } from '../../../shared/contract/analytics.ts';
import { TenureError } from '../../../shared/errors.ts';
import type { Journal } from '../../kernel/journal.ts';
import type { Clock, Ids, Timer } from '../../kernel/ports.ts';
import { createHistoryStorage } from '../history/storage.ts';
import { type Finding, findingsIn, WINDOW_MS } from './rules.ts';
import { createAlertStorage } from './storage.ts';

interface AlertDeps {
  db: Database;
  journal: Journal;
  clock: Clock;
  ids: Ids;
}

/** So long after an action it is looked at, and with it all that follow meanwhile: a burst is one look. */
const SOON_MS = 1_000;
/** What an abort that was resisted is about stays until a person has seen it. */
const STAYS = 'abort_resisted';

export type Alerts = ReturnType<typeof createAlerts>;

/** The pipeline's own alerts: stored, one for each thing while it lasts, acknowledged once. */
export function createAlerts({ db, journal, clock, ids }: AlertDeps) {
  const storage = createAlertStorage(db);
  const history = createHistoryStorage(db);
  let soon: Timer | null = null;

  journal.subscribe(({ type }) => {
    if (!type.startsWith('decision.')) return;
    soon ??= clock.after(SOON_MS, () => {
      soon = null;
      lookSafely();
    });
  });

  function raise(finding: Finding, open: readonly DecisionAlert[]): void {
    const now = clock.now();
    const known = open.find(({ kind, subject }) => kind === finding.kind && subject === finding.subject);
    if (known && known.n === finding.n && known.text === finding.text) return;
    journal.commit((emit) => {
      const id = known?.id ?? ids.next('alr');
      if (known) storage.renew(id, finding, now);
      else storage.insert(id, finding, now);
      const alert = storage.get(id);
      if (alert) emit({ type: known ? 'alert.changed' : 'alert.raised', body: { alert } });
    });
  }

  function look(): void {
    const found = findingsIn(history.seen(clock.now() - WINDOW_MS));
    const open = storage.open();
    for (const finding of found) raise(finding, open);
    for (const alert of open) {
      const { id, kind, subject } = alert;
      if (kind === STAYS || found.some((one) => one.kind === kind && one.subject === subject)) continue;
      journal.commit((emit) => {
        const now = clock.now();
        storage.clear(id, now);
        emit({ type: 'alert.changed', body: { alert: { ...alert, clearedAt: now } } });
      });
    }
  }

  function lookSafely(): void {
    try {
      look();
    } catch {
      // A store that cannot be written now is told by whoever had to write; the next beat looks again.
    }
  }

  return {
    /** Looks at the last hour: raises what is out of order, and clears what no longer is. Actions bring it by themselves, time does not. */
    look,

    /** No more looks of its own. */
    stop: (): void => soon?.cancel(),

    /** Processes of a session outlived its emergency abort: told at once and until it was seen. */
    abortResisted: (sessionId: string, pids: readonly number[]): void =>
      raise(
        {
          kind: STAYS,
          severity: 'critical',
          subject: sessionId,
          n: pids.length,
          text: `An emergency abort did not end everything; still alive: pid ${pids.join(', ')}. End them by hand.`,
        },
        storage.open(),
      ),

    list: (all: boolean, limit: number): DecisionAlert[] => storage.list(all, limit),

    /** @throws TenureError not_found, or conflict: it was acknowledged already. */
    acknowledge: (id: string, by: string): DecisionAlert =>
      journal.commit((emit) => {
        const found = storage.get(id);
        if (!found) throw new TenureError('not_found', `There is no alert "${id}".`);
        if (!storage.acknowledge(id, clock.now(), by))
          throw new TenureError('conflict', `This alert was acknowledged already, by ${found.ackedBy}.`);
        if (found.kind === STAYS) storage.clear(id, clock.now());
        const alert = storage.get(id) ?? found;
        emit({ type: 'alert.changed', body: { alert } });
        return alert;
      }),
  };
}
