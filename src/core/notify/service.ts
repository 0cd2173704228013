import type { Envelope } from '../../shared/contract/index.ts';
import type { Channel, ChannelTest, Telling } from '../../shared/contract/notifications.ts';
import { type News, newsOf } from '../../shared/news.ts';
import type { Journal } from '../kernel/journal.ts';
import type { NotificationChannel } from '../kernel/shell-ports.ts';
import { digestOf, tellingOf } from './rules.ts';
import type { NotifyStorage } from './storage.ts';

const PAGE = 500;

interface NotifyDeps {
  journal: Journal;
  storage: NotifyStorage;
  /** Epoch ms at which the quiet hours end that hold now; null: none do. */
  quietEnds(): number | null;
  settings(): { private: boolean; digest: boolean };
}

export type Notify = ReturnType<typeof createNotify>;

/**
 * Tells the person what happened, once, over every channel. In quiet hours news are held back and told
 * together afterwards: the journal has them, so a restart loses none. Questions are not news: each channel
 * that can carry an answer follows what waits by itself.
 */
export function createNotify({ journal, storage, quietEnds, settings }: NotifyDeps) {
  const channels = new Map<string, NotificationChannel>();
  /** Everything up to here was told, or was nothing to tell. */
  let toldTo = 0;
  /** Something before may be untold: held back, or from before the start. */
  let behind = true;
  let stop: (() => void) | null = null;

  const tell = (telling: Telling): void => {
    for (const channel of channels.values()) channel.tell(telling);
  };
  const withdraw = (id: string): void => {
    for (const channel of channels.values()) channel.withdraw(id);
  };
  function keep(seq: number): void {
    toldTo = seq;
    journal.commit(() => storage.setToldTo(seq));
  }

  /** What was held back since, oldest first, and how far that reaches. */
  function held(): { news: News[]; to: number } {
    const news = new Map<string, News>();
    let to = toldTo;
    for (;;) {
      const facts: Envelope[] | null = journal.since(to, PAGE);
      // Trimmed past it: what is that old is no news.
      if (facts === null) return { news: [], to: journal.seq() };
      for (const fact of facts) {
        const one = newsOf(fact);
        // What could not wait was told at once.
        if (one && !one.isUrgent) news.set(one.id, one);
        if (fact.type === 'resource.cleared') news.delete(fact.body.alert.id);
      }
      to = facts.at(-1)?.seq ?? to;
      if (facts.length < PAGE) return { news: [...news.values()], to };
    }
  }

  function tellHeld(): void {
    const { news, to } = held();
    behind = false;
    if (news.length === 0) {
      toldTo = to;
      return;
    }
    keep(to);
    const { private: isPrivate, digest } = settings();
    const together = digest ? digestOf(news, isPrivate) : null;
    if (together) tell(together);
    else for (const one of news) tell(tellingOf(one, isPrivate));
  }

  function hear(fact: Envelope): void {
    if (fact.type === 'resource.cleared') withdraw(`news:${fact.body.alert.id}`);
    const news = newsOf(fact);
    if (fact.type === 'incident.changed' && fact.body.incident.closedAt !== null)
      withdraw(`news:${fact.body.incident.id}`);
    if (news === null || fact.seq <= toldTo) return;
    if (news.isUrgent && (behind || quietEnds() !== null)) tell(tellingOf(news, settings().private));
    else if (quietEnds() !== null) behind = true;
    else if (behind) tellHeld();
    else {
      keep(fact.seq);
      tell(tellingOf(news, settings().private));
    }
  }

  return {
    register(channel: NotificationChannel): () => void {
      channels.set(channel.name, channel);
      return () => channels.delete(channel.name);
    },
    start(): void {
      const known = storage.toldTo();
      if (known === null) keep(journal.seq());
      else toldTo = known;
      stop = journal.subscribe(hear);
    },
    stop(): void {
      stop?.();
      stop = null;
    },
    /** At each beat: the quiet hours may be over. */
    tick(): void {
      if (stop !== null && behind && quietEnds() === null) tellHeld();
    },
    channels: (): Channel[] =>
      [...channels.values()].map(({ name, title, standing }) => ({ name, title, ...standing() })),
    test: (): Promise<ChannelTest[]> =>
      Promise.all(
        [...channels.values()].map(async ({ name, title, standing, test }): Promise<ChannelTest> => {
          const { state, sentence } = standing();
          if (state === 'off') return { channel: name, title, outcome: 'off', sentence };
          return { channel: name, title, ...(await test()) };
        }),
      ),
  };
}
