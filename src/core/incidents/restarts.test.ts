import { describe, expect, test } from 'vitest';
import { HOUR, MINUTE, PROGRAM, world } from '../../../test/incidents-rig.ts';

import { RESTART_MS } from './ports.ts';

describe('restarts', () => {
  test('a person who says no is not asked again in this incident', async () => {
    const w = world({ level: 'cautious' });
    w.down('Web');
    await w.tick();
    w.incidents.declineRestart('Web', 'owner (token)');
    await w.pass(2 * HOUR, 5 * MINUTE);
    expect(w.incidents.restarts(undefined, 9).map(({ state }) => state)).toEqual(['declined']);
    expect(w.performed).toEqual([]);
  });

  test('what was proposed is done unasked once the level allows it, and once', async () => {
    const w = world({ level: 'cautious' });
    w.down('Web');
    await w.pass(MINUTE, 10_000);
    expect(w.performed).toEqual([]);
    w.state.level = 'moderate';
    w.state.maintenance = true;
    await w.tick();
    expect(w.incidents.restarts(undefined, 9).map(({ state }) => state)).toEqual(['proposed']);
    w.state.maintenance = false;
    await w.tick();
    await w.tick();
    expect(w.performed).toHaveLength(1);
    const [done, proposed] = w.incidents.restarts(undefined, 9);
    expect(proposed).toMatchObject({ state: 'withdrawn', detail: 'it may be done unasked by now' });
    expect(done).toMatchObject({ by: 'Tenure', level: 'moderate' });
  });

  test('what was under way when Tenure ended is not known, and stays counted', async () => {
    const w = world({ config: { restartsPerHour: 1 } });
    w.down('Web');
    w.incidents.tick();
    w.restartTenure();
    await w.tick();
    expect(w.incidents.restarts(undefined, 9).map(({ state }) => state)).toEqual(['unknown']);
    await w.pass(10 * MINUTE, MINUTE);
    expect(w.performed).toEqual([]);
    expect(w.incidents.list({})[0]?.needsPerson).toMatch(/budget/);
  });

  test.each(['ends by itself', 'hangs'])(
    'its program outlives Tenure and %s: it is waited for, then asked about',
    async (how) => {
      const w = world();
      w.down('Web');
      w.state.hangs = true;
      await w.tick();
      expect(w.performed).toHaveLength(1);
      w.restartTenure();
      await w.pass(MINUTE, 1_000);
      expect(w.incidents.restarts(undefined, 9).map(({ state }) => state)).toEqual(['running']);
      expect(() => w.incidents.restart('Web', 'owner (token)')).toThrow(/being restarted already/);
      if (how === 'hangs') await w.pass(RESTART_MS, 1_000);
      else w.state.hangs = false;
      await w.pass(2_000, 1_000);
      expect(w.ended).toEqual(how === 'hangs' ? [PROGRAM] : []);
      const [asked, unknown] = w.incidents.restarts(undefined, 9);
      const end = how === 'hangs' ? /took too long and was ended/ : /does not run any more/;
      expect(unknown).toMatchObject({ state: 'unknown', detail: expect.stringMatching(end) });
      expect(asked).toMatchObject({ state: 'proposed', reason: 'Nobody saw whether the last restart helped.' });
      expect(w.performed).toHaveLength(1);
    },
  );

  test('down again within ten minutes: it is first seen again whether others fail as well (T-032)', async () => {
    const w = world({ config: { settleMs: 30_000, restartsPerHour: 9 } });
    w.down('A');
    await w.pass(35_000, 5_000);
    w.up('A');
    await w.tick();
    expect(w.performed).toHaveLength(1);
    await w.pass(5 * MINUTE);
    w.down('A');
    await w.pass(20_000, 10_000);
    expect(w.incidents.list({ all: true })).toHaveLength(1);
    expect(w.performed).toHaveLength(1);
    w.down('B');
    w.down('C');
    await w.pass(MINUTE, 10_000);
    expect(w.performed).toHaveLength(1);
    expect(w.incidents.list({}).some(({ kind }) => kind === 'infrastructure')).toBe(true);
  });

  test('down again alone, it is restarted once that time has passed', async () => {
    const w = world({ config: { settleMs: 30_000, restartsPerHour: 9 } });
    w.down('A');
    await w.pass(35_000, 5_000);
    w.up('A');
    await w.pass(5 * MINUTE);
    w.down('A');
    await w.pass(20_000);
    expect(w.performed).toHaveLength(1);
    await w.pass(20_000);
    expect(w.performed).toHaveLength(2);
  });

  test('half-open: a hundred passes in the same moment begin exactly one', async () => {
    const w = world();
    w.down('Web');
    for (let n = 0; n < 100; n++) w.incidents.tick();
    await w.tick();
    expect(w.performed).toHaveLength(1);
  });
});
