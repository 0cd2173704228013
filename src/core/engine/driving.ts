import { createGit } from '../adapters/git.ts';
import { createAgentEnvironment } from '../adapters/shell-env.ts';
import { createClaudeDriver } from '../drivers/claude/driver.ts';
import { createDemoDriver } from '../drivers/demo/driver.ts';
import type { EngineOptions } from '../engine.ts';
import type { Clock } from '../kernel/ports.ts';

type DrivingOptions = Pick<EngineOptions, 'config' | 'ports' | 'env' | 'info' | 'demoPaceMs'>;

/** What runs agents: git, the environment that they find around them, and the drivers. */
export function createDriving({ config, ports, env, info, demoPaceMs }: DrivingOptions, awake: Clock) {
  const { spawner } = ports;
  const environment = createAgentEnvironment({
    spawner,
    env,
    platform: process.platform,
    config: () => config.current().claude,
  });
  const git = createGit({ spawner, env, path: environment.pathNow });
  const drivers = {
    claude: createClaudeDriver({ spawner, clock: awake, environment }),
    demo: createDemoDriver({ spawner, clock: awake, environment, paceMs: demoPaceMs }),
  };
  /** The agent that new projects get. */
  const agent = info.demo ? drivers.demo : drivers.claude;
  return { git, environment, drivers, agent };
}
