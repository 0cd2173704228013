import type { InputOf } from '../../shared/contract/index.ts';
import type { RevenueSource } from '../../shared/contract/revenue.ts';
import type { SourceSettings } from '../../shared/contract/revenue-sources.ts';
import { TenureError } from '../../shared/errors.ts';
import type { Clock, Ids } from '../kernel/ports.ts';
import { intervalOf } from './look.ts';
import { isStale } from './rules.ts';
import type { RevenueStorage, Source } from './storage.ts';

interface AdminDeps {
  storage: RevenueStorage;
  clock: Clock;
  ids: Ids;
  sources(): readonly Source[];
  /** @throws TenureError not_found */
  find(id: string): Source;
  changed<T>(work: () => T): T;
  projects(): readonly { id: string }[];
  stableDaysOf(source: Source): number | null;
  mintToken(): { token: string; hash: string };
  /** A source that is to be looked at anew. */
  moved(id: string): void;
}

/** Sources are added, changed and taken away here, by a person. */
export function createAdmin({
  storage,
  clock,
  ids,
  sources,
  find,
  changed,
  projects,
  stableDaysOf,
  mintToken,
  moved,
}: AdminDeps) {
  function view(source: Source): RevenueSource {
    const { id, name, projectId, settings, intervalMs, paused, createdAt, lastTryAt, lastGoodAt, lastError, flag } =
      source;
    const interval = intervalOf(source);
    return {
      id,
      kind: settings.kind,
      name,
      projectId,
      settings,
      intervalMs,
      paused,
      createdAt,
      lastTryAt,
      lastGoodAt,
      lastError,
      stale: interval !== null && lastTryAt !== null && isStale(lastGoodAt, interval, clock.now()),
      flag,
      reading: storage.latest(id),
      stableDays: stableDaysOf(source),
    };
  }

  function checkNew(name: string, projectId: string | null, self?: string): void {
    if (sources().some((s) => s.removedAt === null && s.name === name && s.id !== self)) {
      throw new TenureError('conflict', `There is a revenue source "${name}" already; give this one another name.`);
    }
    if (projectId !== null && !projects().some(({ id }) => id === projectId)) {
      throw new TenureError('not_found', `There is no project ${projectId}.`);
    }
  }

  /** A new place to look is a new beginning: what was counted up to belongs to the old one. */
  const samePlace = (a: SourceSettings, b: SourceSettings): boolean => {
    const place = (settings: SourceSettings) => JSON.stringify({ ...settings, prices: null, secret: null });
    return place(a) === place(b);
  };

  return {
    view,

    /** @throws TenureError conflict, not_found */
    add(input: InputOf<'revenue.add'>): { source: RevenueSource; token: string | null } {
      const projectId = input.projectId ?? null;
      checkNew(input.name, projectId);
      const minted = input.settings.kind === 'webhook' ? mintToken() : null;
      const id = ids.next('rev');
      changed(() =>
        storage.insert({
          id,
          name: input.name,
          projectId,
          settings: input.settings,
          intervalMs: input.intervalMs ?? null,
          paused: false,
          tokenHash: minted?.hash ?? null,
          cursor: null,
          createdAt: clock.now(),
          removedAt: null,
          lastTryAt: null,
          lastGoodAt: null,
          lastError: null,
          failures: 0,
          flag: null,
        }),
      );
      return { source: view(find(id)), token: minted?.token ?? null };
    },

    /** @throws TenureError conflict, not_found, invalid */
    update(input: InputOf<'revenue.update'>): RevenueSource {
      const source = find(input.id);
      const settings = input.settings ?? source.settings;
      if (settings.kind !== source.settings.kind) {
        throw new TenureError(
          'invalid',
          `A source stays of its kind: "${source.name}" is ${source.settings.kind}, not ${settings.kind}.`,
        );
      }
      const next: Source = {
        ...source,
        name: input.name ?? source.name,
        projectId: input.projectId === undefined ? source.projectId : input.projectId,
        settings,
        intervalMs: input.intervalMs === undefined ? source.intervalMs : input.intervalMs,
        paused: input.paused ?? source.paused,
        flag: input.clearFlag ? null : source.flag,
        ...(samePlace(settings, source.settings)
          ? {}
          : { cursor: null, failures: 0, lastError: null, lastTryAt: null }),
      };
      checkNew(next.name, next.projectId === source.projectId ? null : next.projectId, source.id);
      changed(() => storage.update(next));
      moved(source.id);
      return view(find(source.id));
    },

    /** @throws TenureError not_found */
    remove(id: string): { id: string } {
      const source = find(id);
      changed(() => storage.update({ ...source, removedAt: clock.now(), tokenHash: null }));
      return { id };
    },

    /** @throws TenureError not_found, refused */
    newToken(id: string): { token: string } {
      const source = find(id);
      if (source.settings.kind !== 'webhook')
        throw new TenureError('refused', `"${source.name}" is no webhook; it has no token.`);
      const { token, hash } = mintToken();
      changed(() => storage.update({ ...source, tokenHash: hash }));
      return { token };
    },
  };
}
