import type { Config } from '../../shared/config.ts';
import type { SettingChange, SettingsView } from '../../shared/contract/settings.ts';
import { allFields } from '../config/fields.ts';
import { createSettings } from '../config/service.ts';
import type { EngineOptions } from '../engine.ts';
import type { Journal } from '../kernel/journal.ts';

interface SettingsOptions extends Pick<EngineOptions, 'config' | 'checkConfig' | 'ports'> {
  journal: Journal;
}

const at = (config: Config, path: readonly string[]): unknown =>
  path.reduce<unknown>((value, key) => (value as Record<string, unknown> | null | undefined)?.[key], config);

/** The configuration as a person sets it: on screen, from the command line, in the file; each change is told, values are not. */
export function createSettingsChapter({ config, checkConfig, ports, journal }: SettingsOptions) {
  const settings = createSettings({ store: config, check: checkConfig, salt: ports.ids.secret() });
  let before = config.current();
  let by: string | null = null;
  let configuredAt = 0;

  config.onChange(() => {
    const now = config.current();
    const keys = allFields().filter(({ path }) => JSON.stringify(at(before, path)) !== JSON.stringify(at(now, path)));
    before = now;
    journal.commit((emit) => {
      emit({
        type: 'config.changed',
        body: {
          keys: keys.map(({ key }) => key),
          by,
          concurrency: now.sessions.concurrency,
          private: now.notifications.private,
        },
      });
    });
    configuredAt = journal.seq();
  });

  return {
    /** As it is in force. */
    current: config.current,
    defaults: config.defaults,
    view: settings.view,
    draft: settings.draft,
    configuredAt: (): number => configuredAt,
    /** @throws TenureError */
    set(changes: readonly SettingChange[], who: string): SettingsView {
      by = who;
      try {
        return settings.set(changes);
      } finally {
        by = null;
      }
    },
  };
}
