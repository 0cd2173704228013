import { z } from 'zod';
import { command, query } from './define.ts';

/**
 * One key of the configuration, as it holds now. `value` and `default` are what the file would carry; what is
 * secret is masked. `kind`: `time` is a length in milliseconds, `part` a group of fields that null switches
 * off, `json` whatever has a form of its own.
 */
export const SettingField = z.object({
  /** `sessions.timeBoxMs` */
  key: z.string(),
  group: z.string(),
  label: z.string(),
  hint: z.string().nullable(),
  kind: z.enum(['switch', 'whole', 'number', 'time', 'text', 'choice', 'list', 'map', 'part', 'json']),
  /** What it takes, in words: `a whole number from 1 to 32`. */
  expects: z.string(),
  choices: z.array(z.string()),
  /** What null says, where it may be null. */
  empty: z.string().nullable(),
  /** The key of the part that it belongs to. */
  partOf: z.string().nullable(),
  value: z.unknown(),
  default: z.unknown(),
  /** It stands in the file. */
  given: z.boolean(),
  /** It holds another value than the default. */
  changed: z.boolean(),
  secret: z.boolean(),
  /** Takes hold at the next start. */
  restart: z.boolean(),
  /** Of the value in the file: who sends it along when setting does not undo what somebody else wrote meanwhile. */
  mark: z.string(),
});
export type SettingField = z.infer<typeof SettingField>;

export const SettingsView = z.object({
  file: z.string(),
  exists: z.boolean(),
  /** Sentences about the file as it stands. */
  problems: z.array(z.string()),
  fields: z.array(SettingField),
});
export type SettingsView = z.infer<typeof SettingsView>;

export const SettingChange = z.object({
  key: z.string().min(1).max(300),
  /** Without a value: back to the default. */
  value: z.unknown().optional(),
  mark: z.string().optional(),
});
export type SettingChange = z.infer<typeof SettingChange>;

export const settingsMethods = {
  'config.get': {
    // It tells paths and names of a person's set-up, and the names of secrets: for the owner alone.
    ...query({
      summary: 'Every key of the configuration with its value, its default and what it takes; secrets masked.',
      input: z.object({}),
      output: SettingsView,
    }),
    access: 'owner' as const,
  },
  'config.set': command({
    summary: 'Set keys of the configuration, or put them back to their defaults, in the file beside it.',
    input: z.object({ changes: z.array(SettingChange).min(1).max(100) }),
    output: SettingsView,
  }),
};

export const settingsFacts = {
  /** In force from now on. `by` null: the file was edited. */
  'config.changed': z.object({
    keys: z.array(z.string()),
    by: z.string().nullable(),
    concurrency: z.number(),
    private: z.boolean(),
  }),
};
