import { EventEmitter } from 'node:events';
import type { NotificationAction, NotificationConstructorOptions, Notification as RealNotification } from 'electron';
import { StandInEvent, standIn } from './world.ts';

type Used =
  | 'id'
  | 'groupId'
  | 'title'
  | 'body'
  | 'actions'
  | 'silent'
  | 'hasReply'
  | 'replyPlaceholder'
  | 'show'
  | 'close';

/** macOS's Notification Centre: it outlives the program, so it is kept apart from the objects. */
export const centre = new Map<string, NotificationConstructorOptions>();

export class Notification extends EventEmitter implements Pick<RealNotification, Used> {
  /** Every object that is connected to a delivered notification. */
  static readonly objects = new Map<string, Notification>();
  static #next = 1;

  readonly id: string;
  readonly groupId: string;
  title: string;
  subtitle: string;
  body: string;
  actions: NotificationAction[];
  silent: boolean;
  hasReply: boolean;
  replyPlaceholder: string;

  constructor(options: NotificationConstructorOptions = {}) {
    super();
    this.id = options.id || `generated-${Notification.#next++}`;
    this.groupId = options.groupId ?? '';
    this.title = options.title ?? '';
    this.subtitle = options.subtitle ?? '';
    this.body = options.body ?? '';
    this.actions = options.actions ?? [];
    this.silent = options.silent ?? false;
    this.hasReply = options.hasReply ?? false;
    this.replyPlaceholder = options.replyPlaceholder ?? '';
  }

  static isSupported(): boolean {
    return true;
  }
  /** What a restored object does not know: its actions. */
  static async getHistory(): Promise<Notification[]> {
    return [...centre].map(([id, options]) => {
      const restored = new Notification({ ...options, id, actions: [], hasReply: false });
      Notification.objects.set(id, restored);
      return restored;
    });
  }
  static remove(id: string | string[]): void {
    for (const one of [id].flat()) {
      centre.delete(one);
      Notification.objects.delete(one);
    }
  }

  show(): void {
    const outcome = standIn.notifications;
    setImmediate(() => {
      if (outcome === 'silent') return;
      if (outcome === 'fails') {
        this.emit('failed', new StandInEvent(), 'Notifications are not allowed for this application');
        return;
      }
      const { id, groupId, title, subtitle, body, actions, hasReply } = this;
      const reply = hasReply ? { hasReply, replyPlaceholder: this.replyPlaceholder } : {};
      centre.set(id, { id, groupId, title, subtitle, body, actions, ...reply });
      Notification.objects.set(id, this);
      this.emit('show', new StandInEvent());
    });
  }
  close(): void {
    if (!centre.has(this.id)) return;
    Notification.remove(this.id);
    this.emit('close', Object.assign(new StandInEvent(), { reason: 'applicationHidden' }));
  }

  /** The person presses a button; the system takes the notification away. */
  press(actionIndex: number): void {
    Notification.remove(this.id);
    this.emit('action', Object.assign(new StandInEvent(), { actionIndex, selectionIndex: -1 }), actionIndex, -1);
  }
  /** The person answers in words. */
  answer(reply: string): void {
    Notification.remove(this.id);
    this.emit('reply', Object.assign(new StandInEvent(), { reply }), reply);
  }
  click(): void {
    Notification.remove(this.id);
    this.emit('click', new StandInEvent());
  }
  /** The person swipes it away. */
  dismiss(): void {
    Notification.remove(this.id);
    this.emit('close', Object.assign(new StandInEvent(), { reason: 'userCanceled' }));
  }
}
