import type { Config } from '../../shared/config.ts';
import type { Service } from '../../shared/contract/services.ts';
import { projectOf, stateWords } from '../../shared/service-words.ts';

interface SurroundingsOptions {
  config: { current(): { sessions: Pick<Config['sessions'], 'context'> } };
  machine: { resources: { line(): string } };
  watch: { probes: { list(): readonly Service[] } };
  projects: { list(): readonly { id: string; name: string }[] };
  /** What the sources of a project earned, with the age of each figure; null: it has none. */
  revenue: { contextOf(projectId: string): string | null };
}

/**
 * What a new session is told of where it works (S1-34, S1-51). Only names that a person gave and words of our
 * own: what a service answered is nobody's instruction.
 */
export function createSurroundings({ config, machine, watch, projects, revenue }: SurroundingsOptions) {
  function servicesOf(projectId: string): string | null {
    const own = watch.probes.list().filter((service) => projectOf(service, projects.list())?.id === projectId);
    if (own.length === 0) return null;
    return `Services: ${own.map((service) => `${service.name}: ${stateWords(service).toLowerCase()}`).join('; ')}`;
  }

  return (projectId: string): string | null => {
    const wanted = config.current().sessions.context;
    const lines = [
      wanted.machine ? `System: ${machine.resources.line()}` : null,
      wanted.services ? servicesOf(projectId) : null,
      wanted.revenue ? revenue.contextOf(projectId) : null,
    ].filter((line) => line !== null);
    return lines.length === 0 ? null : ['As it is where you work, at the start:', ...lines].join('\n');
  };
}
