import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createClock } from '../../src/core/adapters/clock.ts';
import { createAgentEnvironment } from '../../src/core/adapters/shell-env.ts';
import { createSpawner } from '../../src/core/adapters/spawner.ts';
import { createClaudeDriver } from '../../src/core/drivers/claude/driver.ts';
import type { AgentDriver, AgentLimits, LaunchSpec } from '../../src/core/drivers/driver.ts';
import { NONCE_VARIABLE, type ProcessIdentity } from '../../src/core/kernel/ports.ts';
import { Config } from '../../src/shared/config.ts';
import { tempDir } from '../builders.ts';
import { LIMITS, launchSpec, reap, startGate, type TestGate, type Watched, watch } from './gate.ts';

/** The pretend Claude Code of `test/fixtures/bin`. */
export const FAKE = join(import.meta.dirname, '../fixtures/bin/claude');

/** One step of a scenario; `test/fixtures/bin/fake-claude.mjs` has them all. */
export type Step = Record<string, unknown>;
export const INIT: Step = { init: {} };
export const RESULT: Step = { result: {} };
export const HANG: Step = { hang: true };
export const call = (command: string, more: object = {}): Step => ({
  call: { id: 'toolu_1', input: { command }, ...more },
});
/** So many background tasks go on from here. */
export const backgroundTasks = (count: number): Step => ({
  line: { type: 'system', subtype: 'background_tasks_changed', tasks: Array.from({ length: count }, () => ({})) },
});

export interface ScriptedLab {
  gate: TestGate;
  dir: string;
  driverFor(steps: Step[], given?: { version?: string; command?: string; env?: Record<string, string> }): AgentDriver;
  start(steps: Step[], limits?: Partial<AgentLimits>): Promise<Watched & { spec: LaunchSpec }>;
  /** What of a run still lives. */
  leftOf(spec: LaunchSpec): Promise<ProcessIdentity[]>;
  close(): Promise<void>;
}

/** One test's world: a gate, a directory, and a CLI that plays what it is given. */
export async function openScriptedLab(): Promise<ScriptedLab> {
  const gate = await startGate();
  const dir = tempDir('scripted');
  const spawner = createSpawner();
  const clock = createClock();
  const nonces: string[] = [];
  const lab: ScriptedLab = {
    gate,
    dir,
    driverFor(steps, { version = '2.1.328', command = FAKE, env = {} } = {}) {
      const scenario = join(dir, 'scenario.json');
      writeFileSync(scenario, JSON.stringify({ version, steps }));
      const environment = createAgentEnvironment({
        spawner,
        env: { PATH: process.env.PATH, HOME: dir, ...env },
        platform: process.platform,
        config: () => Config.parse({ claude: { command, env: { FAKE_CLAUDE: scenario } } }).claude,
      });
      return createClaudeDriver({ spawner, clock, environment });
    },
    async start(steps, limits = {}) {
      const spec = launchSpec(gate, dir, { limits: { ...LIMITS, ...limits } });
      nonces.push(spec.nonce);
      return { spec, ...(await watch(lab.driverFor(steps), spec)) };
    },
    leftOf: ({ nonce }) => spawner.treeOf({ pid: 0, startedAt: null }, { name: NONCE_VARIABLE, value: nonce }),
    async close() {
      await reap(spawner, nonces);
      await gate.close();
    },
  };
  return lab;
}

/** Result and duration in milliseconds. */
export async function timed<T>(work: Promise<T>): Promise<[T, number]> {
  const began = performance.now();
  return [await work, performance.now() - began];
}
