import { expect, test } from 'vitest';
import { createFakeClock } from '../../../../test/fakes/clock.ts';
import { Config } from '../../../shared/config.ts';
import type { AgentEvent } from '../../drivers/driver.ts';
import type { Suspicion } from '../runaway/rules.ts';
import { createWatch } from './watch.ts';

const limits = { ...Config.parse({}).sessions.runaway, repeats: 3 };
const CALL: Extract<AgentEvent, { type: 'tool_call' }> = {
  type: 'tool_call',
  turn: 'msg_1',
  toolUseId: 'toolu_1',
  tool: 'Bash',
  agentId: null,
  key: 'Bash make',
  what: 'Running make',
};
const STARTED: AgentEvent = { type: 'started', agentSessionId: 'a', version: '2.1.328', model: null };
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A watch whose looks at the work tree end when the test lets them. */
function world() {
  const looks: ((mark: string) => void)[] = [];
  const found: Suspicion[] = [];
  const watch = createWatch({
    clock: createFakeClock(),
    limits: () => limits,
    mark: () => new Promise((resolve) => looks.push(resolve)),
    suspect: (suspicion) => found.push(suspicion),
  });
  return {
    found,
    calls: (count: number, agent = (_n: number): string | null => null) =>
      Array.from({ length: count }, (_, n) => watch.take({ ...CALL, agentId: agent(n) })),
    start: () => watch.take(STARTED),
    async sees(mark: string): Promise<void> {
      looks.shift()?.(mark);
      await turn();
    },
  };
}

test('calls that go by while the first look takes long were not in vain, for all that is known', async () => {
  const w = world();
  w.start();
  w.calls(5);
  await w.sees('after all of them');
  expect(w.found).toEqual([]);
});

test('the same call again and again with the same tree before and after is a loop', async () => {
  const w = world();
  w.start();
  await w.sees('as it was');
  w.calls(3);
  await w.sees('as it was');
  expect(w.found).toMatchObject([{ reason: 'repeating' }]);
});

test('with another tree it is work', async () => {
  const w = world();
  w.start();
  await w.sees('as it was');
  w.calls(3);
  await w.sees('changed');
  expect(w.found).toEqual([]);
});

test('subagents that all begin alike repeat nothing; one of them alone can', async () => {
  const w = world();
  w.start();
  await w.sees('as it was');
  w.calls(3, (n) => `sub_${n}`);
  await w.sees('as it was');
  expect(w.found).toEqual([]);
  w.calls(2, () => 'sub_1');
  await w.sees('as it was');
  expect(w.found).toMatchObject([{ reason: 'repeating' }]);
});
