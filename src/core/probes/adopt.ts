import type { ServiceSettings } from '../../shared/contract/services.ts';
import { TenureError } from '../../shared/errors.ts';
import type { Journal } from '../kernel/journal.ts';
import type { StoredService } from './storage.ts';

interface AdoptDeps {
  journal: Journal;
  services: ReadonlyMap<string, StoredService>;
  /** All as it was: nothing of it was written. */
  restore(before: ReadonlyMap<string, StoredService>): void;
  add(settings: ServiceSettings, source: 'config'): unknown;
  update(id: string, settings: ServiceSettings): unknown;
  remove(id: string): unknown;
  /** It belongs to a project that is not there. */
  isStrange(settings: ServiceSettings): boolean;
}

/** Services of the configuration, followed as it changes. */
export function createAdopt({ journal, services, restore, add, update, remove, isStrange }: AdoptDeps) {
  function one(settings: ServiceSettings): void {
    const known = [...services.values()].find((service) => service.settings.name === settings.name);
    if (!known) add(settings, 'config');
    else if (known.source === 'person') {
      throw new TenureError('conflict', 'A service of that name was added by hand; remove one of the two.');
    } else if (JSON.stringify(known.settings) !== JSON.stringify(settings)) update(known.id, settings);
  }

  /** Those that cannot be as they are listed, each with why. One may depend on another that is listed below it. */
  function all(listed: readonly ServiceSettings[]): Map<ServiceSettings, string> {
    const refused = new Map<ServiceSettings, string>();
    let open = listed;
    for (let before = -1; open.length > 0 && open.length !== before; ) {
      before = open.length;
      refused.clear();
      for (const settings of open) {
        try {
          one(settings);
        } catch (error) {
          // Anything else says that nothing can be written now.
          if (!(error instanceof TenureError)) throw error;
          refused.set(settings, error.message);
        }
      }
      open = [...refused.keys()];
    }
    return refused;
  }

  /** Brings them in line with what is listed, all in one transaction. @returns sentences about what could not be. */
  return function adopt(listed: readonly ServiceSettings[]): string[] {
    const before = new Map(services);
    const names = new Set(listed.map(({ name }) => name));
    const gone = [...services.values()].filter(
      ({ source, settings }) => source === 'config' && !names.has(settings.name),
    );
    try {
      const refused = journal.commit(() => {
        for (const { id } of gone) remove(id);
        return all(listed);
      });
      return listed.flatMap((settings) => {
        const why = refused.get(settings);
        const about = `The service "${settings.name}" of the configuration`;
        if (why !== undefined) return [`${about} is not watched as it says: ${why}`];
        // A label that names nothing is no reason not to watch.
        return isStrange(settings) ? [`${about} belongs to a project "${settings.project}" that is not there.`] : [];
      });
    } catch (error) {
      restore(before);
      const why = error instanceof Error ? error.message : String(error);
      return [`The services of the configuration could not be taken in: ${why}`];
    }
  };
}
