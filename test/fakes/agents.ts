import type { Database } from 'better-sqlite3';
import { agentsProjection } from '../../src/core/agents/projection.ts';
import { createAgents } from '../../src/core/agents/service.ts';
import { createAgentStorage } from '../../src/core/agents/storage.ts';
import { createJournal } from '../../src/core/kernel/journal.ts';
import { createLedger } from '../../src/core/ledger/service.ts';
import type { EvaluationRecord } from '../../src/shared/contract/evaluations.ts';
import type { Envelope } from '../../src/shared/contract/index.ts';
import { ScoreSettings } from '../../src/shared/score-settings.ts';
import { insertProject, insertSession } from '../rows.ts';
import type { FakeClock } from './clock.ts';

/** Everything that is made from the ledger. */
export const TABLES = ['agents', 'agent_events', 'agent_tasks', 'agent_anomalies', 'agent_settings'];

export interface Seen {
  score: number | null;
  lines?: number;
  flags?: EvaluationRecord['evidence']['flags'];
  selfReviewed?: boolean;
}

/** The agents' record on a database of its own, with the real ledger; sessions are rows, evaluations are given. */
export function createAgentsWorld(db: Database, clock: FakeClock) {
  db.pragma('synchronous = OFF');
  const facts: Envelope[] = [];
  const journal = createJournal(db, clock, (error) => {
    throw error;
  });
  journal.subscribe((fact) => facts.push(fact));
  const project = insertProject(db, { name: 'app' });
  const evaluations = new Map<string, EvaluationRecord>();
  let rules = ScoreSettings.parse({});
  const open = () =>
    createAgents({
      db,
      journal,
      clock,
      ledger: createLedger({ db, journal, clock, seal: null }),
      configured: () => rules,
      write: (settings) => {
        rules = settings;
        agents.configChanged();
      },
      minScore: () => 800,
      nameOf: ({ agent, model }) => `${agent}/${model}`,
      evaluation: (id) => evaluations.get(id) ?? null,
    });
  let agents = open();
  agents.reconcile();

  const session = (model = 'opus', version = '2.1.0', outcome = 'completed'): string => {
    const id = insertSession(db, { projectId: project, outcome });
    db.prepare('UPDATE sessions SET model = ?, agent_version = ? WHERE id = ?').run(model, version, id);
    journal.commit((emit) => agents.began(emit, id));
    return id;
  };
  const evaluated = (id: string, { score, lines = 40, flags = [], selfReviewed = false }: Seen): void => {
    const evidence = { flags, insertions: lines, deletions: 0, verify: { exitCode: 0 } };
    const judge = selfReviewed ? { model: 'opus' } : null;
    const given = {
      score,
      evidenceScore: selfReviewed && score ? score - 1 : score,
      reason: `${score} of 5.`,
      evidence,
      judge,
    };
    evaluations.set(id, given as unknown as EvaluationRecord);
    journal.commit((emit) => agents.evaluated(emit, id));
  };
  return {
    db,
    clock,
    journal,
    facts,
    session,
    evaluated,
    get agents() {
      return agents;
    },
    /** One session from its start to its evaluation. */
    work(seen: Seen, model = 'opus', outcome = 'completed'): string {
      const id = session(model, '2.1.0', outcome);
      evaluated(id, seen);
      return id;
    },
    review: (sessionId: string, rating: number | null) =>
      journal.commit((emit) => agents.reviewed(emit, { sessionId, rating, by: 'owner' })),
    decided: (over: Partial<Parameters<typeof agents.decided>[1]> = {}) =>
      journal.commit((emit) =>
        agents.decided(emit, {
          id: 'dec_1',
          sessionId: 'ses_x',
          agent: 'claude/opus',
          kind: 'Bash:x',
          actionHash: 'h',
          state: 'refused',
          answeredBy: 'gate',
          reasons: [{ code: 'level_denies', text: 'At Observe critical actions are refused.' }],
          wrong: null,
          ...over,
        }),
      ),
    configure(settings: ScoreSettings) {
      rules = settings;
      agents.configChanged();
    },
    restart() {
      agents = open();
      agents.reconcile();
    },
    /** Where the tables differ from the ledger, as whoever looks after it finds them. */
    differences(): string[] {
      const check = agentsProjection(createAgentStorage(db)).begin();
      const ledger = createLedger({ db, journal, clock, seal: null });
      const epoch = [...ledger.read({ kinds: ['ledger.acknowledged'] })].at(-1)?.seq ?? 0;
      for (const event of ledger.read({ after: epoch })) {
        const said = event.body as unknown as typeof event;
        if (event.kind !== 'ledger.restated') check.event(event);
        else check.event({ ...event, kind: said.kind, subject: said.subject, body: said.body });
      }
      return check.end();
    },
    /** As after something was done to the ledger, and a person has accepted what stands in the tables. */
    beginAnew(): void {
      const projections = [agentsProjection(createAgentStorage(db))];
      const ledger = createLedger({ db, journal, clock, seal: null, projections });
      journal.commit(() => ledger.begin({ digest: '0'.repeat(64), after: ledger.head().seq, body: {} }));
    },
    dump: () =>
      Object.fromEntries(TABLES.map((name) => [name, db.prepare(`SELECT * FROM ${name} ORDER BY 1, 2`).all()])),
  };
}

export type AgentsWorld = ReturnType<typeof createAgentsWorld>;
