import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createAgentEnvironment } from '../../src/core/adapters/shell-env.ts';
import { createSpawner } from '../../src/core/adapters/spawner.ts';
import { createClaudeDriver } from '../../src/core/drivers/claude/driver.ts';
import type { AgentEnding, AgentLimits } from '../../src/core/drivers/driver.ts';
import { NONCE_VARIABLE, type Spawner } from '../../src/core/kernel/ports.ts';
import { Config } from '../../src/shared/config.ts';
import { tempDir } from '../builders.ts';
import { createFakeClock, type FakeClock } from '../fakes/clock.ts';
import { launchSpec, reap, startGate, type TestGate, watch } from '../fakes/gate.ts';
import { FAKE, HANG, INIT, RESULT, type Step } from '../fakes/scripted-claude.ts';

/*
 * Six ways to hang, with real processes on a clock of our own: how soon each is noticed is exact, however
 * busy the machine is. TENURE_SEEDS=50 plays 50 variations of each.
 */
const SEEDS = Number(process.env.TENURE_SEEDS ?? 3);
const SECOND = 1_000;
const MINUTE = 60_000;
const STEP_MS = 100;

let gate: TestGate;
const nonces: string[] = [];
const real = createSpawner();
beforeAll(async () => {
  gate = await startGate();
});
afterEach(() => reap(real, nonces.splice(0).slice(-1)));
afterAll(() => gate.close());

/** A fixed sequence for each seed: a failure can be played again. */
function random(seed: number): (below: number) => number {
  let state = seed * 2_654_435_761 + 1;
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor(state / 65_536) % below;
  };
}

/** Lines that mean nothing in particular, in any number and cut anywhere. */
function noise(pick: (below: number) => number): Step[] {
  const one = (): Step =>
    [
      { line: { type: 'system', subtype: 'status', n: pick(100) } },
      { line: { type: 'something_new', text: 'ü'.repeat(pick(2_000)) } },
      { raw: '\n\n' },
      { raw: 'no json at all\n' },
      { stderr: 'a warning\n' },
      { leave: { command: 'sleep 300', ownSession: pick(2) === 0 } },
    ][pick(6)] ?? RESULT;
  return Array.from({ length: pick(6) }, one);
}

const SPOKEN: Step = { line: { type: 'tenure_test_spoken' } };
const TOOL: Step = {
  line: {
    type: 'assistant',
    message: { id: 'msg', content: [{ type: 'tool_use', id: 'toolu', name: 'Bash', input: { command: 'make' } }] },
  },
};

interface Hang {
  steps(pick: (below: number) => number): Step[];
  /** Which limit it runs into; null: none, it is noticed by the end of the program. */
  limit: keyof AgentLimits | null;
  kind: AgentEnding['kind'];
  results: number;
}

const HANGS: Record<string, Hang> = {
  'before init': { steps: () => [HANG], limit: 'startupMs', kind: 'launch_failed', results: 0 },
  'in the middle of a turn': {
    steps: (pick) => [INIT, ...noise(pick), { raw: '{"type":"assistant","mess' }, SPOKEN, HANG],
    limit: 'stallMs',
    kind: 'stalled',
    results: 0,
  },
  'in a tool': {
    steps: (pick) => [INIT, ...noise(pick), TOOL, SPOKEN, HANG],
    limit: 'toolStallMs',
    kind: 'stalled',
    results: 0,
  },
  'after the result': {
    steps: (pick) => [INIT, ...noise(pick), RESULT, SPOKEN, HANG],
    limit: 'graceMs',
    kind: 'completed',
    results: 1,
  },
  'ignoring SIGTERM': {
    steps: (pick) => [{ ignore: ['SIGTERM', 'SIGINT'] }, INIT, ...noise(pick), SPOKEN, HANG],
    limit: 'stallMs',
    kind: 'stalled',
    results: 0,
  },
  'a grandchild that holds stdout': {
    steps: (pick) => [
      INIT,
      ...noise(pick),
      { leave: { command: "trap '' TERM; sleep 300", ownSession: true, holdStdout: true } },
      RESULT,
      SPOKEN,
      { exit: 0 },
    ],
    limit: null,
    kind: 'completed',
    results: 1,
  },
};

const openFiles = (): number => readdirSync('/proc/self/fd').length;

/** Plays one hang; @returns fake milliseconds from the last word to the first signal, or to the end. */
async function play(hang: Hang, seed: number): Promise<{ noticedMs: number; limitMs: number }> {
  const pick = random(seed);
  const clock: FakeClock = createFakeClock();
  const limits: AgentLimits = {
    startupMs: SECOND + pick(MINUTE),
    stallMs: SECOND + pick(2 * MINUTE),
    toolStallMs: SECOND + pick(4 * MINUTE),
    stallWarnMs: SECOND + pick(2 * MINUTE),
    toolStallWarnMs: SECOND + pick(4 * MINUTE),
    stallEnds: true,
    graceMs: SECOND + pick(10 * SECOND),
    killMs: SECOND + pick(10 * SECOND),
  };
  let signalledAt: number | null = null;
  let looks = 0;
  const spawner: Spawner = {
    ...real,
    // A look takes its time, which is not the clock's.
    treeOf(...given) {
      looks += 1;
      return real.treeOf(...given).finally(() => {
        looks -= 1;
      });
    },
    signalGroup(leader, signal) {
      signalledAt ??= clock.monotonic();
      return real.signalGroup(leader, signal);
    },
    signalOne(target, signal) {
      signalledAt ??= clock.monotonic();
      return real.signalOne(target, signal);
    },
  };
  const dir = tempDir('hang');
  const scenario = join(dir, 'scenario.json');
  writeFileSync(scenario, JSON.stringify({ version: '2.1.328', steps: hang.steps(pick) }));
  const environment = createAgentEnvironment({
    spawner,
    env: { PATH: process.env.PATH, HOME: dir },
    platform: process.platform,
    config: () => Config.parse({ claude: { command: FAKE, env: { FAKE_CLAUDE: scenario } } }).claude,
  });
  const spec = launchSpec(gate, dir, { limits });
  nonces.push(spec.nonce);
  const run = await watch(createClaudeDriver({ spawner, clock, environment }), spec);
  const speaks = hang.kind !== 'launch_failed';
  const spoken = () => run.of('line').some(({ text }) => text.includes('tenure_test_spoken'));
  if (speaks) await expect.poll(spoken, { timeout: 20_000, interval: 5 }).toBe(true);

  const leader = run.of('spawned')[0]?.identity;
  if (hang.limit === null && leader) await expect.poll(() => real.probe(leader), { timeout: 20_000 }).toBe('dead');
  const limitMs = hang.limit === null ? 0 : Number(limits[hang.limit]);
  const began = clock.monotonic();
  const over: AgentEnding[] = [];
  void run.run.ended.then((ended) => over.push(ended));
  const patience = performance.now() + 120_000;
  while (over.length === 0 && performance.now() < patience) {
    // In great steps far from the limit, in small ones around it; without one hardly quicker than what really happens.
    const step = hang.limit === null && signalledAt === null ? STEP_MS / 10 : STEP_MS;
    if (looks === 0) clock.advance(clock.monotonic() - began < limitMs - 3 * SECOND ? SECOND : step);
    // What really happens (pipes, signals, ends of processes) gets its turn before time goes on.
    if (looks > 0 || signalledAt !== null || hang.limit === null)
      await new Promise((resolve) => setTimeout(resolve, 2));
    else await new Promise((resolve) => setImmediate(resolve));
  }
  expect(over).toMatchObject([{ kind: hang.kind, stillAlive: [] }]);
  expect(run.of('result')).toHaveLength(hang.results);
  expect(await real.treeOf({ pid: 0, startedAt: null }, { name: NONCE_VARIABLE, value: spec.nonce })).toEqual([]);
  expect(clock.pending()).toBe(0);
  return { noticedMs: (signalledAt ?? Number.POSITIVE_INFINITY) - began, limitMs };
}

describe.skipIf(process.platform !== 'linux')('a hang is noticed within its limit and a second', () => {
  test.each(Object.entries(HANGS))(
    '%s',
    async (_name, hang) => {
      await play(hang, 0); // what is opened once and kept
      const before = openFiles();
      for (let seed = 1; seed <= SEEDS; seed++) {
        const { noticedMs, limitMs } = await play(hang, seed);
        expect(noticedMs, `seed ${seed}`).toBeGreaterThanOrEqual(limitMs - STEP_MS);
        expect(noticedMs, `seed ${seed}`).toBeLessThanOrEqual(limitMs + SECOND);
      }
      expect(openFiles()).toBeLessThanOrEqual(before);
    },
    30_000 + SEEDS * 20_000,
  );
});
