import type { Project } from '../../shared/contract/projects.ts';
import type { HealthCheck } from '../../shared/contract/system.ts';
import type { Git } from '../adapters/git.ts';
import { loginState } from '../drivers/claude/login.ts';
import type { AgentDriver } from '../drivers/driver.ts';
import { doctorChecks } from '../health/checks.ts';
import { type Checks, createHealth } from '../health/service.ts';
import { createHealthStorage } from '../health/storage.ts';
import type { AgentEnvironment } from '../kernel/ports.ts';
import type { EngineOptions } from './options.ts';
import type { Shell } from './shell.ts';

interface HealthOptions
  extends Pick<EngineOptions, 'db' | 'config' | 'ports' | 'paths' | 'info' | 'gatewayUrl' | 'cli'> {
  git: Git;
  agent: AgentDriver;
  environment: AgentEnvironment;
  projects(): readonly Project[];
  shell: Shell;
  checkStore(): string;
  lastTickAgeMs(): number | null;
  /** Of other chapters. */
  more: Checks;
}

/** How Tenure and everything around it stands. */
export function createHealthChapter(options: HealthOptions) {
  const { db, config, ports, paths, info, git, agent, environment, shell } = options;
  const checks = doctorChecks({
    dataDir: paths.dataDir,
    configFile: paths.configFile,
    configProblems: config.problems,
    checkStore: options.checkStore,
    gitVersion: git.version,
    agent: agent.check,
    login: () => loginState(ports.spawner, environment),
    projects: options.projects,
    loginItem: () => shell.state().loginItem,
    cli: options.cli,
    demo: info.demo,
    platform: process.platform,
    lastTickAgeMs: options.lastTickAgeMs,
    address: options.gatewayUrl,
  });
  const health = createHealth({
    clock: ports.clock,
    storage: createHealthStorage(db),
    checks: { ...checks, ...options.more, ...shell.checks },
  });
  return { doctor: ({ only }: { only?: string[] | undefined }): Promise<HealthCheck[]> => health.run(only) };
}
