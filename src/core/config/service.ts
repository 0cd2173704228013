import { createHmac } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { getNodeValue } from 'jsonc-parser';
import type { Config } from '../../shared/config.ts';
import type { SettingChange, SettingField, SettingsView } from '../../shared/contract/settings.ts';
import { durationOf } from '../../shared/duration.ts';
import { TenureError } from '../../shared/errors.ts';
import { REDACTED, redactDeep } from '../kernel/redact.ts';
import { editText, nodeIn, type TextChange, treeOf } from './edit.ts';
import { allFields, type FieldShape } from './fields.ts';
import type { ConfigStore } from './load.ts';

interface SettingsDeps {
  store: ConfigStore;
  /** Throws TenureError for what the schema cannot see. */
  check(config: Config): void;
  /** Any secret text: it makes the marks of values worthless to whoever does not know the values. */
  salt: string;
}

const at = (whole: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>((value, key) => (value as Record<string, unknown> | null | undefined)?.[key], whole);

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
const shown = (value: unknown): string => JSON.stringify(value) ?? 'nothing';

/** Everything below is masked where the key is a secret by itself, else by names and shapes. */
const masked = (field: FieldShape, value: unknown): unknown => {
  if (!field.secret) return redactDeep(value);
  if (typeof value !== 'object') return value === undefined ? null : REDACTED;
  return value && Object.fromEntries(Object.keys(value).map((name) => [name, REDACTED]));
};

/** What was shown masked and comes back as it was stands for what is there. @throws TenureError `invalid` for any other mask. */
function unmasked(draft: unknown, shownBefore: unknown, real: unknown, key: string): unknown {
  if (typeof draft === 'string') {
    if (!draft.includes(REDACTED)) return draft;
    if (draft === shownBefore && real !== undefined) return real;
    throw new TenureError(
      'invalid',
      `"${key}" holds ${REDACTED}, which hides a secret: write the secret itself, or leave what is there.`,
    );
  }
  if (Array.isArray(draft))
    return draft.map((one, n) => unmasked(one, at(shownBefore, [String(n)]), at(real, [String(n)]), key));
  if (typeof draft !== 'object' || draft === null) return draft;
  return Object.fromEntries(
    Object.entries(draft).map(([name, one]) => [name, unmasked(one, at(shownBefore, [name]), at(real, [name]), key)]),
  );
}

/** Of these `expects` says all there is to say. */
const PLAIN = new Set<SettingField['kind']>(['switch', 'whole', 'number', 'time', 'choice']);
const detailOf = (message: string): string =>
  (/^.*?": (.*?)(?: \(got .*)?\.$/s.exec(message)?.[1] ?? message).replace(/\.$/, '');

function fieldOf(key: string): FieldShape {
  const field = allFields().find((known) => known.key === key);
  if (field) return field;
  const near = allFields()
    .filter((known) => known.key.toLowerCase().includes(key.toLowerCase()))
    .map((known) => known.key);
  const hint = near.length > 0 ? ` Did you mean ${near.slice(0, 5).join(', ')}?` : ' "tenure config list" names all.';
  throw new TenureError('not_found', `There is no setting "${key}".${hint}`);
}

/** Reads and writes the keys of the configuration in its file, which stays the person's own. */
export function createSettings({ store, check, salt }: SettingsDeps) {
  const readText = (): string => (existsSync(store.file) ? readFileSync(store.file, 'utf8') : '');
  const rawAt = (text: string, path: readonly string[]): unknown => {
    const node = nodeIn(treeOf(text), path);
    return node && getNodeValue(node);
  };
  const markOf = (raw: unknown): string =>
    createHmac('sha256', salt)
      .update(JSON.stringify(raw) ?? '')
      .digest('base64url')
      .slice(0, 22);

  function fieldsOf(text: string): SettingField[] {
    const config = store.current();
    const defaults = store.defaults();
    // A file that cannot be read says so among the problems; what is in force is shown all the same.
    const raw = (path: readonly string[]): unknown => {
      try {
        return rawAt(text, path);
      } catch {
        return undefined;
      }
    };
    return allFields().map((field) => {
      const { path, sample: _sample, ...shape } = field;
      const value = at(config, path) ?? null;
      const fallback = at(defaults, path) ?? null;
      const given = raw(path);
      return {
        ...shape,
        value: masked(field, value),
        default: field.kind === 'part' && fallback === null ? field.sample : fallback,
        given: given !== undefined,
        changed: !same(value, fallback),
        mark: markOf(given),
      };
    });
  }

  /** The value to write for a change. @throws TenureError */
  function wanted(field: FieldShape, change: SettingChange, text: string): unknown {
    const { value } = change;
    if (value === undefined) return undefined;
    const real = rawAt(text, field.path) ?? at(store.current(), field.path);
    const whole = unmasked(value, masked(field, real), real, field.key);
    if (field.kind !== 'time' || typeof whole !== 'string') return whole;
    return durationOf(whole) ?? whole;
  }

  function validate(text: string, changes: readonly { field: FieldShape; value: unknown }[]): void {
    try {
      check(store.read(text));
    } catch (error) {
      if (!(error instanceof TenureError)) throw error;
      const named = changes.find(({ field }) => error.message.includes(`"${field.key}`));
      if (!named && error.message.startsWith(store.file)) {
        throw new TenureError('invalid', `Nothing was set: the file is wrong elsewhere. ${error.message}`, {
          cause: error,
        });
      }
      const wrong = named ?? (changes.length === 1 ? changes[0] : undefined);
      if (!wrong) throw error;
      const got = wrong.field.secret ? '' : `, but got ${shown(wrong.value)}`;
      const why = PLAIN.has(wrong.field.kind) ? '' : ` (${detailOf(error.message)})`;
      throw new TenureError('invalid', `"${wrong.field.key}" takes ${wrong.field.expects}${got}${why}.`, {
        cause: error,
      });
    }
  }

  function applied(text: string, changes: readonly SettingChange[]): string {
    const edits = changes.map((change) => {
      const field = fieldOf(change.key);
      if (change.mark !== undefined && change.mark !== markOf(rawAt(text, field.path))) {
        throw new TenureError(
          'conflict',
          `"${field.key}" was changed meanwhile, in the file or elsewhere; it is ${shown(masked(field, at(store.current(), field.path)))} now. Look at it and set it again.`,
        );
      }
      return { field, value: wanted(field, change, text) };
    });
    const next = editText(
      text,
      edits.map(({ field, value }): TextChange => ({ path: field.path, value })),
    );
    validate(next, edits);
    return next;
  }

  return {
    view(): SettingsView {
      return {
        file: store.file,
        exists: existsSync(store.file),
        problems: store.problems(),
        fields: fieldsOf(readText()),
      };
    },

    /**
     * The configuration as these changes would make it; nothing is written.
     * @throws TenureError as setting them would.
     */
    draft: (changes: readonly SettingChange[]): Config => store.read(applied(readText(), changes)),

    /**
     * Writes the changes into the file, all or none; they are in force when this returns.
     * @throws TenureError `not_found` for a key that is none, `invalid` for a value that does not fit, `conflict`
     * when the key holds another value than the one with the mark, `unavailable` when the file cannot be written.
     */
    set(changes: readonly SettingChange[]): SettingsView {
      // What somebody else writes between the look and the rename is taken along: the look is repeated.
      for (let tries = 0; tries < 5; tries++) {
        store.reload();
        const before = readText();
        const next = applied(before, changes);
        if (next === before || replaceFile(store.file, next, () => readText() === before)) {
          store.reload();
          return this.view();
        }
      }
      throw new TenureError('conflict', `${store.file} changes faster than it can be written; nothing was set.`);
    },
  };
}

/** Whole or not at all, with the rights and at the end of the link that the file had. False: it was not to be replaced any more. */
function replaceFile(file: string, text: string, stillSame: () => boolean): boolean {
  const real = existsSync(file) ? realpathSync(file) : file;
  const draft = `${real}.${process.pid}.new`;
  try {
    const mode = existsSync(real) ? statSync(real).mode & 0o777 : 0o600;
    const handle = openSync(draft, 'w', mode);
    try {
      writeSync(handle, text);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    if (!stillSame()) return false;
    renameSync(draft, real);
    return true;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new TenureError('unavailable', `${file} cannot be written, so nothing was set: ${why}.`, { cause: error });
  } finally {
    rmSync(draft, { force: true, recursive: true });
  }
}
