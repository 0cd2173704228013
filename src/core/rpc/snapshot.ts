import type { EngineInfo, Snapshot } from '../../shared/contract/system.ts';
import type { Limits } from '../../shared/contract/usage.ts';
import { keepRecent, RECENT } from '../../shared/state.ts';
import type { Services } from './handlers.ts';

interface SnapshotSources
  extends Pick<
    Services,
    'projects' | 'sessions' | 'decisions' | 'trust' | 'agents' | 'ledgers' | 'watch' | 'system' | 'revenue'
  > {
  seq(): number;
  engine(): EngineInfo;
  paused(): boolean;
  notices(): string[];
  limits(): Limits;
}

/** Everything a screen starts from, as one consistent look. */
export function createSnapshot(s: SnapshotSources): () => Snapshot {
  function decisions() {
    const pending = s.decisions.pending();
    const seen = new Set(pending.map((decision) => decision.id));
    const rest = s.decisions.recent(RECENT + seen.size).filter((decision) => !seen.has(decision.id));
    return keepRecent([...pending, ...rest], (decision) => decision.state === 'pending');
  }
  return () => ({
    seq: s.seq(),
    engine: s.engine(),
    projects: s.projects.list(),
    sessions: s.sessions.recent(),
    decisions: decisions(),
    trust: s.trust.get(),
    agents: { changes: s.seq(), open: s.agents.open() },
    alerts: { changes: s.seq() },
    rules: { changes: s.seq() },
    ledger: s.ledgers.keeper.state(),
    services: s.watch.probes.list(),
    incidents: s.watch.incidents.recent(),
    paused: s.paused(),
    system: s.system.history(),
    revenue: s.revenue.summary(),
    limits: s.limits(),
    notices: s.notices(),
  });
}
