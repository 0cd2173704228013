/** What this page remembers of how a person likes it. A page without storage, or with a value that makes no sense, forgets. */
export function recall<T>(key: string, isIt: (value: unknown) => value is T, otherwise: T): T {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(`tenure.${key}`) ?? 'null');
    return isIt(value) ? value : otherwise;
  } catch {
    return otherwise;
  }
}

export function remember(key: string, value: unknown): void {
  try {
    localStorage.setItem(`tenure.${key}`, JSON.stringify(value));
  } catch {
    // Full, or none: nothing else depends on it.
  }
}

export const isTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((one) => typeof one === 'string');
