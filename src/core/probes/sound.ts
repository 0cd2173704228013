import type { ServiceSettings } from '../../shared/contract/services.ts';
import { TenureError } from '../../shared/errors.ts';
import { ConditionError, parseCondition } from './conditions/parse.ts';
import type { StoredService } from './storage.ts';

const invalid = (text: string): never => {
  throw new TenureError('invalid', text);
};

/** The services that one depends on, by id. What is not there any more is passed over. */
export function parentsOf(
  { dependsOn }: Pick<ServiceSettings, 'dependsOn'>,
  services: Iterable<Pick<StoredService, 'id' | 'settings'>>,
): string[] {
  if (dependsOn.length === 0) return [];
  const wanted = new Set(dependsOn);
  return [...services].filter(({ id, settings }) => wanted.has(id) || wanted.has(settings.name)).map(({ id }) => id);
}

/**
 * What the schema cannot see: names, conditions, dependencies, cron.
 * @param self the id of the service that is changed; null for a new one.
 * @throws TenureError `invalid` or `conflict`, naming the thing, what was expected and what was got.
 */
export function refuseUnsound(
  settings: ServiceSettings,
  self: string | null,
  services: readonly StoredService[],
  checkCron: (cron: string, timezone: string | undefined) => void,
): void {
  const { name, conditions, target, timeoutMs, intervalMs, dependsOn, maintenance } = settings;
  if (services.some((other) => other.id !== self && other.settings.name === name)) {
    throw new TenureError('conflict', `There is already a service called "${name}"; names tell services apart.`);
  }
  for (const text of conditions) {
    try {
      parseCondition(text);
    } catch (error) {
      if (error instanceof ConditionError) invalid(`The condition ${error.message}`);
      throw error;
    }
  }
  if (target.kind !== 'heartbeat' && timeoutMs > intervalMs) {
    invalid(`The timeout of "${name}" is to be within its interval (${intervalMs} ms), but is ${timeoutMs} ms.`);
  }
  for (const wanted of dependsOn) {
    if (wanted === name || wanted === self) invalid(`"${name}" cannot depend on itself.`);
    if (!services.some((other) => other.id === wanted || other.settings.name === wanted)) {
      invalid(`"${name}" depends on "${wanted}", but there is no such service.`);
    }
  }
  if (self !== null) refuseCircle(settings, self, services);
  for (const { cron, timezone } of maintenance) checkCron(cron, timezone);
}

function refuseCircle(settings: ServiceSettings, self: string, services: readonly StoredService[]): void {
  const byId = new Map(services.map((service) => [service.id, service.settings]));
  const seen = new Set<string>();
  const open = parentsOf(settings, services);
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (id === self) invalid(`"${settings.name}" would depend on itself, over "${settings.dependsOn.join('", "')}".`);
    const parent = byId.get(id);
    if (!parent || seen.has(id)) continue;
    seen.add(id);
    open.push(...parentsOf(parent, services));
  }
}
