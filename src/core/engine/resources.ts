import { createMachine } from '../adapters/machine.ts';
import type { EngineOptions } from '../engine.ts';
import type { Journal } from '../kernel/journal.ts';
import { createResources } from '../resources/service.ts';
import type { createSystemWatch } from '../system/service.ts';

interface ResourceChapterOptions extends Pick<EngineOptions, 'db' | 'config' | 'ports' | 'log'> {
  journal: Journal;
  level(): string;
  notice(sentences: readonly string[]): void;
  system(): ReturnType<typeof createSystemWatch>;
}

/** The machine watched as one of our own services. */
export function createResourceChapter({
  db,
  config,
  ports,
  log,
  journal,
  level,
  notice,
  system,
}: ResourceChapterOptions) {
  return createResources({
    db,
    journal,
    clock: ports.clock,
    ids: ports.ids,
    log,
    machine: createMachine({ spawner: ports.spawner, platform: process.platform }),
    thresholds: () => config.current().system.thresholds,
    level,
    notice,
    newest: () => system().history().at(-1),
  });
}
