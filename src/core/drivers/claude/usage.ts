import type { AgentUsage } from '../driver.ts';
import { type Json, numberOf, objectOf } from '../json.ts';

/** How many messages may still get a later, larger figure. */
const OPEN_MESSAGES = 64;

interface Tokens {
  input: number;
  output: number;
  cacheRead: number;
  cacheWrite: number;
}

const none = (): Tokens => ({ input: 0, output: 0, cacheRead: 0, cacheWrite: 0 });

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
  totals(): (AgentUsage & { inputTokens: number; outputTokens: number; runCostUsd?: number; cache?: Cache }) | null;
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

  const raise = (message: Tokens, key: keyof Tokens, tokens: number): boolean => {
    if (tokens <= message[key]) return false;
    live[key] += tokens - message[key];
    message[key] = tokens;
    return true;
  };

  return {
    note(messageId, usage, isMain) {
      const had = open.get(messageId);
      let changed = !had || !unpriced;
      unpriced = true;
      if (!had && isMain) turns += 1;
      const now = had ?? none();
      if (!had) open.set(messageId, now);
      changed = raise(now, 'input', inputOf(usage)) || changed;
      changed = raise(now, 'output', numberOf(usage.output_tokens) ?? 0) || changed;
      changed = raise(now, 'cacheRead', numberOf(usage.cache_read_input_tokens) ?? 0) || changed;
      changed = raise(now, 'cacheWrite', numberOf(usage.cache_creation_input_tokens) ?? 0) || changed;
      if (open.size <= OPEN_MESSAGES) return changed;
      const [oldest] = open;
      if (!oldest) return changed;
      add(counted, oldest[1]);
      add(live, oldest[1], -1);
      open.delete(oldest[0]);
      return changed;
    },

    settle(result) {
      const since = result.model_usage_since_last_result;
      const total = numberOf(result.total_cost_usd);
      open.clear();
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
      return {
        inputTokens: counted.input + live.input,
        outputTokens: counted.output + live.output,
        costUsd: unpriced ? null : costUsd,
        turns,
        ...(pastUnpriced && !unpriced && { runCostUsd }),
        ...(cacheKnown && {
          cache: {
            readTokens: counted.cacheRead + live.cacheRead,
            writeTokens: counted.cacheWrite + live.cacheWrite,
          },
        }),
      };
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
