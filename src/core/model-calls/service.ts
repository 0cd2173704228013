import { z } from 'zod';
import type { ModelFailure, ModelQuestion, ModelReply } from '../drivers/driver.ts';
import type { Clock, Ids } from '../kernel/ports.ts';
import { redact } from '../kernel/redact.ts';
import { type Breaker, createBreaker } from './breaker.ts';
import { createQueue } from './queue.ts';

/** One question to a model, as the parts of the program ask it. */
export interface ModelCall<T> {
  /** For what: `judge`, `validator`, `brain`, … */
  role: string;
  /** The configured model of that role; it alone answers, or nobody does. */
  model: string;
  system: string;
  prompt: string;
  /** What the answer has to be. */
  schema: z.ZodType<T>;
  /** Higher goes first; 0 is ordinary background work. */
  priority: number;
  /** Milliseconds after which it is dropped while it still waits for its turn. */
  waitMs: number;
  /** Milliseconds for the answer, a repair included, from its turn on. */
  timeoutMs: number;
  /** US dollars at list price, each attempt. */
  maxCostUsd: number;
  /** The session that it is about. */
  sessionId: string | null;
  signal?: AbortSignal | undefined;
}

/** `deadline`: it waited too long for its turn; `circuit_open`: its model keeps failing and is left alone. */
export type CallFailure = ModelFailure | 'deadline' | 'circuit_open';

export interface CallCost {
  costUsd: number | null;
  /** `input` with those of the cache. */
  tokens: { input: number; output: number; cacheRead: number; cacheWrite: number } | null;
  /** From its turn on; 0 when it never had one. */
  durationMs: number;
}

/** What came of a call. There is no third way, and no answer is ever made up. */
export type ModelAnswer<T> =
  | ({ answered: true; value: T; model: string; repaired: boolean } & CallCost)
  | ({ answered: false; kind: CallFailure; detail: string; model: string } & CallCost);

/** Who keeps a record of every process that asks a model. A record that fails never breaks a call. */
export interface CallRecorder {
  /** @returns the id under which its end is told. */
  began(facts: { role: string; model: string; sessionId: string | null }): string;
  ended(
    id: string,
    outcome: { completed: boolean; failure: CallFailure | null; detail: string | null; model: string } & CallCost,
  ): void;
}

export interface ModelState {
  role: string;
  model: string;
  state: 'unknown' | 'ok' | 'failing';
  /** A sentence; empty while it is unknown. */
  detail: string;
  /** Epoch ms of the last word on it; null: none. */
  at: number | null;
}

export interface ModelCallDeps {
  clock: Clock;
  ids: Ids;
  /** Asks once. Never rejects. */
  ask(question: ModelQuestion): Promise<ModelReply>;
  record: CallRecorder | null;
  /** Told when what is known of a model has changed. */
  onState(states: readonly ModelState[]): void;
}

/** An answer and its acceptance are a turn each; the CLI asks again by itself when the form is wrong. */
const TURNS = 4;
/** These say something of the model or the way to it; a call's own limits and our queue do not (T-04C). */
const BREAKS: ReadonlySet<CallFailure> = new Set<CallFailure>([
  'unavailable',
  'auth_required',
  'quota',
  'transient',
  'model_not_found',
  'other_model',
  'timeout',
  'crashed',
]);
const CHECK = { system: 'You answer with one word.', prompt: 'Answer with the word ok.', maxCostUsd: 0.05 };
const CHECK_MS = 60_000;

/**
 * The one door to a model's answer: at most two at a time, by priority and deadline; bounded in time and
 * cost; of the form that was asked for, or a failure with its kind. Never another model than the given one.
 */
export function createModelCalls(deps: ModelCallDeps) {
  const { clock, ids, record } = deps;
  const queue = createQueue(clock);
  const breakers = new Map<string, Breaker>();
  const states = new Map<string, ModelState>();

  const breakerOf = (model: string): Breaker => {
    const known = breakers.get(model) ?? createBreaker(clock);
    breakers.set(model, known);
    return known;
  };

  function tell(role: string, model: string, state: ModelState['state'], detail: string): void {
    const before = states.get(role);
    states.set(role, { role, model, state, detail, at: clock.now() });
    if (before?.state !== state || before.model !== model || before.detail !== detail)
      deps.onState([...states.values()]);
  }

  /** What an ended attempt says of its model. */
  function learn(role: string, model: string, kind: 'answered' | CallFailure, detail: string): void {
    const breaker = breakerOf(model);
    if (kind === 'answered' || kind === 'invalid' || kind === 'refused' || kind === 'budget') {
      breaker.succeeded();
      tell(role, model, 'ok', 'It answers.');
    } else if (BREAKS.has(kind)) {
      breaker.failed(detail);
      tell(role, model, 'failing', detail);
    } else breaker.nothingSaid();
  }

  async function attempt<T>(call: ModelCall<T>): Promise<ModelAnswer<T>> {
    const began = clock.monotonic();
    const schema = z.toJSONSchema(call.schema, { target: 'draft-7' });
    const cost: CallCost = { costUsd: null, tokens: null, durationMs: 0 };
    let prompt = call.prompt;
    for (const repaired of [false, true]) {
      const timeoutMs = call.timeoutMs - (clock.monotonic() - began);
      const reply = await deps.ask({ ...call, prompt, schema, maxTurns: TURNS, timeoutMs, nonce: ids.uuid() });
      add(cost, reply);
      cost.durationMs = Math.round(clock.monotonic() - began);
      const fit = reply.kind === 'answered' ? call.schema.safeParse(reply.value) : null;
      if (fit?.success) return { answered: true, value: fit.data, model: reply.model ?? call.model, repaired, ...cost };
      const kind: CallFailure = reply.kind === 'answered' ? 'invalid' : reply.kind;
      const detail = redact(fit ? `Its answer does not fit: ${z.prettifyError(fit.error)}` : reply.detail);
      const mendable = kind === 'invalid' && !repaired && clock.monotonic() - began < call.timeoutMs;
      if (!mendable) return { answered: false, kind, detail, model: reply.model ?? call.model, ...cost };
      prompt = `${call.prompt}\n\nAn earlier answer could not be used: ${detail}\nAnswer again, in the form that is asked for.`;
    }
    throw new Error('A call is attempted at most twice.');
  }

  const failed = <T>(call: ModelCall<T>, kind: CallFailure, detail: string): ModelAnswer<T> => {
    return { answered: false, kind, detail, model: call.model, costUsd: null, tokens: null, durationMs: 0 };
  };

  /** With its record; a recorder that throws is passed over. */
  async function recorded<T>(call: ModelCall<T>): Promise<ModelAnswer<T>> {
    const { role, model, sessionId } = call;
    const id = quietly(() => record?.began({ role, model, sessionId })) ?? null;
    const answer = await attempt(call);
    const { costUsd, tokens, durationMs } = answer;
    const ended = answer.answered
      ? { completed: true, failure: null, detail: null }
      : { completed: false, failure: answer.kind, detail: answer.detail };
    if (id !== null) {
      quietly(() => record?.ended(id, { ...ended, model: answer.model, costUsd, tokens, durationMs }));
    }
    return answer;
  }

  return {
    /** Asks a model. Never rejects: whatever goes wrong is a failure with its kind. */
    async call<T>(call: ModelCall<T>): Promise<ModelAnswer<T>> {
      const breaker = breakerOf(call.model);
      const closed = breaker.whyClosed();
      if (closed !== null) return failed(call, 'circuit_open', closed);
      const outcome = await queue.run(call, async () => {
        // While it waited, the calls before it may have shown that the model fails.
        if (!breaker.claim())
          return failed(call, 'circuit_open', breaker.whyClosed() ?? 'Another call tries it first.');
        const answer = await recorded(call);
        learn(call.role, call.model, answer.answered ? 'answered' : answer.kind, answer.answered ? '' : answer.detail);
        return answer;
      });
      if ('done' in outcome) return outcome.done;
      return outcome.dropped === 'deadline'
        ? failed(call, 'deadline', `It waited ${Math.round(call.waitMs / 1000)} s for its turn, which was too long.`)
        : failed(call, 'aborted', 'It was called off.');
    },

    /** Finds out cheaply whether a role's model answers at all: a word for a word. */
    async check(role: string, model: string, signal?: AbortSignal): Promise<void> {
      const question = { ...CHECK, model, schema: null, maxTurns: 1, timeoutMs: CHECK_MS, nonce: ids.uuid(), signal };
      await queue.run({ priority: -1, waitMs: CHECK_MS, signal }, async () => {
        if (!breakerOf(model).claim()) return;
        const { kind, detail } = await deps.ask(question);
        learn(role, model, kind, redact(detail));
      });
    },

    /** What is known of each role's model. */
    states: (): ModelState[] => [...states.values()],
    /** For a screen: how many run and wait. */
    size: queue.size,
  };
}

function add(cost: CallCost, reply: ModelReply): void {
  if (reply.costUsd !== null) cost.costUsd = (cost.costUsd ?? 0) + reply.costUsd;
  if (reply.inputTokens === null || reply.outputTokens === null) return;
  const had = cost.tokens ?? { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 };
  cost.tokens = {
    input: had.input + reply.inputTokens,
    output: had.output + reply.outputTokens,
    cacheRead: had.cacheRead + (reply.cacheReadTokens ?? 0),
    cacheWrite: had.cacheWrite + (reply.cacheWriteTokens ?? 0),
  };
}

function quietly<T>(work: () => T): T | null {
  try {
    return work();
  } catch {
    return null;
  }
}
