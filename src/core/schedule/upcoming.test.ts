import { expect, test } from 'vitest';
import { createFakeClock } from '../../../test/fakes/clock.ts';
import type { Project } from '../../shared/contract/projects.ts';
import { createCron } from '../adapters/cron.ts';
import { createUpcoming } from './upcoming.ts';

const HOUR = 3_600_000;
const plan = (id: string, cron: string, timezone = 'UTC', nextRunAt: number | null = 1): Project =>
  ({ id, name: id, schedule: { cron, timezone, prompt: `Work on ${id}`, nextRunAt } }) as Project;

function ahead(at: string, projects: readonly Project[], check: string | null = null) {
  const clock = createFakeClock();
  clock.advance(Date.parse(at) - clock.now());
  return createUpcoming({
    clock,
    cron: createCron(),
    projects: () => projects,
    promotionCheck: () => (check === null ? null : { cron: check, timezone: 'UTC' }),
    timezone: () => 'Europe/Berlin',
    isPaused: () => true,
  });
}
const said = (runs: readonly { at: number; project: string | null }[]) =>
  runs.map(({ at, project }) => `${new Date(at).toISOString()} ${project}`);

test('soonest first over all projects, with what is Tenure’s own; nothing that never comes again', () => {
  const projects = [plan('b', '0 6 * * *'), plan('a', '0 5 * * *'), plan('never', '0 0 1 1 *', 'UTC', null)];
  const { runs, cut, paused } = ahead('2026-11-20T05:30:00Z', projects, '30 5 * * *').upcoming({ days: 1 });
  expect(said(runs)).toEqual([
    '2026-11-20T06:00:00.000Z b',
    '2026-11-21T05:00:00.000Z a',
    '2026-11-21T05:30:00.000Z null',
  ]);
  expect(runs[0]?.prompt).toBe('Work on b');
  expect([cut, paused]).toEqual([false, true]);
});

test('a plan of every minute neither hides the others nor goes on for ever', () => {
  const { runs, cut } = ahead('2026-11-20T00:00:00Z', [plan('often', '* * * * *'), plan('rare', '0 1 * * *')]).upcoming(
    {},
  );
  expect(cut).toBe(true);
  expect(runs.filter(({ project }) => project === 'often')).toHaveLength(200);
  expect(runs.filter(({ project }) => project === 'rare')).toHaveLength(7);
});

test('a preview is of the zone of the settings unless one is given, right over a change of the clocks', () => {
  const upcoming = ahead('2026-10-24T12:00:00Z', []);
  const { timezone, runs } = upcoming.preview({ cron: '0 9 * * *', count: 2 });
  expect(timezone).toBe('Europe/Berlin');
  expect(runs.map((at) => new Date(at).toISOString())).toEqual([
    '2026-10-25T08:00:00.000Z',
    '2026-10-26T08:00:00.000Z',
  ]);
  expect((runs[1] ?? 0) - (runs[0] ?? 0)).toBe(24 * HOUR);
  expect(upcoming.preview({ cron: '0 9 30 2 *' }).runs).toEqual([]);
  expect(() => upcoming.preview({ cron: 'often' })).toThrow('"often" in zone "Europe/Berlin" is no schedule');
  expect(() => upcoming.preview({ cron: '* * * * *', timezone: 'Mars/Base' })).toThrow('Mars/Base');
});
