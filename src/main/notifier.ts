import { Notification } from 'electron';
import type { Clock } from '../core/kernel/ports.ts';
import { type Ask, asksOf } from './asks.ts';
import type { ShellEngine } from './host.ts';
import { isTelling } from './tellings.ts';

/** macOS says nothing at all when the program is not properly signed. */
const SHOWN_WITHIN_MS = 10_000;
const NOTICE = 'notifications';

export interface NotifierOptions {
  engine: ShellEngine;
  platform: NodeJS.Platform;
  clock: Pick<Clock, 'after'>;
  /** Opens the place where everything that waits can be seen. */
  open: () => void;
}

/**
 * One native notification for each thing that waits for the person. What is answered elsewhere is
 * withdrawn; what was delivered before a restart is taken up again.
 * @returns stops notifying; what is delivered stays.
 */
export function createNotifier({ engine, platform, clock, open }: NotifierOptions): () => void {
  if (!Notification.isSupported()) return () => undefined;
  /** Held while it waits: a collected object takes its notification along, and a dismissed one must not come again. */
  const live = new Map<string, { notification: Notification; loud: number }>();
  let ready = false;
  let degraded = false;
  let stopped = false;

  function degrade(why: string): void {
    if (stopped) return;
    degraded = true;
    engine.notice(NOTICE, `Notifications do not arrive: ${why} What waits for you still shows in the menubar.`);
  }
  function restore(): void {
    if (degraded && !stopped) engine.notice(NOTICE, null);
    degraded = false;
  }

  function answer(ask: Ask, index: number): void {
    const given = ask.answers[index];
    if (!given?.give) return open();
    given.give(engine).catch((error: unknown) => {
      const sentence = error instanceof Error ? error.message : String(error);
      new Notification({ id: `${ask.id}:refused`, title: `${given.label} did not happen`, body: sentence }).show();
    });
  }

  function attach(notification: Notification, ask: Ask): void {
    live.set(ask.id, { notification, loud: ask.loud });
    notification.on('action', ({ actionIndex }) => answer(ask, actionIndex));
    notification.on('click', open);
  }

  function show(ask: Ask): void {
    const { id, groupId, title, subtitle, body, answers, loud } = ask;
    const actions = answers.map(({ label }) => ({ type: 'button' as const, text: label }));
    const notification = new Notification({ id, groupId, title, subtitle, body, actions, silent: loud === 0 });
    attach(notification, ask);
    const silence =
      platform === 'darwin'
        ? clock.after(SHOWN_WITHIN_MS, () => degrade('macOS did not say that it showed one; is Tenure signed?'))
        : null;
    notification.on('show', () => {
      silence?.cancel();
      restore();
    });
    notification.on('failed', (_event, error) => {
      silence?.cancel();
      degrade(`${error}.`);
    });
    notification.show();
  }

  function follow(): void {
    if (!ready || stopped) return;
    const asks = new Map(asksOf(engine.snapshot()).map((ask) => [ask.id, ask]));
    for (const [id, { notification, loud }] of live) {
      // What has become louder is shown anew in place of the old one.
      if (asks.get(id)?.loud === loud) continue;
      live.delete(id);
      notification.close();
    }
    for (const [id, ask] of asks) if (!live.has(id)) show(ask);
  }

  async function takeUpDelivered(): Promise<void> {
    const asks = new Map(asksOf(engine.snapshot()).map((ask) => [ask.id, ask]));
    const delivered = platform === 'darwin' ? await Notification.getHistory().catch(() => []) : [];
    for (const notification of delivered) {
      const ask = asks.get(notification.id);
      if (ask) attach(notification, ask);
      else if (!isTelling(notification.id)) Notification.remove(notification.id);
    }
    ready = true;
    follow();
  }

  const stopListening = engine.onFact((fact) => {
    if (/^(decision|promotion|trust|level|session)\./.test(fact.type)) follow();
  });
  void takeUpDelivered();
  return () => {
    stopped = true;
    stopListening();
  };
}
