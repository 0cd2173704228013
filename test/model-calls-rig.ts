import { z } from 'zod';
import { createIds } from '../src/core/adapters/ids.ts';
import type { ModelQuestion, ModelReply } from '../src/core/drivers/driver.ts';
import {
  type CallRecorder,
  createModelCalls,
  type ModelAnswer,
  type ModelCall,
  type ModelState,
} from '../src/core/model-calls/service.ts';
import { createFakeClock } from './fakes/clock.ts';

const Schema = z.object({ score: z.number().int().min(0).max(100) });
type Answer = z.infer<typeof Schema>;

export const reply = (part: Partial<ModelReply> = {}): ModelReply => ({
  kind: 'answered',
  detail: '',
  value: { score: 70 },
  model: 'claude-test-1',
  costUsd: 0.01,
  inputTokens: 100,
  outputTokens: 20,
  cacheReadTokens: 60,
  cacheWriteTokens: 10,
  ...part,
});
export const failure = (kind: ModelReply['kind'], detail = 'It did not.'): ModelReply =>
  reply({
    kind,
    detail,
    value: undefined,
    model: null,
    costUsd: null,
    inputTokens: null,
    outputTokens: null,
    cacheReadTokens: null,
    cacheWriteTokens: null,
  });

/** A model whose answers the test gives one by one, in any order. */
export function lab(record: CallRecorder | null = null) {
  const clock = createFakeClock();
  const asked: { question: ModelQuestion; answer(reply: ModelReply): Promise<void> }[] = [];
  const states: (readonly ModelState[])[] = [];
  const calls = createModelCalls({
    clock,
    ids: createIds(),
    record,
    onState: (now) => states.push(now),
    ask: (question) =>
      new Promise((resolve) => {
        asked.push({
          question,
          async answer(given) {
            resolve(given);
            await settled();
          },
        });
      }),
  });
  const call = (part: Partial<ModelCall<Answer>> = {}): Promise<ModelAnswer<Answer>> =>
    calls.call({
      role: 'judge',
      model: 'sonnet',
      system: 'You judge.',
      prompt: 'How good is it?',
      schema: Schema,
      priority: 0,
      waitMs: 60_000,
      timeoutMs: 30_000,
      maxCostUsd: 0.1,
      sessionId: null,
      ...part,
    });
  const answer = async (index: number, given: ModelReply = reply()): Promise<void> => {
    await settled();
    const one = asked[index];
    if (!one) throw new Error(`nothing was asked as number ${index}`);
    await one.answer(given);
  };
  return { clock, asked, states, calls, call, answer };
}

/** Everything that only waits for promises has happened. */
export async function settled(): Promise<void> {
  for (let turns = 0; turns < 20; turns += 1) await Promise.resolve();
}
