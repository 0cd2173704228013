import type { ChannelTest } from '../../shared/contract/notifications.ts';
import type { LoginItem, Shortcut, UpdateState } from '../../shared/contract/shell.ts';

/** What the program around the engine can do; the headless one can do nothing of it and says so. */
export interface ShellPort {
  loginItem(): LoginItem;
  /** @throws TenureError when the system refuses. */
  setLoginItem(on: boolean): LoginItem;
  shortcuts(): Shortcut[];
  updates(): UpdateState;
  checkForUpdate(): Promise<UpdateState>;
  /** Restarts into the newer version. @throws TenureError `conflict` when there is none, or something runs. */
  installUpdate(): UpdateState;
}

/** How a channel stands, as far as it knows itself. */
export interface ChannelStanding {
  state: 'ready' | 'failing' | 'off' | 'unknown';
  sentence: string;
  lastAt: number | null;
}

/**
 * One way to reach the person: native notifications, an open page, a message to a phone. It shows what it
 * is given; when something is told, and in which words, is decided before.
 */
export interface NotificationChannel {
  name: string;
  title: string;
  standing(): ChannelStanding;
  /** Shows it in place of one with the same id. Never throws, never waits. */
  tell(telling: { id: string; title: string; body: string; place: string }): void;
  withdraw(id: string): void;
  /** Sends one that says it is a test; resolves when it is known what became of it. */
  test(): Promise<Pick<ChannelTest, 'outcome' | 'sentence'>>;
}
