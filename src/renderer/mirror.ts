import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import type { Envelope, Signal } from '../shared/contract/index.ts';
import type { Snapshot } from '../shared/contract/system.ts';
import { newsOf } from '../shared/news.ts';
import { applyFact, applySignal } from '../shared/state.ts';
import { showTelling, withdrawTelling } from './page-notifications.ts';
import { say } from './ui.ts';

/** How things stand with the engine. `since`: epoch ms of the moment it went away. */
export type Link =
  | { state: 'connecting' }
  | { state: 'live' }
  | { state: 'offline'; since: number }
  | { state: 'signed-out' };

interface Mirror {
  snapshot: Snapshot | null;
  link: Link;
}

export type News = { fact: Envelope } | { signal: Signal };

/** The replica of the engine's state: a snapshot, then facts and signals through the one reducer. */
export const mirror = createStore<Mirror>(() => ({ snapshot: null, link: { state: 'connecting' } }));

export function takeSnapshot(snapshot: Snapshot): void {
  mirror.setState({ snapshot });
}

export function setLink(link: Link): void {
  mirror.setState({ link });
}

/** Applies a batch in order, with one update of the screen; what a person has to be told is said, once. */
export function hear(news: readonly News[]): void {
  const seq = mirror.getState().snapshot?.seq ?? Number.POSITIVE_INFINITY;
  const told = news.flatMap((item) => ('fact' in item && item.fact.seq > seq ? (newsOf(item.fact) ?? []) : []));
  for (const item of news) if ('signal' in item) tellPage(item.signal);
  if (told.length > 0) say(told.map(({ title, body }) => `${title}. ${body}`).join(' '));
  mirror.setState(({ snapshot }) => {
    if (!snapshot) return {};
    const next = news.reduce(
      (state, item) => ('fact' in item ? applyFact(state, item.fact) : applySignal(state, item.signal)),
      snapshot,
    );
    return { snapshot: next };
  });
}

function tellPage(signal: Signal): void {
  if (signal.type === 'notification.told') showTelling(signal.body.telling);
  else if (signal.type === 'notification.withdrawn') withdrawTelling(signal.body.id);
}

/** A piece of the mirrored state. Only for what is shown once a snapshot is there. */
export function useMirror<T>(pick: (snapshot: Snapshot) => T): T {
  return useStore(mirror, ({ snapshot }) => {
    if (!snapshot) throw new Error('A component read the mirror before the first snapshot.');
    return pick(snapshot);
  });
}

export function useLink(): Link {
  return useStore(mirror, (state) => state.link);
}

export function useHasSnapshot(): boolean {
  return useStore(mirror, (state) => state.snapshot !== null);
}

/** True while what is on screen may be old: figures are dimmed and acts wait. */
export function useStale(): boolean {
  return useStore(mirror, (state) => state.link.state === 'offline');
}
