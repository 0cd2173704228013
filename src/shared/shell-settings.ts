import { z } from 'zod';

/** `22:30`, in the configured zone. */
export const TimeOfDay = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/u, 'expected a time of day such as 22:30');

/** Electron's own way of writing keys: modifiers and one key, joined by `+`. */
const Keys = z
  .string()
  .regex(
    /^(?:(?:Alt|Option|Shift|Super|Meta|Command|Cmd|Control|Ctrl|CommandOrControl|CmdOrCtrl)\+)+(?:[A-Z0-9.,;/[\]`'\\=-]|F\d{1,2}|Space|Tab|Up|Down|Left|Right)$/u,
    'expected keys such as Alt+CommandOrControl+K',
  )
  .nullable();

export const NotificationSettings = z.strictObject({
  /** Through macOS, or the desktop. */
  native: z.boolean().default(true),
  /** Through open pages that you allow it. */
  browser: z.boolean().default(true),
  /** Say that there is something, never what: for a shared or projected screen. */
  private: z.boolean().default(false),
  /** The last rung of the ladder: where a question goes that nobody answered here; null: nowhere else. */
  other: z
    .strictObject({
      url: z.url({ protocol: /^https?$/u, error: 'expected an http(s) address' }).max(2_000),
      /** `json`: the fields as JSON; `ntfy`: the text, with the headers that ntfy reads. */
      form: z.enum(['json', 'ntfy']).default('json'),
      /** Sent as `Authorization: Bearer`; null: nothing. */
      token: z.string().min(1).max(2_000).nullable().default(null),
    })
    .nullable()
    .default(null),
  /** What the quiet hours held back comes as one; false: one by one. */
  digest: z.boolean().default(true),
  /** When the day's digest is told: sessions, scores, price, services, what waits; null: never. */
  daily: TimeOfDay.nullable().default('08:00'),
});

/** The program around the engine: what only the app can do. */
export const ShellSettings = z.strictObject({
  /** Keys that open Tenure from every program, and that pause everything; null: none. */
  shortcut: Keys.default('Alt+CommandOrControl+K'),
  freezeShortcut: Keys.default('Alt+CommandOrControl+.'),
  /** A newer version is installed when nothing runs, only told of, or never looked for. */
  updates: z.enum(['install', 'tell', 'off']).default('install'),
});
