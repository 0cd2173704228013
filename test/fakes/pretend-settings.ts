import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openConfig } from '../../src/core/config/load.ts';
import { createSettings } from '../../src/core/config/service.ts';

const FILE = `{
  // Mine.
  "sessions": { "concurrency": 4, "timeBoxMs": 7200000 },
  "decisions": { "quietHours": { "from": "22:00", "to": "07:00" } },
  "claude": { "env": { "ANTHROPIC_API_KEY": "sk-ant-api03-not-a-real-key-000" } },
  "launch": { "templates": { "Next task": "Look for the next open task in TODO.md and do it." } }
}
`;

/** The real settings, over a file of their own. */
export function pretendSettings() {
  const dir = mkdtempSync(join(tmpdir(), 'tenure-pretend-'));
  const file = join(dir, 'config.jsonc');
  writeFileSync(file, FILE);
  const store = openConfig(file, join(dir, 'run'));
  store.close();
  const settings = createSettings({ store, check: () => undefined, salt: 'pretend' });
  const shown = '/Users/ada/Library/Application Support/Tenure/config.jsonc';
  return {
    view: () => ({ ...settings.view(), file: shown }),
    set: (changes: Parameters<typeof settings.set>[0]) => ({ ...settings.set(changes), file: shown }),
  };
}
