import type { Snapshot } from '../shared/contract/system.ts';
import { count } from '../shared/format.ts';
import { runningOf } from '../shared/running.ts';
import { isFailing } from '../shared/service-words.ts';
import { waitsOf } from '../shared/waits.ts';
import { waiting as waitingWords } from '../shared/words.ts';

/** Most urgent first; each has its own icon `<shape>Template.png`. */
export const TRAY_SHAPES = ['needs-you', 'failing', 'limit', 'working', 'idle', 'offline'] as const;
export type TrayShape = (typeof TRAY_SHAPES)[number];

export interface TrayFace {
  shape: TrayShape;
  /** The number of things that wait for the person, or nothing. macOS drops items with long titles. */
  title: string;
  /** The same in words, for the pointer and for a screen reader. */
  tooltip: string;
}

/** The session that waits the shortest for the agent's usage limit to be over; null: none does. */
function limitedBy(snapshot: Snapshot): Snapshot['sessions'][number] | null {
  const waiting = snapshot.sessions.filter((session) => session.waitingFor === 'quota');
  return waiting.toSorted((a, b) => (a.retryAt ?? Infinity) - (b.retryAt ?? Infinity))[0] ?? null;
}

/** `Web is down`, `3 services are down`; null when none is, or none that matters. */
function failingWords(snapshot: Snapshot, isPrivate: boolean): string | null {
  const failing = snapshot.services.filter((service) => isFailing(service) && !service.inMaintenance);
  const [first] = failing;
  if (!first) return null;
  return failing.length === 1
    ? `${isPrivate ? '1 service' : first.name} is down`
    : `${count(failing.length, 'service')} are down`;
}

function restOf(snapshot: Snapshot): string {
  const running = runningOf(snapshot);
  const queued = snapshot.sessions.filter((session) => session.state === 'queued').length;
  const words = [running > 0 ? `${count(running, 'session')} working` : 'nothing is running'];
  if (queued > 0) words.push(`${queued} queued`);
  if (snapshot.paused) words.push('paused: nothing new starts');
  return words.join(', ');
}

/** What the menubar shows; in private mode it names nothing. Null: there is no engine to ask. */
export function trayFace(snapshot: Snapshot | null, now = Date.now(), isPrivate = false): TrayFace {
  if (snapshot === null) return { shape: 'offline', title: '', tooltip: 'Tenure: the engine is not running' };
  const name = snapshot.engine.demo ? 'Tenure (demo)' : 'Tenure';
  const { total: waiting, words: asks } = waitsOf(snapshot);
  const failing = failingWords(snapshot, isPrivate);
  const rest = [...(failing ? [failing] : []), restOf(snapshot)].join('; ');
  if (waiting > 0) {
    const tooltip = `${name}: ${asks.join(' and ')} ${waiting === 1 ? 'waits' : 'wait'} for you; ${rest}`;
    return { shape: 'needs-you', title: waiting > 999 ? '999+' : String(waiting), tooltip };
  }
  if (failing) return { shape: 'failing', title: '', tooltip: `${name}: ${rest}` };
  const limited = limitedBy(snapshot);
  if (limited) {
    const why = waitingWords('quota', limited.retryAt, now);
    return { shape: 'limit', title: '', tooltip: `${name}: ${why}; ${rest}` };
  }
  return { shape: runningOf(snapshot) > 0 ? 'working' : 'idle', title: '', tooltip: `${name}: ${rest}` };
}
