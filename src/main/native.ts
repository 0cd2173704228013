import { Notification } from 'electron';
import type { Clock } from '../core/kernel/ports.ts';
import type { ChannelStanding } from '../core/kernel/shell-ports.ts';

/** macOS says nothing at all when the program is not properly signed. */
const SHOWN_WITHIN_MS = 10_000;
/** Delivered ones whose objects are held; the oldest go first. */
const KEPT = 100;

export interface Note {
  id: string;
  /** Those of one group stand together. */
  groupId: string;
  title: string;
  subtitle?: string;
  body: string;
  /** The labels of the buttons. */
  buttons: readonly string[];
  silent?: boolean;
  /** Set: it takes an answer in words, and this stands in the empty field. */
  replyPlaceholder?: string | undefined;
}

export interface NoteEvents {
  button(index: number): void;
  click(): void;
  reply?(text: string): void;
}

export interface Native {
  /** Shows it in place of one with the same id; @returns what becomes of it. */
  show(note: Note, on: NoteEvents): Promise<{ outcome: 'shown' | 'silent' | 'failed' | 'off'; sentence: string }>;
  /** Takes up one that was delivered before a restart. */
  attach(notification: Notification, on: NoteEvents): void;
  withdraw(id: string): void;
  /** What was delivered before this start and is still there. */
  delivered(): Promise<Notification[]>;
  standing(): ChannelStanding;
}

export interface NativeOptions {
  platform: NodeJS.Platform;
  clock: Pick<Clock, 'after' | 'now'>;
  isOn(): boolean;
  /** Told when notifications stop arriving (why) or arrive again (null). */
  onStanding(problem: string | null): void;
}

/** The system's notifications: holds what it shows, and knows whether it arrives. */
export function createNative({ platform, clock, isOn, onStanding }: NativeOptions): Native {
  /** Held while it stands: a collected object takes its notification along. */
  const live = new Map<string, Notification>();
  let problem: string | null = null;
  let lastAt: number | null = null;

  function stands(now: string | null): void {
    if (now === problem) return;
    problem = now;
    onStanding(now);
  }

  function withdraw(id: string): void {
    live.get(id)?.close();
    live.delete(id);
  }

  function attach(notification: Notification, on: NoteEvents): void {
    const { id } = notification;
    live.delete(id);
    live.set(id, notification);
    notification.on('action', ({ actionIndex }) => on.button(actionIndex));
    notification.on('click', () => on.click());
    notification.on('reply', ({ reply }) => on.reply?.(reply));
    for (const oldest of live.keys()) {
      if (live.size <= KEPT) break;
      live.delete(oldest);
    }
  }

  return {
    attach,
    withdraw,
    async show(note, on) {
      if (!isOn()) return { outcome: 'off', sentence: OFF };
      if (!Notification.isSupported()) return { outcome: 'off', sentence: UNSUPPORTED };
      const { buttons, replyPlaceholder, ...rest } = note;
      withdraw(note.id);
      const notification = new Notification({
        ...rest,
        actions: buttons.map((text) => ({ type: 'button', text })),
        ...(replyPlaceholder === undefined ? {} : { hasReply: true, replyPlaceholder }),
      });
      attach(notification, on);
      const { promise, resolve } = Promise.withResolvers<{
        outcome: 'shown' | 'silent' | 'failed';
        sentence: string;
      }>();
      const silence = clock.after(SHOWN_WITHIN_MS, () => {
        // Elsewhere than on macOS nothing need say that it was shown.
        if (platform === 'darwin') stands(`${SILENT} is Tenure signed?`);
        resolve({ outcome: 'silent', sentence: `${SILENT} Allow Tenure in System Settings, Notifications.` });
      });
      notification.on('show', () => {
        silence.cancel();
        lastAt = clock.now();
        stands(null);
        resolve({ outcome: 'shown', sentence: 'The system says that it showed it.' });
      });
      notification.on('failed', (_event, error) => {
        silence.cancel();
        stands(`${error}.`);
        resolve({ outcome: 'failed', sentence: `${error}. Allow Tenure in System Settings, Notifications.` });
      });
      notification.show();
      return promise;
    },
    delivered: async () => (platform === 'darwin' ? await Notification.getHistory().catch(() => []) : []),
    standing() {
      if (!isOn()) return { state: 'off', sentence: OFF, lastAt };
      if (!Notification.isSupported()) return { state: 'off', sentence: UNSUPPORTED, lastAt };
      if (problem !== null) return { state: 'failing', sentence: `They do not arrive: ${problem}`, lastAt };
      if (lastAt === null) return { state: 'unknown', sentence: 'None was shown yet: send a test.', lastAt };
      return { state: 'ready', sentence: 'They arrive.', lastAt };
    },
  };
}

const OFF = 'Switched off in the settings (notifications.native).';
const UNSUPPORTED = 'This desktop has no notifications.';
const SILENT = 'The system did not say that it showed one;';
