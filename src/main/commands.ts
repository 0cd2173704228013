import type { MessageBoxOptions } from 'electron';
import { count } from '../shared/format.ts';
import { LEVELS, type Level } from '../shared/policy.ts';
import type { ShellEngine } from './host.ts';
import type { MenuActions } from './menu.ts';

type Commands = Pick<MenuActions, 'launch' | 'pauseAll' | 'stopAll' | 'setLevel' | 'setPrivate'>;

export interface CommandOptions {
  engine: Pick<ShellEngine, 'call' | 'snapshot'>;
  openWindow(hash: string): void;
  /** @returns the index of the button. */
  ask(question: MessageBoxOptions): Promise<number>;
}

/** What the tray's menu does with the engine. A refusal is shown in the engine's own words. */
export function createCommands({ engine, openWindow, ask }: CommandOptions): Commands {
  /** @returns whether the person went on. Cancel is the default: a slip in a menu changes nothing. */
  const confirm = async (message: string, detail: string, yes: string): Promise<boolean> =>
    (await ask({ type: 'question', message, detail, buttons: [yes, 'Cancel'], defaultId: 1, cancelId: 1 })) === 0;
  const perform = (work: () => Promise<unknown>): void => {
    work().catch((error: unknown) => {
      const sentence = error instanceof Error ? error.message : String(error);
      void ask({ type: 'warning', message: 'That did not happen.', detail: sentence });
    });
  };
  const raising = (from: Level, to: Level): boolean => LEVELS.indexOf(to) > LEVELS.indexOf(from);

  return {
    launch: (projectId) => perform(() => engine.call('sessions.launch', { projectId })),
    pauseAll: (paused) => perform(() => engine.call('sessions.pauseAll', { paused })),
    stopAll: () =>
      perform(async () => {
        const open = engine.snapshot().sessions.filter((session) => session.state !== 'ended').length;
        const detail = 'Work trees and commits stay as they are. What an agent was doing cannot be taken up again.';
        if (await confirm(`Stop ${count(open, 'session')}?`, detail, 'Stop all')) {
          await engine.call('sessions.stopAll', {});
        }
      }),
    setPrivate: (on) =>
      perform(() => engine.call('config.set', { changes: [{ key: 'notifications.private', value: on }] })),
    setLevel(level) {
      // Raised only where everything that speaks for it and against it can be seen; lowered at once.
      if (raising(engine.snapshot().trust.level, level)) return openWindow('#/window/trust');
      return perform(() => engine.call('trust.setLevel', { level, reason: 'Set in the menubar.' }));
    },
  };
}
