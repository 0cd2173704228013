import type { Finding, HealthCheck } from '../../shared/contract/system.ts';
import type { Clock } from '../kernel/ports.ts';
import { checkOf, NOTHING, remembered } from './rules.ts';
import type { createHealthStorage } from './storage.ts';

export type NamedCheck = () => Promise<Finding> | Finding;
export type Checks = Readonly<Record<string, NamedCheck>>;

interface HealthDeps {
  clock: Clock;
  storage: ReturnType<typeof createHealthStorage>;
  checks: Checks;
}

async function look(name: string, check: NamedCheck): Promise<Finding> {
  try {
    return await check();
  } catch (error) {
    return { name, state: 'unknown', detail: `The check itself failed: ${String(error)}`, fix: null };
  }
}

/**
 * Everything that Tenure needs, from one list: for `tenure doctor`, the screen of its health and the first
 * steps. Each look is remembered, so that a failure says since when.
 */
export function createHealth({ clock, storage, checks }: HealthDeps) {
  return {
    /** Looks at all of them, or at those that are named. Never rejects: a check that throws is itself a finding. */
    async run(only?: readonly string[]): Promise<HealthCheck[]> {
      const wanted = Object.entries(checks).filter(([name]) => only?.includes(name) ?? true);
      const findings = await Promise.all(wanted.map(([name, check]) => look(name, check)));
      const now = clock.now();
      const known = storageOr({}, () => storage.load());
      const record = { ...known };
      for (const finding of findings) record[finding.name] = remembered(known[finding.name] ?? NOTHING, finding, now);
      storageOr(undefined, () => storage.save(record));
      return findings.map((finding) => checkOf(finding, record[finding.name] ?? NOTHING));
    },
  };
}

/** A store that fails is among the findings; the others are told all the same. */
function storageOr<T>(otherwise: T, work: () => T): T {
  try {
    return work();
  } catch {
    return otherwise;
  }
}
