import type { Database } from 'better-sqlite3';
import { createAlerts } from '../alerts/service.ts';
import type { DecisionDeps } from '../decisions/book.ts';
import type { Journal } from '../kernel/journal.ts';
import type { Ledger } from '../kernel/ledger-ports.ts';
import type { Ports } from '../kernel/ports.ts';
import type { Resources } from '../resources/service.ts';
import { TENURE } from '../trust/falls.ts';
import type { TrustService } from '../trust/service.ts';
import { causeOf, isHostile } from '../trust/severe.ts';
import type { Watch } from './watch.ts';

interface TrustChapterOptions {
  db: Database;
  ports: Ports;
  journal: Journal;
  ledger: Ledger;
  trust: TrustService;
  watch: Watch;
  resources: Resources;
}

/** As restarts name Tenure itself. */
const BY_ITSELF = 'Tenure';
const RESTARTS = 20;

/** What trust makes of a decision of the gate, inside the commit that records it. */
export const judgedFor =
  (trust: () => TrustService): NonNullable<DecisionDeps['judged']> =>
  (emit, decision, wouldAt) => {
    const { id, sessionId, action, verdict, reasons } = decision;
    if (isHostile(decision)) {
      const text = `${reasons[0]?.text ?? ''} (${action.summary})`.slice(0, 500);
      trust().severe(emit, { kind: 'hostile', text, sessionId, source: { kind: 'decision', id }, by: TENURE });
    }
    if (verdict === 'allow') return;
    trust().shadows.record(id, (level) => {
      const would = wouldAt(level);
      return { verdict: would.verdict, reason: would.reasons[0]?.text ?? '' };
    });
  };

/** What trust hears of the rest of the program: alerts and what a person says of them, outages that we caused. */
export function createTrustChapter({ db, ports, journal, ledger, trust, watch, resources }: TrustChapterOptions) {
  const alerts = createAlerts({
    db,
    journal,
    clock: ports.clock,
    ledger,
    trust,
    judged({ id, kind, verdict }) {
      if (kind === 'service' || kind === 'infrastructure') watch.incidents.verdict(id, verdict);
      if (kind === 'resource') resources.judge({ id, verdict });
    },
  });

  journal.within((fact, emit) => {
    if (fact.type !== 'incident.changed' || fact.body.incident.closedAt !== null) return;
    const { incident } = fact.body;
    const subject = incident.serviceId === null ? null : watch.probes.find(incident.serviceId);
    if (!subject) return;
    const own = watch.incidents
      .restarts(undefined, RESTARTS)
      .filter(
        ({ by, state }) => by === BY_ITSELF && state !== 'shadow' && state !== 'proposed' && state !== 'withdrawn',
      )
      .map(({ at, ...restart }) => ({ ...restart, startedAt: at }));
    const parents = watch.probes.parents(subject).map(({ id }) => id);
    const cause = causeOf(incident, parents, own);
    if (cause === null) return;
    const text = `${incident.title} went down as Tenure restarted ${cause.service}, which it needs.`;
    const source = { kind: 'incident', id: incident.id } as const;
    trust.severe(emit, { kind: 'outage', text, sessionId: null, source, by: TENURE });
  });

  return { alerts };
}
