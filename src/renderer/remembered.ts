/** Every page of this browser, or this tab until it is closed. */
type Where = 'browser' | 'tab';

const storageOf = (where: Where): Storage => (where === 'tab' ? sessionStorage : localStorage);

/** What this page remembers of how a person likes it. A page without storage, or with a value that makes no sense, forgets. */
export function recall<T>(
  key: string,
  isIt: (value: unknown) => value is T,
  otherwise: T,
  where: Where = 'browser',
): T {
  try {
    const value: unknown = JSON.parse(storageOf(where).getItem(`tenure.${key}`) ?? 'null');
    return isIt(value) ? value : otherwise;
  } catch {
    return otherwise;
  }
}

export function remember(key: string, value: unknown, where: Where = 'browser'): void {
  try {
    storageOf(where).setItem(`tenure.${key}`, JSON.stringify(value));
  } catch {
    // Full, or none: nothing else depends on it.
  }
}

export const isText = (value: unknown): value is string => typeof value === 'string';
export const isTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((one) => typeof one === 'string');

/** One of a few. */
export const isOneOf =
  <T>(all: readonly T[]) =>
  (value: unknown): value is T =>
    all.some((one) => one === value);
