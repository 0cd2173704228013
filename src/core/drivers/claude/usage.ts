import type { AgentUsage } from '../driver.ts';
import { type Json, numberOf, objectOf } from '../json.ts';

/** At least so many messages may still get a later, larger figure. */
const OPEN_MESSAGES = 64;

interface Tokens {
  input: number;
  output: number;
  cacheRead: number;
  cacheWrite: number;
}

const none = (): Tokens => ({ input: 0, output: 0, cacheRead: 0, cacheWrite: 0 });

type Totals = AgentUsage & { inputTokens: number; outputTokens: number; runCostUsd?: number; cache?: Cache };

interface Cache {
  readTokens: number;
  writeTokens: number;
}

export interface UsageCounter {
  /**
   * A message's `usage`, which is repeated on each of its lines: counted once, by id, the largest figures.
   * True when that changed the totals.
   */
  note(messageId: string, usage: Json, isMain: boolean): boolean;
  /** A `result` with the agent's own, exact figures; they take the place of what was counted since the last. */
  settle(result: Json): void;
  /** Null as long as nothing certain can be said; the cost alone is null while a turn is under way. */
  totals(): Totals | null;
}

/**
 * Counts a conversation's tokens and dollars.
 * @param before what earlier runs used; null: not known (a resumed run), then only the agent's own
 *   totals at the end count.
 * @param resumed the agent's own totals hold those of before as well.
 */
export function createUsageCounter(before: AgentUsage | null, resumed: boolean): UsageCounter {
  const counted = { ...none(), input: before?.inputTokens ?? 0, output: before?.outputTokens ?? 0 };
  /** Cache figures are this run's alone; totals of an earlier conversation with it say nothing of them. */
  let cacheKnown = before !== null;
  const open = new Map<string, Tokens>();
  /** Of the messages in `open`; kept beside them, since it is asked for at every line. */
  const live = none();
  let turns = before?.turns ?? 0;
  let costUsd = before?.costUsd ?? null;
  let known = before !== null;
  const earlier = resumed ? null : before;
  /** Earlier runs used something of which nobody said what it cost. */
  const pastUnpriced = before !== null && before.costUsd === null && (before.inputTokens ?? 0) > 0;
  let runCostUsd = 0;
  /** Messages have come since the last result: only the next one says what they cost. */
  let unpriced = false;

  const add = (to: Tokens, one: Tokens, sign: 1 | -1 = 1): void => {
    to.input += sign * one.input;
    to.output += sign * one.output;
    to.cacheRead += sign * one.cacheRead;
    to.cacheWrite += sign * one.cacheWrite;
  };

  /** The message that the newest line spoke of; most lines speak of it again. */
  let newest: string | null = null;
  let spokenOf = none();

  const begin = (id: string): Tokens => {
    const tokens = none();
    open.set(id, tokens);
    if (open.size > 2 * OPEN_MESSAGES) closeOldest();
    return tokens;
  };

  const closeOldest = (): void => {
    for (const [id, tokens] of open) {
      if (open.size === OPEN_MESSAGES) return;
      add(counted, tokens);
      add(live, tokens, -1);
      open.delete(id);
    }
  };

  return {
    note(id, usage, isMain) {
      const known = newest === id ? spokenOf : open.get(id);
      const message = known ?? begin(id);
      newest = id;
      spokenOf = message;
      if (!known && isMain) turns += 1;
      const input = Math.max(message.input, inputOf(usage));
      const output = Math.max(message.output, numberOf(usage.output_tokens) ?? 0);
      const cacheRead = Math.max(message.cacheRead, numberOf(usage.cache_read_input_tokens) ?? 0);
      const cacheWrite = Math.max(message.cacheWrite, numberOf(usage.cache_creation_input_tokens) ?? 0);
      const same =
        input === message.input &&
        output === message.output &&
        cacheRead === message.cacheRead &&
        cacheWrite === message.cacheWrite;
      const changed = !known || !unpriced || !same;
      unpriced = true;
      if (same) return changed;
      add(live, message, -1);
      message.input = input;
      message.output = output;
      message.cacheRead = cacheRead;
      message.cacheWrite = cacheWrite;
      add(live, message);
      return changed;
    },

    settle(result) {
      const since = result.model_usage_since_last_result;
      const total = numberOf(result.total_cost_usd);
      open.clear();
      newest = null;
      Object.assign(live, none());
      if (known && since !== undefined) {
        const used = sumOf(since);
        add(counted, used);
        runCostUsd += used.costUsd;
        costUsd = pastUnpriced ? null : (costUsd ?? 0) + used.costUsd;
        unpriced = false;
        return;
      }
      // Totals of the whole conversation; one that began anew knows nothing of what was used before.
      const { costUsd: _cost, ...used } = sumOf(result.modelUsage);
      used.input += earlier?.inputTokens ?? 0;
      used.output += earlier?.outputTokens ?? 0;
      // Those of a conversation that is older than this run.
      if ((before?.inputTokens ?? 0) > 0) cacheKnown = false;
      Object.assign(counted, used);
      costUsd = total === null || (pastUnpriced && !resumed) ? null : total + (earlier?.costUsd ?? 0);
      runCostUsd = total ?? runCostUsd;
      unpriced = total === null;
      known = true;
    },

    totals() {
      if (!known) return null;
      const all: Totals = {
        inputTokens: counted.input + live.input,
        outputTokens: counted.output + live.output,
        costUsd: unpriced ? null : costUsd,
        turns,
      };
      if (pastUnpriced && !unpriced) all.runCostUsd = runCostUsd;
      if (cacheKnown)
        all.cache = {
          readTokens: counted.cacheRead + live.cacheRead,
          writeTokens: counted.cacheWrite + live.cacheWrite,
        };
      return all;
    },
  };
}

const inputOf = (usage: Json): number =>
  (numberOf(usage.input_tokens) ?? 0) +
  (numberOf(usage.cache_creation_input_tokens) ?? 0) +
  (numberOf(usage.cache_read_input_tokens) ?? 0);

/** A table of figures by model, as `result` has them. */
function sumOf(table: unknown): Tokens & { costUsd: number } {
  const sum = { ...none(), costUsd: 0 };
  for (const row of Object.values(objectOf(table)).map(objectOf)) {
    sum.input += numberOf(row.inputTokens) ?? 0;
    sum.cacheRead += numberOf(row.cacheReadInputTokens) ?? 0;
    sum.cacheWrite += numberOf(row.cacheCreationInputTokens) ?? 0;
    sum.output += numberOf(row.outputTokens) ?? 0;
    sum.costUsd += numberOf(row.costUSD) ?? 0;
  }
  sum.input += sum.cacheRead + sum.cacheWrite;
  return sum;
}
