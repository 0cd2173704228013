import { hideNamed, isSecretName } from './secret-names.ts';
import { mayHoldSecret } from './secret-scan.ts';
import { hideShapes } from './secret-shapes.ts';

export const REDACTED = '[redacted]';

/** No name with its value and no credential is shorter; most texts of a transcript are. */
const SHORTEST = 6;
/** A name that is a credential itself is longer. */
const SHORTEST_SHAPE = 14;

/**
 * The same text with whatever looks like a credential replaced, by its shape or by the name before it.
 * Broad on purpose: a false hit costs a few stars, a miss costs a key (T-047). Takes time in proportion
 * to the text's length, whatever is in it. What was replaced once stays as it is.
 */
export function redact(text: string): string {
  return text.length < SHORTEST || !mayHoldSecret(text) ? text : redactUnseen(text);
}

/** `redact` without the quick first look, which is held to it. */
export function redactUnseen(text: string): string {
  return hide(text, () => REDACTED);
}

const hide = (text: string, by: (secret: string) => string): string => hideNamed(hideShapes(text, by), by);

const LEAST_REMNANT = 6;

/**
 * For texts that were made from `source` and perhaps cut short in the middle of a credential: redacts them,
 * and takes out what is left in them of the beginning of a credential of `source` too.
 */
export function redactorFor(source: string): (text: string) => string {
  const secrets = new Set<string>();
  hide(source, (secret) => {
    if (secret.length >= LEAST_REMNANT && !secret.includes(REDACTED)) secrets.add(secret);
    return REDACTED;
  });
  return (text) => [...secrets].reduce(withoutBeginningOf, redact(text));
}

function withoutBeginningOf(text: string, secret: string): string {
  const start = secret.slice(0, LEAST_REMNANT);
  let out = '';
  let done = 0;
  for (let at = text.indexOf(start); at >= 0; at = text.indexOf(start, done)) {
    let length = start.length;
    while (length < secret.length && text[at + length] === secret[length]) length++;
    out += text.slice(done, at) + REDACTED;
    done = at + length;
  }
  return out + text.slice(done);
}

const DEEPEST = 100;

/**
 * A copy of a JSON value with every text in it redacted, names too; the text under the name of a
 * credential is replaced whole. Numbers stay. What lies more than 100 levels deep is replaced.
 */
export function redactDeep(value: unknown): unknown {
  return deep(value, false, 0);
}

function deep(value: unknown, isSecret: boolean, depth: number): unknown {
  if (typeof value === 'string') return isSecret && value !== '' ? REDACTED : redact(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= DEEPEST) return REDACTED;
  if (Array.isArray(value)) return value.map((item) => deep(item, isSecret, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => {
      const secret = typeof item !== 'object' ? isSecretName(name) : Array.isArray(item) && isSecretName(name);
      return [name.length < SHORTEST_SHAPE ? name : redact(name), deep(item, secret, depth + 1)];
    }),
  );
}
