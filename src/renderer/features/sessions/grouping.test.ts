import { expect, test } from 'vitest';
import { endedSession, project, session } from '../../../../test/fakes/pretend-scenes.ts';
import { together } from './grouping.ts';

const NOON = new Date(2026, 10, 20, 12).getTime();
const HOUR = 3_600_000;
const [api, web] = [project('api'), project('web')];
const sessions = [
  session('waits', api, { pendingDecisions: 1, startedAt: NOON - HOUR }),
  session('works', web, { startedAt: NOON - 2 * HOUR }),
  endedSession('late', api, 0, null, { endedAt: NOON - 3 * HOUR }),
  endedSession('evening', web, 0, null, { endedAt: NOON - 13 * HOUR }),
  endedSession('week', api, 0, null, { endedAt: NOON - 5 * 24 * HOUR }),
  endedSession('old', web, 0, null, { endedAt: NOON - 40 * 24 * HOUR }),
];
const titles = (by: 'state' | 'project' | 'time') =>
  together(sessions, by, NOON).map(({ title, sessions: of }) => [title, of.map(({ id }) => id).join(' ')]);

test('by state, by project, by day: everything once, in the order it had', () => {
  expect(titles('state')).toEqual([
    ['Needs input', 'waits'],
    ['Working', 'works'],
    ['Completed', 'late evening week old'],
  ]);
  expect(titles('project')).toEqual([
    ['api', 'waits late week'],
    ['web', 'works evening old'],
  ]);
  expect(titles('time')).toEqual([
    ['Today', 'waits works late'],
    ['Yesterday', 'evening'],
    ['The last seven days', 'week'],
    ['October 2026', 'old'],
  ]);
});
