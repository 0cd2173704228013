import { Notification } from 'electron';
import type { NotificationChannel } from '../core/kernel/shell-ports.ts';
import { type Ask, asksOf } from '../shared/asks.ts';
import { ALERT_ID } from './alerts.ts';
import type { ShellEngine } from './host.ts';
import type { Native, NoteEvents } from './native.ts';
import { judgeBy, VERDICT_LABELS } from './verdicts.ts';

const NEWS_ID = /^news:/;
const DIGEST = 'news:digest';
/** Only told, waiting for no answer: stays where it is over a restart. */
const isTelling = (id: string): boolean => ALERT_ID.test(id) || NEWS_ID.test(id);

export interface NotifierOptions {
  engine: Pick<ShellEngine, 'snapshot' | 'onFact' | 'settings' | 'onSettings' | 'call'>;
  native: Native;
  /** Opens the place where everything that waits can be seen. */
  open: () => void;
}

/**
 * One native notification for each thing that waits for the person. What is answered elsewhere is
 * withdrawn; what was delivered before a restart is taken up again, if it still says the same.
 * @returns stops notifying; what is delivered stays.
 */
export function createNotifier({ engine, native, open }: NotifierOptions): () => void {
  if (!Notification.isSupported()) return () => undefined;
  /** What was shown and waits, by the way it was shown; a dismissed one must not come again. */
  const waiting = new Map<string, string>();
  let ready = false;
  let stopped = false;

  const settings = () => engine.settings().notifications;
  const asks = (): Map<string, Ask> =>
    new Map(asksOf(engine.snapshot(), settings().private).map((ask) => [ask.id, ask]));
  /** Shown anew when it asks louder, or may be answered otherwise. */
  const faceOf = ({ loud, answers }: Ask): string =>
    JSON.stringify([loud, answers.map(({ label }) => label), settings().private]);

  function attempt(ask: Ask, label: string, work: Promise<unknown>): void {
    work.catch((error: unknown) => {
      const body = error instanceof Error ? error.message : String(error);
      const note = {
        id: `${ask.id}:refused`,
        groupId: ask.groupId,
        title: `${label} did not happen`,
        body,
        buttons: [],
      };
      void native.show(note, { button: open, click: open });
    });
  }

  const eventsOf = (ask: Ask): NoteEvents => ({
    click: open,
    button(index) {
      const given = ask.answers[index];
      if (given?.give) attempt(ask, given.label, given.give(engine.call));
      else open();
    },
    reply(text) {
      if (ask.reply) attempt(ask, 'Deny', ask.reply.give(engine.call, text));
      else open();
    },
  });

  function show(ask: Ask): void {
    const { id, groupId, title, subtitle, body, answers, loud, reply } = ask;
    const buttons = answers.map(({ label }) => label);
    waiting.set(id, faceOf(ask));
    const note = { id, groupId, title, subtitle, body, buttons, silent: loud === 0 };
    void native.show({ ...note, replyPlaceholder: reply?.placeholder }, eventsOf(ask));
  }

  function follow(): void {
    if (!ready || stopped) return;
    const now = settings().native ? asks() : new Map<string, Ask>();
    for (const [id, face] of waiting) {
      const ask = now.get(id);
      if (ask && faceOf(ask) === face) continue;
      waiting.delete(id);
      native.withdraw(id);
    }
    for (const [id, ask] of now) if (!waiting.has(id)) show(ask);
  }

  async function takeUpDelivered(): Promise<void> {
    const delivered = await native.delivered();
    const now = asks();
    for (const notification of delivered) {
      const { id, title, body } = notification;
      const ask = now.get(id);
      // Its buttons are known by their order alone: they must be those that it was shown with.
      if (ask && ask.title === title && ask.body === body) {
        waiting.set(id, faceOf(ask));
        native.attach(notification, eventsOf(ask));
      } else if (!isTelling(id)) Notification.remove(id);
    }
    ready = true;
    follow();
  }

  const letGo = [
    engine.onFact((fact) => {
      if (/^(decision|promotion|trust|level|session)\./.test(fact.type)) follow();
    }),
    engine.onSettings(follow),
  ];
  void takeUpDelivered();
  return () => {
    stopped = true;
    for (const end of letGo) end();
  };
}

/** The native notifications as one of the channels over which news are told. */
export function nativeChannel(
  native: Native,
  openWindow: (hash: string) => void,
  call: ShellEngine['call'],
): NotificationChannel {
  const on = (place: string, alert: string | null = null): NoteEvents => ({
    button: (index) => (index > 0 && alert !== null ? judgeBy(call, native, alert, index - 1) : openWindow(place)),
    click: () => openWindow(place),
  });
  return {
    name: 'native',
    title: 'Notifications of this machine',
    standing: native.standing,
    tell({ place, ...telling }) {
      // Incidents are shown as they are told, with their restart.
      if (telling.id.startsWith('news:inc_')) return;
      // Several told together are judged one by one, where they can be seen.
      const alert = telling.id === DIGEST ? null : telling.id.replace(NEWS_ID, '');
      const buttons = alert === null ? ['Open'] : ['Open', ...VERDICT_LABELS];
      void native.show({ ...telling, groupId: 'news', buttons }, on(place, alert));
    },
    withdraw: native.withdraw,
    async test() {
      const place = '#/window/health';
      const words = { title: 'This is a test', body: 'Notifications of Tenure arrive here.' };
      return native.show({ id: 'news:test', groupId: 'news', ...words, buttons: ['Open'] }, on(place));
    },
  };
}
