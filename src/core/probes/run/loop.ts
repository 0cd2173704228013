import type { Check } from '../../../shared/contract/check.ts';
import type { ServiceSettings } from '../../../shared/contract/services.ts';
import { TenureError } from '../../../shared/errors.ts';
import type { Emit, Journal } from '../../kernel/journal.ts';
import type { Log } from '../../kernel/log.ts';
import type { Clock, Timer } from '../../kernel/ports.ts';
import type { Tallies } from '../history/tallies.ts';
import { afterCheck, type Finding, type Progress } from '../rules.ts';
import type { createProbeStorage, StoredService } from '../storage.ts';
import { createInbox } from './inbox.ts';
import { createTimetable } from './timetable.ts';

/** How often histories are written, ms; a crash loses at most so much of them, and no verdict. */
const SAVE_MS = 10_000;
/** How often what was checked is told to the screens, ms. */
const TELL_MS = 500;
/** Services whose history is read between two breaths after a start, before anybody asks. */
const WARM_MOST = 10;
/** Checks in one transaction: more would hold the engine up. What is left follows after a breath, ms. */
const SAVE_MOST = 250;
const BREATH_MS = 25;

/** How one check came out; `values`: what it saw in words, by the name that a condition asks it by. */
export interface Looked extends Omit<Finding, 'at'> {
  values(): Record<string, string>;
}

/** When a heartbeat came last, and since when one is awaited. */
export interface Beat {
  lastAt: number | null;
  since: number;
}

/** A service as the rules of incidents need it. */
export interface Watched {
  id: string;
  settings: ServiceSettings;
  progress: Progress;
}

export interface Checked {
  before: Progress;
  now: Watched;
}

export interface LoopDeps {
  journal: Journal;
  clock: Clock;
  log: Log;
  concurrency(): number;
  storage: ReturnType<typeof createProbeStorage>;
  tallies: Tallies;
  /** Every watched service by its id; replaced as a whole, never changed in place. */
  services: Map<string, StoredService>;
  beatOf(service: StoredService): Beat;
  /** One look at a target. Never rejects. */
  look(settings: ServiceSettings, beat: Beat): Promise<Looked>;
  /** Inside a commit: these were checked. */
  judge(emit: Emit, checked: readonly Checked[]): void;
  /** Has to hear of good checks as well: its incident is open, or its restart under way. */
  isOfInterest(id: string): boolean;
  /** Emits the view of a service. */
  redraw(emit: Emit, id: string): void;
}

export const watched = ({ id, settings, progress }: StoredService): Watched => ({ id, settings, progress });

/** What of a service a person sees change; figures of single checks are signals. */
function looksTheSame(a: StoredService, b: StoredService): boolean {
  const [x, y] = [a.progress, b.progress];
  if (x.confirmed !== y.confirmed || x.streak !== y.streak || x.flapping !== y.flapping) return false;
  return x.last?.ok === y.last?.ok && x.certificateExpiresAt === y.certificateExpiresAt;
}

/** From the timetable over the look to the verdict and its record. */
export function createLoop(deps: LoopDeps) {
  const { journal, clock, log, storage, tallies, services } = deps;
  const failing = new Set<string>();
  const waiting = new Map<string, ((check: Check) => void)[]>();
  const inbox = createInbox<{ id: string; finding: Finding }>(clock, takeIn);
  const timetable = createTimetable({ clock, concurrency: deps.concurrency, run });
  const untold = new Map<string, Check>();
  let saver: Timer | null = null;
  let teller: Timer | null = null;
  let warmer: Timer | null = null;
  let stopped = false;

  function put(service: StoredService): void {
    services.set(service.id, service);
    const fails = service.progress.failingSince !== null || service.progress.confirmed === 'down';
    if (fails && !service.paused) failing.add(service.id);
    else failing.delete(service.id);
  }

  async function run(id: string): Promise<void> {
    const known = services.get(id);
    if (!known || known.paused) return;
    const seen = await deps.look(known.settings, deps.beatOf(known));
    const { ok, ms, detail, certificateExpiresAt, stopped: isStopped } = seen;
    const now = services.get(id);
    // Paused, removed or given another target meanwhile: what was seen speaks for nothing any more.
    if (stopped || !now || now.paused || now.settings !== known.settings) return release(id);
    const finding = { at: clock.now(), ok, ms, detail, certificateExpiresAt, stopped: isStopped };
    if (!isQuiet(now, finding)) inbox.add({ id, finding }, ok !== true || waiting.has(id) || deps.isOfInterest(id));
  }

  /** One more good check of what is well, which nobody has to hear of: it costs no transaction and no timer. */
  function isQuiet(known: StoredService, finding: Finding): boolean {
    const { last, streak } = known.progress;
    if (finding.ok !== true || last?.ok !== true || streak > 0 || inbox.holds() || deps.isOfInterest(known.id))
      return false;
    const next = { ...known, progress: afterCheck(known.progress, finding, known.settings) };
    if (!looksTheSame(known, next)) return false;
    services.set(known.id, next);
    recordOne(known.id, finding);
    armTeller();
    return true;
  }

  /** Nobody waits for ever for a check that speaks for nothing. */
  function release(id: string): void {
    const none = { at: clock.now(), ok: null, ms: null, detail: 'It was changed while it was being checked.' };
    for (const hear of waiting.get(id) ?? []) hear(none);
    waiting.delete(id);
  }

  /** A batch of findings: one commit when anything looks different or somebody has to hear of it, else none. */
  function takeIn(batch: readonly { id: string; finding: Finding }[]): void {
    const before = new Map<string, StoredService>();
    const now = new Map<string, StoredService>();
    const checked: Checked[] = [];
    for (const { id, finding } of batch) {
      const known = now.get(id) ?? services.get(id);
      if (!known) continue;
      if (!before.has(id)) before.set(id, known);
      const next = { ...known, progress: afterCheck(known.progress, finding, known.settings) };
      now.set(id, next);
      const isNews = finding.ok !== true || known.progress.last?.ok !== true || known.progress.streak > 0;
      if (isNews || deps.isOfInterest(id)) checked.push({ before: known.progress, now: watched(next) });
    }
    const redrawn = [...now.values()].filter((next) => {
      const known = before.get(next.id);
      return known !== undefined && !looksTheSame(known, next);
    });
    for (const next of now.values()) put(next);
    if (checked.length > 0 || redrawn.length > 0) {
      try {
        journal.commit((emit) => {
          for (const { id, progress } of redrawn) storage.saveProgress(id, progress);
          deps.judge(emit, checked);
          for (const { id } of redrawn) deps.redraw(emit, id);
        });
      } catch (error) {
        // Nothing was written and nobody heard: all stays as it was, and the next check says the same again.
        for (const known of before.values()) put(known);
        for (const id of before.keys()) release(id);
        log.warn({ err: error }, 'checks could not be taken in');
        return;
      }
    }
    for (const { id, finding } of batch) recordOne(id, finding);
    armTeller();
  }

  function recordOne(id: string, { at, ok, ms, detail }: Finding): void {
    const check = { at, ok, ms, detail };
    tallies.add(id, check);
    untold.set(id, check);
    const listeners = waiting.get(id);
    if (!listeners) return;
    waiting.delete(id);
    for (const hear of listeners) hear(check);
  }

  function armTeller(): void {
    teller ??= clock.after(TELL_MS, () => {
      teller = null;
      tell();
    });
    armSaver(SAVE_MS);
  }

  /** The newest check of each service, to whoever looks: together, not one by one. */
  function tell(): void {
    const checks = Array.from(untold, ([id, check]) => ({ id, ...check }));
    untold.clear();
    if (checks.length > 0) journal.signal({ type: 'services.checked', body: { checks } });
  }

  function armSaver(inMs: number): void {
    saver ??= clock.after(inMs, () => {
      saver = null;
      const wasSaved = save();
      if (tallies.hasUnsaved()) armSaver(wasSaved ? BREATH_MS : SAVE_MS);
    });
  }

  /** Histories of what was checked, and how it stands, in one transaction. False: nothing could be written. */
  function save(): boolean {
    try {
      journal.commit(() =>
        tallies.save(SAVE_MOST, clock.now(), (id) => {
          const progress = services.get(id)?.progress;
          // That a well service was checked once more follows from its checks.
          if (progress && progress.last?.ok !== true) storage.saveProgress(id, progress);
        }),
      )();
      return true;
    } catch (error) {
      log.warn({ err: error }, 'the history of services could not be written');
      return false;
    }
  }

  function warm(): void {
    warmer = tallies.warm(WARM_MOST, clock.now()) ? clock.after(BREATH_MS, warm) : null;
  }

  return {
    put,
    /** Its first check, from now on in its cadence. */
    schedule(service: StoredService, firstInMs: number): void {
      if (service.paused) timetable.remove(service.id);
      else timetable.set(service.id, service.settings.intervalMs, firstInMs);
    },
    forget(id: string): void {
      services.delete(id);
      failing.delete(id);
      timetable.remove(id);
      release(id);
    },
    failing: (): StoredService[] => [...failing].flatMap((id) => services.get(id) ?? []),
    soon: (id: string): void => timetable.soon(id),
    wake: (): void => timetable.wake(),

    /** Checks now and waits until the verdict was taken in. @throws TenureError `conflict` while it is paused. */
    checkNow(service: StoredService): Promise<Check> {
      if (service.paused) throw new TenureError('conflict', `${service.settings.name} is paused; resume it first.`);
      return new Promise((resolve) => {
        waiting.set(service.id, [...(waiting.get(service.id) ?? []), resolve]);
        timetable.soon(service.id);
      });
    },

    start(): void {
      stopped = false;
      if (tallies.hasUnsaved()) armSaver(0);
      const all = [...services.values()].filter(({ paused }) => !paused);
      // Spread over one interval of each, so that a start is no storm.
      for (const [n, service] of all.entries()) {
        timetable.set(service.id, service.settings.intervalMs, (n / all.length) * service.settings.intervalMs);
      }
      timetable.start();
      warm();
    },

    /** What was checked and not yet written is written. */
    stop(): void {
      stopped = true;
      timetable.stop();
      inbox.stop();
      saver?.cancel();
      teller?.cancel();
      warmer?.cancel();
      saver = teller = warmer = null;
      for (const id of waiting.keys()) release(id);
      while (tallies.hasUnsaved() && save());
    },
  };
}
