import type { Incident, IncidentMessage } from '../../shared/contract/incidents.ts';
import type { Emit } from '../kernel/journal.ts';
import type { IncidentDeps } from './ports.ts';
import { nextReminder } from './rules.ts';
import type { StoredIncident } from './storage.ts';

interface TellingDeps extends IncidentDeps {
  viewOf(incident: StoredIncident): Incident;
}

export type Telling = ReturnType<typeof createTelling>;

/** What is said to the person, and the record that it was: both in the transaction of the caller. */
export function createTelling({ clock, storage, config, near, viewOf }: TellingDeps) {
  function save(emit: Emit, incident: StoredIncident): StoredIncident {
    storage.save(incident);
    emit({ type: 'incident.changed', body: { incident: viewOf(incident) } });
    return incident;
  }

  function say(emit: Emit, incident: StoredIncident, message: IncidentMessage): StoredIncident {
    const now = clock.now();
    const isReminder = message.kind === 'reminder';
    const isEnd = message.kind === 'recovered';
    const reminders = incident.reminders + (isReminder ? 1 : 0);
    const told: StoredIncident = {
      ...incident,
      toldAt: incident.toldAt ?? now,
      toldOpen: !isEnd,
      reminders,
      nextTellAt: isEnd ? null : nextReminder(now, reminders, config().reminderMs),
    };
    storage.save(told);
    storage.note(told.id, now, 'message', `${message.title}. ${message.body}`);
    if (incident.toldAt === null) storage.alert(told.id, now, near.level(), told.kind, told.title);
    emit({ type: 'incident.told', body: { incident: viewOf(told), message } });
    return told;
  }

  return { save, say };
}
