import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import type { Finding, TribunalCase, Vote } from '../../shared/contract/tribunal.ts';
import type { Journal } from '../kernel/journal.ts';
import type { Log } from '../kernel/log.ts';
import type { Clock, Ids } from '../kernel/ports.ts';
import { redact } from '../kernel/redact.ts';
import { type Case, promptOf, QUESTIONS, recuses, ruleVotes, SYSTEM, suffices, tallyOf } from './rules.ts';
import { createTribunalStorage } from './storage.ts';

/** How a person has set the tribunal; times in milliseconds. */
export interface TribunalSettings {
  /** The models that vote; none: there is no tribunal. */
  models: readonly string[];
  timeoutMs: number;
  /** US dollars of one vote. */
  maxCostUsd: number;
  minConfidence: number;
}

/** A question to a model, as `model-calls` takes it. */
interface AskModel {
  role: string;
  model: string;
  system: string;
  prompt: string;
  schema: z.ZodType<Ballot>;
  priority: number;
  waitMs: number;
  timeoutMs: number;
  maxCostUsd: number;
  sessionId: string | null;
  signal?: AbortSignal | undefined;
}
type ModelAnswer =
  | { answered: true; value: Ballot; model?: string }
  | { answered: false; kind: string; detail: string };

const Ballot = z.object({
  vote: z.enum(['yes', 'no']),
  confidence: z.number().min(0).max(1),
  reasoning: z.string().max(2_000),
});
type Ballot = z.infer<typeof Ballot>;

export interface TribunalDeps {
  db: Database;
  journal: Journal;
  clock: Clock;
  ids: Ids;
  log: Log;
  settings(): TribunalSettings;
  ask(call: AskModel): Promise<ModelAnswer>;
  /** It agreed: the decision is approved in its name, unless what it is bound to has changed. */
  agreed(decisionId: string, words: string): Promise<void>;
  /** It did not agree, or could not: the question is the person's now. */
  toPerson(decisionId: string): void;
}

/** Above the judge's: an agent waits for it. */
const PRIORITY = 10;

export type Tribunal = ReturnType<typeof createTribunal>;

/** Validators of different kinds that may answer a question in the person's place, where the table says so. */
export function createTribunal(deps: TribunalDeps) {
  const { journal, clock, ids, log } = deps;
  const storage = createTribunalStorage(deps.db);
  const stopped = new AbortController();
  const running = new Set<Promise<void>>();

  const cast = (decisionId: string, vote: Vote): void =>
    journal.commit(() => storage.vote(decisionId, { ...vote, reasoning: redact(vote.reasoning) }, clock.now()));

  /** One model's vote; whatever goes wrong is a vote that failed. */
  async function modelVote(model: string, seat: number, given: Case, sessionId: string): Promise<Vote> {
    const question = QUESTIONS[seat % QUESTIONS.length] ?? QUESTIONS[0];
    const validator = `${model}, question ${(seat % QUESTIONS.length) + 1}`;
    const none = (vote: 'abstain' | 'failed', reasoning: string): Vote => ({
      validator,
      kind: 'model',
      vote,
      confidence: 0,
      reasoning,
    });
    if (recuses(model, given.agent)) return none('abstain', 'It is the model that asks.');
    const { timeoutMs, maxCostUsd } = deps.settings();
    const answer = await deps.ask({
      role: 'validator',
      model,
      system: SYSTEM,
      prompt: promptOf(given, question, `=====${ids.uuid()}=====`),
      schema: Ballot,
      priority: PRIORITY,
      waitMs: timeoutMs,
      timeoutMs,
      maxCostUsd,
      sessionId,
      signal: stopped.signal,
    });
    if (!answer.answered) return none('failed', `It gave no vote (${answer.kind}): ${answer.detail}`);
    // An alias may turn out to be the model that asks.
    if (answer.model !== undefined && recuses(answer.model, given.agent))
      return none('abstain', 'It is the model that asks.');
    return { validator, kind: 'model', ...answer.value };
  }

  function end(decisionId: string, seats: number): Finding {
    const finding = tallyOf(storage.votes(decisionId), seats, deps.settings().minConfidence);
    return journal.commit(() => (storage.end(decisionId, finding, clock.now()) ? finding : 'missing'));
  }

  async function sit(decisionId: string, sessionId: string, given: Case, need: TribunalCase['need']): Promise<void> {
    const { models } = deps.settings();
    const rules = ruleVotes(given);
    const seats = rules.length + models.length;
    journal.commit(() => storage.open(decisionId, need, seats, clock.now()));
    for (const vote of rules) cast(decisionId, vote);
    // A veto needs no model to be asked.
    if (!rules.some(({ vote }) => vote === 'no')) {
      await Promise.all(
        models.map(async (model, seat) => cast(decisionId, await modelVote(model, seat, given, sessionId))),
      );
    }
    if (stopped.signal.aborted) return;
    const finding = end(decisionId, seats);
    if (!suffices(finding, need)) return deps.toPerson(decisionId);
    const yes = storage.votes(decisionId).filter(({ vote }) => vote === 'yes').length;
    await deps.agreed(decisionId, `${yes} of ${seats} validators agreed (${finding}).`);
  }

  return {
    /** Is there a tribunal at all? Without a model that votes there is none. */
    isSet: (): boolean => deps.settings().models.length > 0,
    /** How long it may take, milliseconds: so long the person is not disturbed. */
    patienceMs: (): number => 2 * deps.settings().timeoutMs,

    /** Begins to sit. Never rejects: what fails goes to the person. */
    begin(decisionId: string, sessionId: string, given: Case, need: TribunalCase['need']): void {
      const work = sit(decisionId, sessionId, given, need)
        .catch((error: unknown) => {
          log.error({ err: error, decisionId }, 'a tribunal failed; the question goes to the person');
          deps.toPerson(decisionId);
        })
        .catch((error: unknown) => log.error({ err: error, decisionId }, 'a question could not be handed on'))
        .finally(() => running.delete(work));
      running.add(work);
    },

    /** After a start: what sat when Tenure ended has no finding, so its questions are the person's. */
    reconcile(): void {
      for (const decisionId of storage.sitting()) {
        journal.commit(() => storage.end(decisionId, 'missing', clock.now()));
        deps.toPerson(decisionId);
      }
    },

    get: (decisionId: string): TribunalCase | null => storage.get(decisionId),

    /** Calls the models off. What sits is taken up by `reconcile` at the next start. */
    async stop(): Promise<void> {
      stopped.abort();
      await Promise.all(running);
    },
  };
}
