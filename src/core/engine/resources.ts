import { createMachine } from '../adapters/machine.ts';
import type { EngineOptions } from '../engine.ts';
import type { Journal } from '../kernel/journal.ts';
import { createResources } from '../resources/service.ts';
import { createSystemWatch } from '../system/service.ts';

interface ResourceChapterOptions extends Pick<EngineOptions, 'db' | 'config' | 'ports' | 'log'> {
  journal: Journal;
  level(): string;
  notice(sentences: readonly string[]): void;
}

/** The machine: sampled, and watched as one of our own services. */
export function createResourceChapter(options: ResourceChapterOptions) {
  const { db, config, ports, log, journal, level, notice } = options;
  const resources = createResources({
    db,
    journal,
    clock: ports.clock,
    ids: ports.ids,
    log,
    machine: createMachine({ spawner: ports.spawner, platform: process.platform }),
    thresholds: () => config.current().system.thresholds,
    level,
    notice,
    newest: () => system.history().at(-1),
  });
  const system = createSystemWatch({
    clock: ports.clock,
    journal,
    reader: ports.system,
    pace: () => config.current().system,
    taken: resources.take,
  });
  return {
    resources,
    system,
    /** Memory that was free when last looked, bytes; null: never looked, or it could not be told. */
    freeMemory(): { at: number; bytes: number } | null {
      const look = system.history().at(-1);
      if (!look || look.memoryTotalBytes === null || look.memoryUsedBytes === null) return null;
      return { at: look.at, bytes: look.memoryTotalBytes - look.memoryUsedBytes };
    },
  };
}
