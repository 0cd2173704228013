import type { Database } from 'better-sqlite3';
import type { Anomaly, ScorePreview } from '../../shared/contract/agents.ts';
import type { EvaluationRecord } from '../../shared/contract/evaluations.ts';
import type { SessionOutcome } from '../../shared/contract/sessions.ts';
import { TenureError } from '../../shared/errors.ts';
import type { ScoreSettings } from '../../shared/score-settings.ts';
import { isAbove, whyNotGiven } from '../../shared/tiers.ts';
import type { Emit, Journal } from '../kernel/journal.ts';
import type { Ledger } from '../kernel/ledger-ports.ts';
import type { Clock } from '../kernel/ports.ts';
import { createBook } from './book.ts';
import { previewOf } from './preview.ts';
import { ACKNOWLEDGED, agentEvents, CONFIGURED, INPUT_KINDS } from './replay.ts';
import { effectiveScoreAt, type Input, tierAt } from './rules.ts';
import { createAgentStorage } from './storage.ts';
import { createViews } from './views.ts';
import { easedIn, hostileIn, newVersionWords, standingOf } from './words.ts';

export interface AgentsDeps {
  db: Database;
  journal: Journal;
  clock: Clock;
  ledger: Pick<Ledger, 'append' | 'read'>;
  /** The rules as the configuration has them. */
  configured(): ScoreSettings;
  /** Writes rules to the configuration. @throws TenureError; then nothing is changed. */
  write(settings: ScoreSettings, by: string): void;
  /** The least score of an agent that acts by itself. */
  minScore(): number;
  /** Who acts: product and model. */
  nameOf(session: { agent: string; model: string | null }): string;
  /** The newest evaluation of a session, inside the commit that stores it too; null: there is none. */
  evaluation(sessionId: string): EvaluationRecord | null;
}

/** What of a decision bears on the agent that asked. */
export interface Decided {
  id: string;
  sessionId: string;
  agent: string | null;
  kind: string | null;
  actionHash: string;
  state: string;
  answeredBy: string | null;
  reasons: readonly { code: string; text: string }[];
  wrong: { by: string } | null;
}

export type Agents = ReturnType<typeof createAgents>;

const CONFIG_FILE = 'the configuration file';

/**
 * The standing of each agent, from what Tenure itself has seen of its work: ends that were evaluated, a person's
 * ratings, what the gate refused. Everything is an event of the ledger; the tables are made from it. Nothing that an
 * agent says gets here.
 */
export function createAgents(deps: AgentsDeps) {
  const { journal, clock, nameOf } = deps;
  const storage = createAgentStorage(deps.db);
  const book = createBook({ ...deps, storage });
  const { put, seen } = book;
  const views = createViews({ storage, clock, rules: book.rules, stored: book.stored });

  /** Who writes the configuration just now; null: somebody by hand. */
  let writing: string | null = null;

  /** Rules that are not the ones in force: all scores are made anew by them. */
  function adopt(settings: ScoreSettings, by: string): void {
    // The very first rules change nothing that anybody knew.
    const isChange = book.inForce() !== null;
    if (isChange && JSON.stringify(settings) === JSON.stringify(book.rules())) return;
    journal.commit((emit) => {
      put({ kind: CONFIGURED, subject: 'agents', body: { settings, by } });
      if (isChange) emit({ type: 'agents.configured', body: { by, open: views.open() } });
    });
  }

  /** Who worked in a session; null: there is no such session. */
  function workerOf(sessionId: string) {
    const session = storage.session(sessionId);
    return session && { ...session, outcome: session.outcome as SessionOutcome | null, id: nameOf(session) };
  }

  return {
    ...views,

    /** Before anything else: tables that lag behind the ledger are made anew, and the rules are the configured ones. */
    reconcile(): void {
      book.catchUp();
      adopt(deps.configured(), CONFIG_FILE);
    },
    /** The configuration was edited. */
    configChanged: (): void => adopt(deps.configured(), writing ?? CONFIG_FILE),

    /** What the gate reads, 0–1000; null: the agent was never seen. */
    scoreOf(id: string): number | null {
      const agent = book.stored(id);
      return agent && effectiveScoreAt(agent.state, clock.now(), book.rules());
    },

    /** Why an agent may not be given one task more by another agent, the brain or the hub; null: it may. */
    whyNotGiven: (id: string, running: number): string | null => whyNotGiven(views.tierOf(id), running),

    /** Inside a commit: a session has reached work. Tells an agent or a version that is new. */
    began(emit: Emit, sessionId: string): void {
      const worker = workerOf(sessionId);
      if (!worker) return;
      const state = book.stored(worker.id)?.state;
      if (state && (worker.version === null || worker.version === state.version)) return;
      const text =
        worker.version === null ? 'First seen.' : newVersionWords(worker.version, state ?? { version: null });
      seen(emit, worker.id, { kind: 'seen', version: worker.version }, { sessionId, text });
    },

    /** Inside the commit that stores an evaluation. An ending that says nothing of the work is no evidence. */
    evaluated(emit: Emit, sessionId: string): void {
      const [worker, evaluation] = [workerOf(sessionId), deps.evaluation(sessionId)];
      if (!worker || !evaluation) return;
      const { score, evidenceScore, evidence, judge } = evaluation;
      const leaked = evidence.flags.find(({ code }) => code === 'secrets');
      if (leaked) {
        const text = `On ${worker.project}: ${leaked.text}`;
        seen(emit, worker.id, { kind: 'violated' }, { sessionId, text, key: `leaked:${sessionId}` });
      }
      if (score === null) return;
      seen(
        emit,
        worker.id,
        { kind: standingOf(score, worker.outcome) },
        {
          sessionId,
          key: `task:${sessionId}`,
          text: `On ${worker.project}: ${evaluation.reason}`,
          score,
          lines: (evidence.insertions ?? 0) + (evidence.deletions ?? 0),
          eased: evidence.verify?.exitCode === 0 ? easedIn(evidence.flags) : [],
          selfReviewed: judge?.model === worker.model && worker.model !== null && score > (evidenceScore ?? score),
        },
      );
    },

    /** Inside a commit: a person's word on a session, 1–5; null takes it back. It counts instead of ours. */
    reviewed(emit: Emit, { sessionId, rating, by }: { sessionId: string; rating: number | null; by: string }): void {
      const [worker, task] = [workerOf(sessionId), storage.task(sessionId)];
      const before = task?.rating ?? null;
      if (!worker || before === rating) return;
      const input: Input = {
        kind: 'reviewed',
        task: task?.task ?? null,
        standing: task?.standing ?? null,
        before,
        rating,
      };
      const what = rating === null ? 'took back the rating of its work' : `rated its work ${rating} of 5`;
      seen(emit, task?.agent ?? worker.id, input, { sessionId, by, text: `On ${worker.project}: ${by} ${what}.` });
    },

    /** Inside a commit: something became of a decision. Each deed counts once, however often it is asked for. */
    decided(emit: Emit, decision: Decided): void {
      const { agent, sessionId, state, reasons, wrong } = decision;
      if (agent === null) return;
      if (wrong) {
        const text = `${wrong.by} found wrong what was let through unasked: ${reasons.at(-1)?.text ?? 'an action'}`;
        return seen(emit, agent, { kind: 'overruled' }, { sessionId, text, key: `wrong:${decision.id}` });
      }
      const refused = state === 'refused';
      if (!refused && !(state === 'denied' && decision.answeredBy !== 'tribunal')) return;
      const hostile = hostileIn(reasons);
      if (hostile) {
        const text = `It tried what is never allowed: ${hostile.text}`;
        const key = `violated:${sessionId}:${decision.actionHash}`;
        seen(emit, agent, { kind: 'violated' }, { sessionId, text, key });
      } else if (refused) {
        const text = `It asked for what is refused: ${reasons[0]?.text ?? 'an action'}`;
        seen(emit, agent, { kind: 'denied' }, { sessionId, text, key: `denied:${sessionId}:${decision.kind}` });
      }
    },

    /** Time passes: a tier that its faded score no longer holds is told. */
    tick(): void {
      const now = clock.now();
      for (const { id, state } of storage.agents()) {
        if (tierAt(state, now, book.rules()) === state.tier) continue;
        const fell = isAbove(state.tier, tierAt(state, now, book.rules()));
        if (fell) journal.commit((emit) => seen(emit, id, { kind: 'faded' }, { text: 'What it had won has faded.' }));
      }
    },

    /**
     * A person has looked at an anomaly.
     * @throws TenureError `not_found`, or `conflict` when somebody has looked already.
     */
    acknowledge({ id, note, by }: { id: number; note: string | null; by: string }): Anomaly {
      return journal.commit((emit) => {
        const anomaly = mustBeAnomaly(id);
        if (anomaly.acknowledged) {
          throw new TenureError('conflict', `${anomaly.acknowledged.by} has looked at anomaly ${id} already.`);
        }
        put({ kind: ACKNOWLEDGED, subject: anomaly.agent, body: { anomaly: id, by, note } });
        if (anomaly.kind === 'violation') {
          const text = `${by} has looked at its violation.`;
          seen(emit, anomaly.agent, { kind: 'cleared' }, { sessionId: anomaly.sessionId, text, by });
        }
        const now = mustBeAnomaly(id);
        emit({ type: 'agent.anomaly', body: { anomaly: now, open: views.open() } });
        return now;
      });
    },

    settings: (): ScoreSettings => book.rules(),

    /** What other rules would make of everything that was seen. Writes nothing. */
    preview: (settings: ScoreSettings): ScorePreview =>
      previewOf({
        events: agentEvents(deps.ledger, INPUT_KINDS),
        asked: storage.askedIfEligible(clock.now()),
        now: clock.now(),
        minScore: deps.minScore(),
        rules: book.rules(),
        draft: settings,
      }),

    /** A person sets the rules: all scores are what they make of the record. @throws TenureError when they cannot be written. */
    configure(settings: ScoreSettings, by: string): ScoreSettings {
      writing = by;
      try {
        deps.write(settings, by);
        adopt(deps.configured(), by);
      } finally {
        writing = null;
      }
      return book.rules();
    },

    /** Makes every table anew from the ledger. */
    rebuild: book.rebuild,
    /** Inside a commit: the same, and whoever shows agents hears of it. */
    remade(emit: Emit): void {
      book.rebuild();
      emit({ type: 'agents.configured', body: { by: 'tenure', open: views.open() } });
    },
  };

  function mustBeAnomaly(id: number): Anomaly {
    const anomaly = storage.anomaly(id);
    if (!anomaly) throw new TenureError('not_found', `There is no anomaly ${id}.`);
    return anomaly;
  }
}
