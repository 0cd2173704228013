import type { Database } from 'better-sqlite3';
import { alertOf } from '../../shared/alerts.ts';
import type { Alert } from '../../shared/contract/alerts.ts';
import type { InputOf, OutputOf } from '../../shared/contract/index.ts';
import type { Trust } from '../../shared/contract/trust.ts';
import { TenureError } from '../../shared/errors.ts';
import type { Level } from '../../shared/policy.ts';
import type { Journal } from '../kernel/journal.ts';
import type { Ledger } from '../kernel/ledger-ports.ts';
import type { Clock } from '../kernel/ports.ts';
import { toldEntry } from './projection.ts';
import { createAlertStorage } from './storage.ts';

interface AlertDeps {
  db: Database;
  journal: Journal;
  clock: Clock;
  ledger: Pick<Ledger, 'append'>;
  trust: { level(): Level; get(): Trust };
  /** Inside the commit: its own feature shows the verdict too. */
  judged(alert: Alert): void;
}

export type Alerts = ReturnType<typeof createAlerts>;

/** Everything that asked for the person's attention, one row each, and whether it was worth it. */
export function createAlerts({ db, journal, clock, ledger, trust, judged }: AlertDeps) {
  const storage = createAlertStorage(db);

  /** Incidents and strains of the machine write their own rows, before they tell of them. */
  function keepOwn(id: string): void {
    const alert = storage.find(id);
    if (alert?.id === id) ledger.append(toldEntry(alert));
  }

  journal.within((fact, emit) => {
    if (fact.type === 'incident.told') return keepOwn(fact.body.incident.id);
    if (fact.type === 'resource.alerted') return keepOwn(fact.body.alert.id);
    const told = alertOf(fact);
    if (told === null) return;
    const alert = { ...told, at: fact.at, level: trust.level() };
    if (!storage.tell(alert)) return;
    ledger.append(toldEntry(alert));
    emit({ type: 'alert.told', body: { alert: { ...alert, verdict: null } } });
  });

  return {
    list: (filter: InputOf<'alerts.list'>): OutputOf<'alerts.list'> => ({
      alerts: storage.list(filter),
      levels: storage.levels(),
    }),

    has: (id: string): boolean => storage.find(id) !== null,

    /**
     * A person says whether it was worth the attention; null takes that back. The newest word counts, every
     * word stands in the ledger. @throws TenureError `not_found`
     */
    judge(id: string, verdict: Alert['verdict'], by: string): Alert {
      const alert = storage.find(id);
      if (alert === null) throw new TenureError('not_found', `There is no alert "${id}".`);
      if (alert.verdict === verdict) return alert;
      const now: Alert = { ...alert, verdict };
      journal.commit((emit) => {
        const at = clock.now();
        storage.judge(alert.id, verdict, by, at);
        ledger.append({ kind: 'alert.judged', subject: alert.id, body: { level: alert.level, verdict, by, at } });
        judged(now);
        emit({ type: 'alert.judged', body: { alert: now, trust: trust.get() } });
      });
      return now;
    },
  };
}
