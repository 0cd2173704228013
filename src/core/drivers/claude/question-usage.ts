import type { ModelReply } from '../driver.ts';
import { type Json, numberOf, objectOf, textOf } from '../json.ts';

/** A model's name without what only says how it is used: `claude-x-5[1m]`. */
export const plain = (model: string): string => model.replace(/\[.*\]$/, '');

export type QuestionUsage = Omit<ModelReply, 'kind' | 'detail' | 'value'> & {
  /** Every model that took part, under each of its names. */
  models: string[];
};

/** What a `result` says of its cost and of who answered; the one with the most output answered. */
export function usageOf(result: Json | null): QuestionUsage {
  const byModel = Object.entries(objectOf(result?.modelUsage)).map(([name, value]) => ({ name, use: objectOf(value) }));
  const sum = (...keys: string[]): number | null => {
    if (byModel.length === 0) return null;
    return byModel.reduce((all, { use }) => all + keys.reduce((n, key) => n + (numberOf(use[key]) ?? 0), 0), 0);
  };
  const [first] = byModel.toSorted((a, b) => (numberOf(b.use.outputTokens) ?? 0) - (numberOf(a.use.outputTokens) ?? 0));
  return {
    model: first?.name ?? null,
    models: byModel.flatMap(({ name, use }) => [plain(name), textOf(use.canonicalModel) ?? name]),
    costUsd: numberOf(result?.total_cost_usd),
    inputTokens: sum('inputTokens', 'cacheReadInputTokens', 'cacheCreationInputTokens'),
    outputTokens: sum('outputTokens'),
    cacheReadTokens: sum('cacheReadInputTokens'),
    cacheWriteTokens: sum('cacheCreationInputTokens'),
  };
}
