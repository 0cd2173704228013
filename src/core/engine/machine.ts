import type { Target } from '../../shared/contract/services.ts';
import { createMachine } from '../adapters/machine.ts';
import { createSurroundings } from '../adapters/surroundings.ts';
import { createDetect } from '../detect/service.ts';
import type { EngineOptions } from '../engine.ts';
import type { Journal } from '../kernel/journal.ts';
import type { AgentEnvironment } from '../kernel/ports.ts';
import { createFlows } from '../resources/flows.ts';
import { createLoad } from '../resources/load.ts';
import { createResources } from '../resources/service.ts';
import { createSystemWatch } from '../system/service.ts';

interface MachineOptions extends Pick<EngineOptions, 'db' | 'config' | 'ports' | 'log' | 'env' | 'gatewayUrl'> {
  journal: Journal;
  environment: AgentEnvironment;
  home: string;
  level(): string;
  notice(source: string, sentences: readonly string[]): void;
  /** What is watched as a service already. */
  targets(): readonly Target[];
}

const HEAT = ['nominal', 'fair', 'serious', 'critical'];
const rankOf = (state: string): number | null => (HEAT.includes(state) ? HEAT.indexOf(state) : null);

/** The machine itself: how it is, watched as one of our own services, and what runs on it. */
export function createMachineChapter(options: MachineOptions) {
  const { db, config, ports, log, env, journal, environment, home, notice } = options;
  const { clock, ids, spawner, sockets } = ports;
  const settings = config.current;
  const platform = process.platform;

  const resources = createResources({
    db,
    journal,
    clock,
    ids,
    log,
    machine: { ...createMachine({ spawner, platform }), flows: createFlows({ clock, reader: ports.load }).look },
    thresholds: () => settings().system.thresholds,
    level: options.level,
    notice: (sentences) => notice('resources', sentences),
    newest: () => system.history().at(-1),
  });
  const system = createSystemWatch({
    clock,
    journal,
    reader: ports.system,
    pace: () => settings().system,
    taken: resources.take,
  });
  const detect = createDetect({
    places: createSurroundings({ spawner, sockets, environment, platform, home, dockerHost: env.DOCKER_HOST }),
    targets: options.targets,
    ownPort: () => Number(new URL(options.gatewayUrl()).port),
  });

  return {
    system,
    resources,
    load: createLoad({ clock, reader: ports.load, heat: resources.heat, seen: resources.flow }),
    detect,
    /** Bytes of memory that are free, as last seen. */
    freeMemory(): { at: number; bytes: number } | null {
      const look = system.history().at(-1);
      if (!look || look.memoryTotalBytes === null || look.memoryUsedBytes === null) return null;
      return { at: look.at, bytes: look.memoryTotalBytes - look.memoryUsedBytes };
    },
    /** macOS's own word for how hot it is; any other word means that nobody knows. */
    heat: (state: string): void => resources.setThermal(rankOf(state)),
    start(): void {
      resources.start();
      system.start();
    },
    stop(): void {
      system.stop();
      resources.stop();
    },
  };
}
