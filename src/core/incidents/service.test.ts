import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { HOUR, MINUTE, world } from '../../../test/incidents-rig.ts';

/** `TENURE_LIVES=1000` takes minutes and looks further. */
const LIVES = Number(process.env.TENURE_LIVES ?? 25);

describe('messages', () => {
  test('told once, reminded ever more seldom, closed with "recovered"', async () => {
    const w = world({ level: 'observe' });
    w.down('Web');
    for (let n = 0; n < 5; n++) await w.tick();
    expect(w.titles()).toEqual(['down']);
    await w.pass(31 * MINUTE, MINUTE);
    expect(w.titles()).toEqual(['down', 'reminder']);
    await w.pass(55 * MINUTE, MINUTE);
    expect(w.titles()).toEqual(['down', 'reminder']);
    await w.pass(24 * HOUR, 5 * MINUTE);
    expect(w.titles().length).toBeLessThan(9);
    w.up('Web');
    await w.tick();
    await w.tick();
    expect(w.titles().at(-1)).toBe('recovered');
    expect(w.titles().filter((kind) => kind === 'recovered')).toHaveLength(1);
  });

  test('flapping: one incident, one message, none more until it has settled (T-031)', async () => {
    const w = world({ level: 'observe' });
    for (let n = 0; n < 20; n++) {
      w.down('Web', { flapping: true });
      await w.pass(10_000);
      w.up('Web', { flapping: true });
      await w.pass(10_000);
    }
    expect(w.titles()).toEqual(['down']);
    w.up('Web');
    await w.tick();
    expect(w.titles()).toEqual(['down', 'recovered']);
    expect(w.incidents.list({ all: true })).toHaveLength(1);
  });

  test('down and up every half minute: at most one alert in ten minutes', async () => {
    const w = world({ level: 'observe' });
    for (let n = 0; n < 40; n++) {
      w.down('Web');
      await w.pass(30_000, 15_000);
      w.up('Web');
      await w.pass(30_000, 15_000);
    }
    expect(w.titles().filter((kind) => kind === 'down').length).toBeLessThanOrEqual(5);
  });

  test('in maintenance nothing is told; a failure that outlasts it is', async () => {
    const w = world({ level: 'observe' });
    w.state.maintenance = true;
    w.down('Web');
    await w.pass(20 * MINUTE, MINUTE);
    expect(w.titles()).toEqual([]);
    w.state.maintenance = false;
    await w.tick();
    expect(w.titles()).toEqual(['down']);
  });

  test('a service that is not watched any more ends its incident without a word', async () => {
    const w = world({ level: 'cautious' });
    w.down('Web');
    await w.tick();
    w.forget('Web');
    await w.tick();
    expect(w.titles()).toEqual(['down']);
    expect(w.incidents.list({})).toEqual([]);
    expect(w.incidents.restarts(undefined, 9).map(({ state }) => state)).toEqual(['withdrawn']);
  });

  test('verdicts count in the trust record, once each', async () => {
    const w = world({ level: 'cautious' });
    w.down('Web');
    await w.tick();
    const [incident] = w.incidents.list({});
    expect(w.incidents.verdict(incident?.id ?? '', 'false').verdict).toBe('false');
    expect(w.incidents.verdict(incident?.id ?? '', 'useful').verdict).toBe('useful');
    expect(w.incidents.get(incident?.id ?? '').verdict).toBe('useful');
  });
});

test('random lives with restarts of Tenure: budgets hold, nothing is told twice, nothing is recovered that was not told', async () => {
  const act = fc.record({
    wait: fc.constantFrom(0, 5_000, MINUTE, 20 * MINUTE),
    id: fc.constantFrom('A', 'B', 'C', 'D'),
    what: fc.constantFrom('down', 'up', 'flap', 'tenure', 'break', 'mend', 'level'),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(act, { minLength: 10, maxLength: 40 }), async (acts) => {
      const w = world();
      for (const id of ['A', 'B', 'C', 'D']) w.up(id);
      for (const { wait, id, what } of acts) {
        if (what === 'down') w.down(id);
        if (what === 'up') w.up(id);
        if (what === 'flap') w.up(id, { flapping: true });
        if (what === 'tenure') w.restartTenure();
        if (what === 'break') w.state.works = false;
        if (what === 'mend') w.state.works = true;
        if (what === 'level') w.state.level = w.state.level === 'moderate' ? 'cautious' : 'moderate';
        await w.pass(wait, Math.max(1, wait / 2));
        await w.tick();
      }
      const own = w.incidents
        .restarts(undefined, 500)
        .filter(({ by, state }) => by === 'Tenure' && !['proposed', 'withdrawn', 'declined', 'shadow'].includes(state));
      for (const { at } of own)
        expect(own.filter((one) => one.at >= at && one.at < at + HOUR).length).toBeLessThanOrEqual(2);
      for (const incident of w.incidents.list({ all: true })) {
        const kinds = w.incidents
          .get(incident.id)
          .timeline.filter(({ kind }) => kind === 'message')
          .map(({ text }) => text);
        let isTold = false;
        for (const text of kinds) {
          if (/recovered/.test(text)) {
            expect(isTold).toBe(true);
            isTold = false;
          } else if (/ is down and needs you\./.test(text)) {
            // Says that it is down, also where the first message still waits for others to show.
            isTold = true;
          } else if (/ is down\.| goes up and down\.| fail at once/.test(text) && !text.startsWith('Still')) {
            expect(isTold).toBe(false);
            isTold = true;
          }
        }
      }
      expect(w.incidents.list({}).filter(({ kind }) => kind === 'infrastructure').length).toBeLessThanOrEqual(1);
    }),
    { numRuns: LIVES },
  );
}, 600_000);
