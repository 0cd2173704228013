import type { Envelope, Signal } from '../shared/contract/index.ts';
import type { Telling, Waiting } from '../shared/contract/notifications.ts';
import { client, type Stream } from './connect.ts';
import { permission, showTelling, withdrawTelling } from './page-notifications.ts';

/** What a page in the background needs of the browser. */
export interface AwayPorts {
  hidden(): boolean;
  onVisibility(run: () => void): void;
  /** Whether the person lets this page notify. */
  allowed(): boolean;
  waiting(): Promise<readonly Waiting[]>;
  stream(): Stream;
  show(telling: Telling): void;
  withdraw(id: string): void;
}

/** Facts that may change what waits for the person. */
const ASKS = /^(decision|promotion|trust|level|session)\./;

/**
 * Notifies of what waits and of what happens while nobody sees the page, and only then; without a timer, by one
 * stream that does not count as a look. What is shown leads to the place and never acts; what is answered
 * elsewhere is withdrawn.
 */
export function watchAway(ports: AwayPorts): void {
  let stream: Stream | null = null;
  /** What was shown, by how loudly; a dismissed one must not come again. */
  const told = new Map<string, number>();
  let looking = false;
  let again = false;

  async function look(): Promise<void> {
    if (looking) {
      again = true;
      return;
    }
    looking = true;
    const waiting = await ports.waiting().catch(() => null);
    looking = false;
    // Where nothing answers, nothing is known to have been settled.
    if (waiting !== null && stream !== null) {
      const now = new Map(waiting.map((one) => [one.id, one]));
      for (const id of told.keys()) {
        if (now.has(id)) continue;
        told.delete(id);
        ports.withdraw(id);
      }
      for (const one of waiting) {
        if (told.get(one.id) === one.loud) continue;
        told.set(one.id, one.loud);
        ports.show(one);
      }
    }
    if (again) {
      again = false;
      await look();
    }
  }

  function leave(): void {
    if (stream !== null || !ports.allowed()) return;
    const opened = ports.stream();
    stream = opened;
    opened.addEventListener('open', () => void look());
    opened.addEventListener('fact', ({ data }) => {
      if (ASKS.test((JSON.parse(data) as Envelope).type)) void look();
    });
    opened.addEventListener('signal', ({ data }) => {
      const signal = JSON.parse(data) as Signal;
      if (signal.type === 'notification.told') ports.show(signal.body.telling);
      if (signal.type === 'notification.withdrawn') ports.withdraw(signal.body.id);
    });
  }

  function comeBack(): void {
    stream?.close();
    stream = null;
    // It can be seen on the page now.
    for (const id of told.keys()) ports.withdraw(id);
    told.clear();
  }

  const follow = (): void => (ports.hidden() ? leave() : comeBack());
  ports.onVisibility(follow);
  follow();
}

/** The ports of a real page in a browser. */
export const awayPorts = (): AwayPorts => ({
  hidden: () => document.hidden,
  onVisibility: (run) => document.addEventListener('visibilitychange', run),
  allowed: () => permission() === 'granted',
  waiting: () => client.call('notifications.waiting', {}),
  stream: () => new EventSource('/events?away'),
  show: showTelling,
  withdraw: withdrawTelling,
});
