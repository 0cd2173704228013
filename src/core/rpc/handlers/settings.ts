import type { createSettingsChapter } from '../../engine/settings.ts';
import type { Handlers } from '../dispatch.ts';

export interface SettingsServices {
  settings: ReturnType<typeof createSettingsChapter>;
}

export function settingsHandlers({ settings }: SettingsServices): Pick<Handlers, 'config.get' | 'config.set'> {
  return {
    'config.get': () => settings.view(),
    'config.set': ({ changes }, caller) => settings.set(changes, caller.name),
  };
}
