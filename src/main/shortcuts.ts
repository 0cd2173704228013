import { globalShortcut } from 'electron';
import type { Config } from '../shared/config.ts';
import type { Shortcut } from '../shared/contract/shell.ts';
import type { ShellEngine } from './host.ts';

export interface ShortcutOptions {
  engine: Pick<ShellEngine, 'settings' | 'onSettings' | 'notice'>;
  /** What each of them does. */
  act: Readonly<Record<Shortcut['does'], () => void>>;
}

const NOTICE = 'shortcuts';
const WORDS: Readonly<Record<Shortcut['does'], string>> = { open: 'opens Tenure', freeze: 'pauses everything' };
const KEY: Readonly<Record<Shortcut['does'], string>> = { open: 'shortcut', freeze: 'freezeShortcut' };

/** Registers one; @returns what became of it, in words. */
function register(does: Shortcut['does'], keys: string | null, run: () => void): Shortcut {
  const setting = `shell.${KEY[does]}`;
  if (keys === null) return { does, keys, state: 'off', sentence: `No keys: "${setting}" in the settings gives some.` };
  const registered = (): boolean => {
    try {
      return globalShortcut.register(keys, run);
    } catch {
      // Electron throws at keys that it does not know.
      return false;
    }
  };
  if (registered()) return { does, keys, state: 'on', sentence: `${keys} ${WORDS[does]}, from every program.` };
  const sentence = `${keys} is taken, by another program or twice here: "${setting}" in the settings names others.`;
  return { does, keys, state: 'refused', sentence };
}

/**
 * Keys that work in every program, as the settings have them now. The system does not say that keys are
 * taken, so a refusal is told to the person.
 */
export function createShortcuts({ engine, act }: ShortcutOptions): { current(): Shortcut[]; stop(): void } {
  let shortcuts: Shortcut[] = [];
  let from = '';

  function follow(): void {
    const { shortcut, freezeShortcut }: Config['shell'] = engine.settings().shell;
    const now = JSON.stringify([shortcut, freezeShortcut]);
    if (now === from) return;
    from = now;
    globalShortcut.unregisterAll();
    shortcuts = [register('open', shortcut, act.open), register('freeze', freezeShortcut, act.freeze)];
    const refused = shortcuts.filter(({ state }) => state === 'refused').map(({ sentence }) => sentence);
    engine.notice(NOTICE, refused.length === 0 ? null : refused.join(' '));
  }

  follow();
  const letGo = engine.onSettings(follow);
  return {
    current: () => shortcuts,
    stop() {
      letGo();
      globalShortcut.unregisterAll();
    },
  };
}
