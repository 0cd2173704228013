import { describe, expect, test } from 'vitest';
import { pathsOf } from './paths.ts';

const linux = { env: {}, platform: 'linux', home: '/home/ann', demo: false } as const;

describe('pathsOf', () => {
  test('TENURE_HOME overrides everything, on every platform', () => {
    for (const platform of ['linux', 'darwin'] as const) {
      expect(pathsOf({ ...linux, platform, env: { TENURE_HOME: '/x/t', XDG_DATA_HOME: '/elsewhere' } })).toEqual({
        home: '/x/t',
        configFile: '/x/t/config.jsonc',
        dataDir: '/x/t/data',
        logsDir: '/x/t/logs',
        runDir: '/x/t/run',
      });
    }
  });

  test('an empty TENURE_HOME is none; a relative one is refused', () => {
    expect(pathsOf({ ...linux, env: { TENURE_HOME: '' } }).home).toBe('/home/ann/.local/share/tenure');
    expect(() => pathsOf({ ...linux, env: { TENURE_HOME: 'here' } })).toThrow(
      'TENURE_HOME must be an absolute path, but it is "here".',
    );
  });

  test('Linux: the XDG folders, relative ones ignored', () => {
    expect(pathsOf(linux)).toEqual({
      home: '/home/ann/.local/share/tenure',
      configFile: '/home/ann/.config/tenure/config.jsonc',
      dataDir: '/home/ann/.local/share/tenure/data',
      logsDir: '/home/ann/.local/state/tenure/logs',
      runDir: '/home/ann/.local/state/tenure/run',
    });
    const env = { XDG_DATA_HOME: '/d', XDG_CONFIG_HOME: '/c', XDG_STATE_HOME: 'relative' };
    expect(pathsOf({ ...linux, env })).toMatchObject({
      configFile: '/c/tenure/config.jsonc',
      dataDir: '/d/tenure/data',
      runDir: '/home/ann/.local/state/tenure/run',
    });
  });

  test('macOS: Application Support and Logs', () => {
    expect(pathsOf({ ...linux, platform: 'darwin', home: '/Users/ann' })).toEqual({
      home: '/Users/ann/Library/Application Support/Tenure',
      configFile: '/Users/ann/Library/Application Support/Tenure/config.jsonc',
      dataDir: '/Users/ann/Library/Application Support/Tenure/data',
      logsDir: '/Users/ann/Library/Logs/Tenure',
      runDir: '/Users/ann/Library/Application Support/Tenure/run',
    });
  });

  test.each([{ ...linux }, { ...linux, platform: 'darwin' as const }, { ...linux, env: { TENURE_HOME: '/x/t' } }])(
    'the demo shares no file with the real one ($platform, $env)',
    (input) => {
      const real = Object.values(pathsOf(input));
      const demo = Object.values(pathsOf({ ...input, demo: true }));
      // A demo folder may lie below TENURE_HOME, but in none of the folders that hold something.
      for (const path of demo) {
        expect(real).not.toContain(path);
        for (const folder of real.slice(2)) expect(path.startsWith(`${folder}/`)).toBe(false);
      }
    },
  );
});
