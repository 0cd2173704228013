import { expect, test } from 'vitest';
import { endedSession, project, session } from '../../../../test/fakes/pretend-scenes.ts';
import { faceOf } from './face.ts';

const api = project('api');

test('what waits is named, with how much more there is', () => {
  const waits = session('s', api, { pendingDecisions: 3 });
  expect(faceOf(waits, 0, 'git push origin HEAD').words).toBe('Asks: git push origin HEAD · 2 more');
});

test.each([
  ['working', session('s', api), 'dot', 'work', 'Editing src/routes/checkout.tsx'],
  ['queued', session('s', api, { state: 'queued' }), 'ring', 'mute', 'Queued, 2 ahead'],
  ['waiting', session('s', api, { pendingDecisions: 1 }), 'diamond', 'human', 'Waiting for you'],
  ['parked', session('s', api, { state: 'parked' }), 'diamond', 'human', 'Parked until you answer'],
  [
    'out of quota',
    session('s', api, {
      state: 'queued',
      waitingFor: 'quota',
      retryAt: Date.UTC(2026, 10, 20, 14, 5),
      problem: 'Hit.',
    }),
    'ring',
    'mute',
    'Limit reached, goes on at 14:05',
  ],
  [
    'short of memory',
    session('s', api, { state: 'queued', waitingFor: 'memory' }),
    'ring',
    'mute',
    'Waits for free memory',
  ],
  [
    'held',
    session('s', api, { state: 'parked', held: { reason: 'repeating', since: 0, evidence: [] } }),
    'diamond',
    'human',
    'Paused, it repeats itself',
  ],
  [
    'silent',
    session('s', api, {
      stall: { lastLineAt: Date.UTC(2026, 10, 20, 13, 58), endsAt: Date.UTC(2026, 10, 20, 14, 8), evidence: [] },
    }),
    'diamond',
    'human',
    'Silent since 13:58, ends at 14:08',
  ],
  ['resisting', session('s', api, { stillAlive: [7, 9] }), 'square', 'bad', 'Still alive: 2 processes, pid 7, 9'],
  ['done well', endedSession('s', api, 1, 4), 'dot', 'trust', '2 commits · +184 −31'],
  ['done poorly', endedSession('s', api, 1, 2), 'square', 'bad', '2 commits · +184 −31'],
  ['stopped', endedSession('s', api, 1, null, { outcome: 'stopped', commits: 0 }), 'dash', 'mute', 'Stopped by you'],
  [
    'crashed',
    endedSession('s', api, 1, null, { outcome: 'crashed', commits: 0, problem: 'Signal 11.' }),
    'square',
    'bad',
    'The agent crashed · Signal 11.',
  ],
] as const)('%s', (_name, shown, shape, tone, words) => {
  expect(faceOf(shown, 2, null, Date.UTC(2026, 10, 20, 9))).toEqual({ shape, tone, words });
});
