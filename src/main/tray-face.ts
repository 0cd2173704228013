import type { Snapshot } from '../shared/contract/system.ts';
import { count } from '../shared/format.ts';
import { LEVEL_WORDS } from '../shared/policy.ts';
import { waiting as waitingWords } from '../shared/words.ts';

/** Most urgent first; each has its own icon `<shape>Template.png`. */
export const TRAY_SHAPES = ['needs-you', 'limit', 'working', 'idle', 'offline'] as const;
export type TrayShape = (typeof TRAY_SHAPES)[number];

export interface TrayFace {
  shape: TrayShape;
  /** The number of things that wait for the person, or nothing. macOS drops items with long titles. */
  title: string;
  /** The same in words, for the pointer and for a screen reader. */
  tooltip: string;
}

const RUNNING: ReadonlySet<string> = new Set(['starting', 'working', 'evaluating']);

/** How many sessions run now. Parked and queued ones hold no process. */
export function runningOf(snapshot: Pick<Snapshot, 'sessions'>): number {
  return snapshot.sessions.filter((session) => RUNNING.has(session.state)).length;
}

/** The session that waits the shortest for the agent's usage limit to be over; null: none does. */
function limitedBy(snapshot: Snapshot): Snapshot['sessions'][number] | null {
  const waiting = snapshot.sessions.filter((session) => session.waitingFor === 'quota');
  return waiting.toSorted((a, b) => (a.retryAt ?? Infinity) - (b.retryAt ?? Infinity))[0] ?? null;
}

/** Sessions that were paused, or could not go on, and ask whether they may; and such as are silent for long. */
const askingOf = ({ sessions }: Snapshot): number => sessions.filter(({ held, stall }) => held || stall).length;

function restOf(snapshot: Snapshot): string {
  const running = runningOf(snapshot);
  const queued = snapshot.sessions.filter((session) => session.state === 'queued').length;
  const words = [running > 0 ? `${count(running, 'session')} working` : 'nothing is running'];
  if (queued > 0) words.push(`${queued} queued`);
  if (snapshot.paused) words.push('paused: nothing new starts');
  return words.join(', ');
}

/** What the menubar shows. Null: there is no engine to ask. */
export function trayFace(snapshot: Snapshot | null): TrayFace {
  if (snapshot === null) return { shape: 'offline', title: '', tooltip: 'Tenure: the engine is not running' };
  const name = snapshot.engine.demo ? 'Tenure (demo)' : 'Tenure';
  const decisions = snapshot.decisions.filter((decision) => decision.state === 'pending').length;
  const promotion = snapshot.trust.promotion?.state === 'open' ? snapshot.trust.promotion : null;
  const asking = askingOf(snapshot);
  const waiting = decisions + asking + (promotion ? 1 : 0);
  const rest = restOf(snapshot);
  if (waiting > 0) {
    const asks = [
      ...(decisions > 0 ? [count(decisions, 'decision')] : []),
      ...(asking > 0 ? [count(asking, 'session')] : []),
      ...(promotion ? [`a promotion to ${LEVEL_WORDS[promotion.to].name}`] : []),
    ];
    const tooltip = `${name}: ${asks.join(' and ')} ${waiting === 1 ? 'waits' : 'wait'} for you; ${rest}`;
    return { shape: 'needs-you', title: waiting > 999 ? '999+' : String(waiting), tooltip };
  }
  const limited = limitedBy(snapshot);
  if (limited) {
    const why = waitingWords('quota', limited.retryAt);
    return { shape: 'limit', title: '', tooltip: `${name}: ${why}; ${rest}` };
  }
  return { shape: runningOf(snapshot) > 0 ? 'working' : 'idle', title: '', tooltip: `${name}: ${rest}` };
}
