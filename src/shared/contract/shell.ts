import { z } from 'zod';
import { command, query } from './define.ts';

/** Whether Tenure starts by itself when the person logs in. */
export const LoginItem = z.object({
  /** `approval`: asked for, and macOS waits for the person to allow it. `unsupported`: not by this program. */
  state: z.enum(['on', 'off', 'approval', 'unsupported']),
  sentence: z.string(),
});
export type LoginItem = z.infer<typeof LoginItem>;

/** Keys that work in every program. */
export const Shortcut = z.object({
  does: z.enum(['open', 'freeze']),
  /** As the configuration has it, `Alt+CommandOrControl+K`; null: none. */
  keys: z.string().nullable(),
  state: z.enum(['on', 'off', 'refused', 'unsupported']),
  sentence: z.string(),
});
export type Shortcut = z.infer<typeof Shortcut>;

export const UpdateState = z.object({
  /** `waiting`: downloaded, and installed when nothing runs. */
  state: z.enum(['off', 'current', 'checking', 'downloading', 'waiting', 'failed', 'unsupported']),
  /** Of the newer one; null: none is known. */
  version: z.string().nullable(),
  sentence: z.string(),
});
export type UpdateState = z.infer<typeof UpdateState>;

/** What the program around the engine can do on this machine. */
export const ShellState = z.object({
  loginItem: LoginItem,
  shortcuts: z.array(Shortcut),
  updates: UpdateState,
  /** Where the key to the secrets lies. */
  secrets: z.object({ state: z.enum(['keychain', 'file', 'locked']), sentence: z.string() }),
});
export type ShellState = z.infer<typeof ShellState>;

export const shellMethods = {
  'shell.state': query({
    summary: 'Start at login, shortcuts, updates and where secrets lie, each in words.',
    input: z.object({}),
    output: ShellState,
  }),
  'shell.setLoginItem': command({
    summary: 'Start Tenure at login, or no longer.',
    input: z.object({ on: z.boolean() }),
    output: LoginItem,
  }),
  'shell.checkForUpdate': command({
    summary: 'Look for a newer version now.',
    input: z.object({}),
    output: UpdateState,
  }),
  'shell.installUpdate': command({
    summary: 'Restart into the downloaded version; refused while a session runs.',
    input: z.object({}),
    output: UpdateState,
  }),
};
