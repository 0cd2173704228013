import type { Check } from '../../shared/contract/check.ts';
import type { Incident } from '../../shared/contract/incidents.ts';
import { span } from '../../shared/format.ts';
import type { Emit } from '../kernel/journal.ts';
import { explanationOf, type IncidentDeps, type Subject } from './ports.ts';
import type { Restarts } from './restarts.ts';
import {
  begunNow,
  downMessage,
  failingTogether,
  flappingMessage,
  infrastructureMessage,
  namesOf,
  personMessage,
  recoveredMessage,
  recoveryStep,
  reminderMessage,
  SAME_MS,
} from './rules.ts';
import type { StoredIncident } from './storage.ts';
import type { Telling } from './telling.ts';

/** How long a first message may wait for others that have begun to fail to be looked at again. */
const GATHER_MS = 10_000;
/** The most services that are looked at out of turn because another fails. */
const MOST_SWEPT = 50;

export interface Seen {
  before: { last: Check | null; confirmed: 'up' | 'down' | null };
  now: Subject;
}

/** How all stands at the moment of a pass. `plain`: what fails and speaks for itself. */
interface Pass {
  now: number;
  failing: readonly Subject[];
  plain: readonly Subject[];
}

interface ReviewDeps extends IncidentDeps {
  telling: Telling;
  restarts: Restarts;
  viewOf(incident: StoredIncident): Incident;
  /** Reads anew what is open. */
  refresh(): void;
}

/**
 * One pass over everything that fails and every incident that is open, inside the caller's commit. It says
 * the same however often it runs: nothing is counted, all is compared.
 */
export function createReview(deps: ReviewDeps) {
  const { clock, ids, storage, near, telling, restarts } = deps;

  /** Speaks for itself: is not explained by another, and nobody works on it. */
  const isPlain = (subject: Subject, now: number): boolean =>
    explanationOf(near, subject) === null && !near.inMaintenance(subject.settings, now);

  const failingSince = (subject: Subject, now: number): number =>
    subject.progress.failingSince ?? subject.progress.since ?? now;

  const begun = (incident: StoredIncident) => begunNow(incident, near.find(incident.serviceId ?? '')?.progress);

  function noteChecks(checked: readonly Seen[], open: ReadonlyMap<string, StoredIncident>): void {
    for (const { before, now } of checked) {
      const incident = open.get(now.id);
      const { last, confirmed } = now.progress;
      if (!incident || !last) continue;
      storage.noteCheck(incident.id, last);
      if (before.confirmed !== confirmed) storage.note(incident.id, last.at, 'state', `Confirmed ${confirmed}.`);
    }
  }

  function closeWhatIsOver(emit: Emit, incident: StoredIncident, now: number): void {
    const subject = incident.serviceId === null ? null : near.find(incident.serviceId);
    const id = incident.serviceId ?? '';
    if (!subject) {
      storage.note(incident.id, now, 'note', 'It is not watched any more.');
      restarts.withdraw(emit, id, 'it is not watched any more');
      telling.save(emit, { ...incident, closedAt: now, toldOpen: false, nextTellAt: null });
      return;
    }
    const { confirmed, flapping } = subject.progress;
    if (flapping !== incident.flapping) {
      storage.note(incident.id, now, 'state', flapping ? 'It goes up and down: messages are held.' : 'It has settled.');
    }
    if (confirmed !== 'up' || flapping) {
      if (flapping !== incident.flapping) telling.save(emit, { ...incident, flapping });
      return;
    }
    restarts.withdraw(emit, id, 'it recovered by itself');
    storage.note(incident.id, now, 'state', 'Recovered.');
    const closed = telling.save(emit, { ...incident, flapping, closedAt: now, needsPerson: null });
    if (incident.toldOpen && incident.partOf === null) {
      telling.say(emit, closed, recoveredMessage(incident.title, now - incident.failingSince));
    }
    near.redraw(emit, id);
  }

  function openWhatFails(emit: Emit, subject: Subject, now: number): void {
    if (!isPlain(subject, now)) return;
    const { id, settings, progress } = subject;
    // What it depends on may only not have been looked at since.
    const unseen = near
      .parents(subject)
      .filter((parent) => (parent.progress.last?.at ?? 0) < failingSince(subject, now));
    if (unseen.length > 0 && now - (progress.since ?? now) < GATHER_MS) {
      for (const parent of unseen) near.soon(parent.id);
      return;
    }
    const [last] = storage.ofService(id, 1);
    const cause = progress.last?.detail ?? 'it does not answer';
    const isSame = last?.closedAt != null && now - last.closedAt < SAME_MS;
    const again = { cause, closedAt: null, partOf: null, flapping: progress.flapping };
    const incident: StoredIncident = isSame
      ? {
          ...last,
          ...again,
          nextTellAt: last.toldAt === null ? null : (last.closedAt ?? now) + SAME_MS,
        }
      : {
          id: ids.next('inc'),
          kind: 'service',
          serviceId: id,
          title: settings.name,
          cause,
          partOf: null,
          failingSince: failingSince(subject, now),
          openedAt: now,
          closedAt: null,
          flapping: progress.flapping,
          toldAt: null,
          toldOpen: false,
          reminders: 0,
          nextTellAt: null,
          needsPerson: null,
          verdict: null,
        };
    telling.save(emit, incident);
    if (!isSame) storage.forgetChecks(now);
    for (const check of near.checksSince(id, failingSince(subject, now))) storage.noteCheck(incident.id, check);
    if (progress.last) storage.noteCheck(incident.id, progress.last);
    const words = isSame ? 'Down again' : `Down after ${settings.downAfter} failed checks in a row`;
    storage.note(incident.id, now, 'state', `${words}: ${cause}`);
    near.redraw(emit, id);
    // Others may fail as well and not have been looked at since: known before anything is restarted (T-032).
    for (const other of near.notSeenSince(begun(incident).failing).slice(0, MOST_SWEPT)) near.soon(other.id);
  }

  /** All that fails by itself, together with that one. */
  const together = (anchor: number, all: readonly Subject[], now: number): readonly Subject[] => {
    const failing = all.map((subject) => ({ subject, failingSince: failingSince(subject, now) }));
    return failingTogether(anchor, failing, deps.config().togetherMs).map(({ subject }) => subject);
  };

  function speak(emit: Emit, incident: StoredIncident, { failing, plain, now }: Pass): void {
    if (incident.partOf !== null || incident.toldOpen) return;
    const event = storage.openEvent();
    if (event) return attach(emit, event, incident);
    const { failing: since, confirmed } = begun(incident);
    const others = together(since, plain, now);
    if (others.length >= deps.config().together) return openEvent(emit, others, incident, now);
    if (incident.nextTellAt !== null && now < incident.nextTellAt) return;
    const suspects = together(since, failing, now).filter((subject) => !near.isFailing(subject));
    if (suspects.length + others.length >= deps.config().together && now - confirmed < GATHER_MS) {
      for (const { id } of suspects) near.soon(id);
      return;
    }
    const message = incident.flapping ? flappingMessage : downMessage;
    telling.say(emit, incident, message(incident.title, incident.cause));
  }

  function attach(emit: Emit, event: StoredIncident, incident: StoredIncident): void {
    storage.note(incident.id, clock.now(), 'note', 'It fails together with others; their message speaks for it.');
    storage.note(event.id, clock.now(), 'state', `${incident.title} is down: ${incident.cause}`);
    telling.save(emit, { ...incident, partOf: event.id });
    telling.save(emit, event);
  }

  function openEvent(emit: Emit, others: readonly Subject[], incident: StoredIncident, now: number): void {
    const names = others.map(({ settings }) => settings.name);
    const event: StoredIncident = {
      ...incident,
      id: ids.next('inc'),
      kind: 'infrastructure',
      serviceId: null,
      title: `${names.length} services failed at once`,
      cause: `${namesOf(names, 20)} began to fail within ${span(deps.config().togetherMs)}.`,
      failingSince: begun(incident).failing,
      openedAt: now,
      toldAt: null,
      reminders: 0,
      nextTellAt: null,
      needsPerson: null,
    };
    storage.save(event);
    const members = new Set(others.map(({ id }) => id));
    for (const member of storage.open()) {
      if (member.serviceId === null || !members.has(member.serviceId)) continue;
      restarts.withdraw(emit, member.serviceId, 'several services fail at once');
      attach(emit, event, member);
    }
    telling.say(emit, event, infrastructureMessage(names));
  }

  function closeEvent(emit: Emit, event: StoredIncident, now: number): void {
    if (storage.members(event.id).some(({ closedAt }) => closedAt === null)) return;
    storage.note(event.id, now, 'state', 'All of them recovered.');
    const closed = telling.save(emit, { ...event, closedAt: now });
    if (event.toldOpen) {
      const names = storage.members(event.id).map(({ title }) => title);
      telling.say(emit, closed, {
        ...recoveredMessage(namesOf(names), now - event.failingSince),
        body: `It took ${Math.max(1, Math.round((now - event.failingSince) / 60_000))} min.`,
      });
    }
  }

  function remind(emit: Emit, incident: StoredIncident, now: number): void {
    if (!incident.toldOpen || incident.partOf !== null || incident.nextTellAt === null || now < incident.nextTellAt)
      return;
    const subject = incident.serviceId === null ? null : near.find(incident.serviceId);
    // Nothing is said while nothing is known, nor while somebody works on it.
    if (subject && (subject.progress.last?.ok === null || near.inMaintenance(subject.settings, now))) return;
    const title = incident.kind === 'service' ? `${incident.title} is down` : incident.title;
    telling.say(emit, incident, reminderMessage(title, now - incident.failingSince));
  }

  function recover(emit: Emit, incident: StoredIncident, { plain, now }: Pass): void {
    const subject = incident.serviceId === null ? null : near.find(incident.serviceId);
    if (!subject || subject.settings.restart === null) return;
    // Held for others to show: then nothing is restarted either.
    if (incident.partOf === null && !incident.toldOpen && incident.nextTellAt === null) return;
    const { settings, progress } = subject;
    const tried = storage.restartsOf(incident.id).filter(({ finishedAt }) => finishedAt !== null);
    const open = restarts.openOf(subject.id);
    const step = recoveryStep({
      now,
      level: near.level(),
      isPaused: near.isPaused(),
      hasRestart: settings.restart !== null,
      isOwn: near.isOwn(settings),
      isDown: progress.confirmed === 'down' && progress.last?.ok === false,
      wasUp: progress.wasUp,
      isStopped: progress.stopped,
      inMaintenance: near.inMaintenance(settings, now),
      isCorrelated: mayBeOneCause(incident, plain, now),
      isSilenced: explanationOf(near, subject) !== null,
      openedAt: begun(incident).confirmed,
      settleMs: deps.config().settleMs,
      tried,
      isBusy: open !== null && open.state !== 'proposed',
      backoffMs: deps.config().backoffMs,
      budget: restarts.budgetOf(subject.id),
    });
    // What is proposed waits for a person, unless it may be done unasked by now: the level was raised meanwhile.
    if (open && step.act !== 'restart') return;
    if (open) restarts.withdraw(emit, subject.id, 'it may be done unasked by now');
    if (step.act === 'restart') restarts.begin(emit, subject, incident, step.why);
    else if (step.act === 'propose') restarts.propose(emit, subject, incident, step.why);
    else if (step.act === 'shadow') restarts.shadow(emit, subject, incident, step.why);
    else if (step.act === 'person' && incident.needsPerson === null) {
      telling.say(emit, { ...incident, needsPerson: step.why }, personMessage(incident.title, step.why));
    }
  }

  /** Enough fail together, or its event is young: whether one cause explains all is not settled yet. */
  function mayBeOneCause(incident: StoredIncident, plain: readonly Subject[], now: number): boolean {
    const { together: enough, togetherMs } = deps.config();
    const event = incident.partOf === null ? null : storage.incident(incident.partOf);
    const isFresh = event !== null && now - event.openedAt < togetherMs;
    return isFresh || together(begun(incident).failing, plain, now).length >= enough;
  }

  return function review(emit: Emit, checked: readonly Seen[]): void {
    const now = clock.now();
    const open = new Map(
      storage.open().flatMap((one) => (one.serviceId === null ? [] : [[one.serviceId, one] as const])),
    );
    noteChecks(checked, open);
    for (const incident of open.values()) closeWhatIsOver(emit, incident, now);
    const failing = near.failing();
    const pass: Pass = { now, failing, plain: failing.filter((one) => near.isFailing(one) && isPlain(one, now)) };
    for (const subject of failing) {
      if (subject.progress.confirmed === 'down' && !open.has(subject.id)) openWhatFails(emit, subject, now);
    }
    for (const { id, kind } of storage.open()) {
      // Read anew: what was said of one may have spoken for this one.
      const incident = storage.incident(id);
      if (incident && kind === 'service') speak(emit, incident, pass);
    }
    for (const incident of storage.open()) {
      if (incident.kind === 'infrastructure') closeEvent(emit, incident, now);
      else recover(emit, incident, pass);
      const fresh = storage.incident(incident.id);
      if (fresh && fresh.closedAt === null) remind(emit, fresh, now);
    }
    deps.refresh();
  };
}
