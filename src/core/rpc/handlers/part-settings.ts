import type { SettingChange } from '../../../shared/contract/settings.ts';
import type { SettingsServices } from './settings.ts';

/** One part of the configuration, as it is set by whoever knows only that part: its keys may come without its name. */
export function partSettings(configuration: SettingsServices['settings'], part: string) {
  const prefix = `${part}.`;
  const keyOf = (key: string): string => (key.startsWith(prefix) ? key : `${prefix}${key}`);
  const changesOf = (values: Readonly<Record<string, unknown>>): SettingChange[] =>
    Object.entries(values).map(([key, value]) => ({ key: keyOf(key), value }));
  const put = (changes: readonly SettingChange[], by: string): void => {
    if (changes.length > 0) configuration.set(changes, by);
  };
  return {
    changesOf,
    /** All of them or none. @throws TenureError */
    set: (values: Readonly<Record<string, unknown>>, by: string): void => put(changesOf(values), by),
    /** Back to the defaults: those keys, or all that the file has. @throws TenureError */
    reset(keys: readonly string[] | undefined, by: string): void {
      const given = configuration.view().fields.filter(({ key, given: isGiven }) => key.startsWith(prefix) && isGiven);
      const wanted = keys?.map(keyOf) ?? given.filter(({ partOf }) => partOf === null).map(({ key }) => key);
      put(
        wanted.map((key) => ({ key })),
        by,
      );
    },
  };
}
