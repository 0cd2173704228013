import { type Ask, placeOf } from '../../shared/asks.ts';
import type { Config } from '../../shared/config.ts';
import type { Journal } from '../kernel/journal.ts';
import type { Clock, Fetcher } from '../kernel/ports.ts';
import type { NotificationChannel } from '../kernel/shell-ports.ts';
import type { NotifyStorage } from './storage.ts';

type Target = NonNullable<Config['notifications']['other']>;

/** After which a far end that says nothing counts as failed; milliseconds. */
const PATIENCE_MS = 10_000;
/** Between a failure and the next try; milliseconds. */
const AGAIN_MS = 60_000;
const UNSET =
  'None is set: what nobody answers is asked as loudly as it can be here. Set an address in the settings (notifications.other).';

interface OtherChannelDeps {
  clock: Pick<Clock, 'now' | 'monotonic'>;
  fetcher: Fetcher;
  journal: Pick<Journal, 'commit'>;
  storage: Pick<NotifyStorage, 'sent' | 'setSent'>;
  target(): Target | null;
}

interface Message {
  id: string;
  title: string;
  body: string;
  place: string;
}

/** A header holds no line breaks and no characters beyond ASCII. */
const header = (text: string): string => text.replaceAll(/[^\x20-\x7e]/gu, '?').slice(0, 200);

/** `fetch` takes no address with a name and password in it, and says so with both: they go where they belong. */
function addressOf({ url, token }: Target): { url: string; auth: Record<string, string> } {
  const address = new URL(url);
  const [name, password] = [address.username, address.password].map(decodeURIComponent);
  address.username = address.password = '';
  if (token !== null) return { url: address.href, auth: { authorization: `Bearer ${token}` } };
  if (!name && !password) return { url: address.href, auth: {} };
  return {
    url: address.href,
    auth: { authorization: `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}` },
  };
}

function requestOf(to: Target, message: Message): [string, RequestInit] {
  const { form } = to;
  const { url, auth } = addressOf(to);
  const [headers, body] =
    form === 'json'
      ? [{ 'content-type': 'application/json' }, JSON.stringify(message)]
      : [{ title: header(message.title), priority: 'high' }, message.body];
  // A redirect would carry the words, and the token, to whoever it names.
  return [
    url,
    {
      method: 'POST',
      headers: { ...headers, ...auth },
      body,
      redirect: 'error',
      signal: AbortSignal.timeout(PATIENCE_MS),
    },
  ];
}

/**
 * The last rung of the ladder: a question that nobody answered here is sent to an address of the person's choice.
 * It carries what asks and where it can be answered, never a way to answer.
 */
export function createOtherChannel({ clock, fetcher, journal, storage, target }: OtherChannelDeps) {
  let last: { at: number; problem: string | null } | null = null;
  /** By the clock that nobody sets. */
  let tryAgainAt = Number.NEGATIVE_INFINITY;
  /** What was sent or is on its way, and how loudly, so that nothing is sent twice, after a restart neither. */
  let sent: Map<string, number> | null = null;
  const onTheWay = new Set<string>();

  /** Writes down what was taken. Where it cannot be written, it is known until the next start. */
  function keep(known: ReadonlyMap<string, number>): void {
    try {
      journal.commit(() => storage.setSent(new Map([...known].filter(([id]) => !onTheWay.has(id)))));
    } catch {
      // The next commit that somebody waits for says what is wrong with the store.
    }
  }

  /** @returns what went wrong, in a sentence; null: it was taken. */
  async function send(to: Target, message: Message): Promise<string | null> {
    let problem: string | null = null;
    try {
      const response = await fetcher.fetch(...requestOf(to, message));
      await response.body?.cancel();
      if (!response.ok) problem = `It answered ${response.status} instead of taking the message.`;
    } catch (error) {
      const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
      problem = `It could not be reached (${cause instanceof Error ? cause.message : 'no reason was given'}).`;
    }
    last = { at: clock.now(), problem };
    tryAgainAt = problem === null ? Number.NEGATIVE_INFINITY : clock.monotonic() + AGAIN_MS;
    return problem;
  }

  const channel: NotificationChannel = {
    name: 'other',
    title: 'Further channel',
    standing() {
      if (target() === null) return { state: 'off', sentence: UNSET, lastAt: null };
      if (last?.problem) return { state: 'failing', sentence: last.problem, lastAt: null };
      return last
        ? { state: 'ready', sentence: 'It took the last message.', lastAt: last.at }
        : { state: 'unknown', sentence: 'Nothing was sent there yet.', lastAt: null };
    },
    // News are not for here: it is only for what waits and was not heard.
    tell: () => undefined,
    withdraw: () => undefined,
    async test() {
      const to = target();
      if (to === null) return { outcome: 'off', sentence: UNSET };
      const problem = await send(to, {
        id: 'test',
        title: 'This is a test',
        body: 'Questions of Tenure that nobody answers arrive here.',
        place: '#/window/health',
      });
      return problem === null
        ? { outcome: 'sent', sentence: 'It took the message; look whether it arrived.' }
        : { outcome: 'failed', sentence: problem };
    },
  };

  return {
    channel,
    /** Sends each of them once for each time that it is asked louder; forgets what no longer waits. */
    async follow(asks: readonly Ask[]): Promise<void> {
      const known = (sent ??= storage.sent());
      for (const id of known.keys()) if (!asks.some((ask) => ask.id === id)) known.delete(id);
      const to = target();
      if (to === null || clock.monotonic() < tryAgainAt) return;
      const fresh = asks.filter(({ id, loud }) => known.get(id) !== loud);
      for (const { id, loud } of fresh) {
        known.set(id, loud);
        onTheWay.add(id);
      }
      for (const ask of fresh) {
        const problem = await send(to, { id: ask.id, title: ask.title, body: ask.body, place: placeOf(ask) });
        onTheWay.delete(ask.id);
        // Tried again after a while.
        if (problem !== null) known.delete(ask.id);
        else keep(known);
      }
    },
  };
}
