import { expect, test } from 'vitest';
import { snapshotOf } from '../../test/fakes/pretend-scenes.ts';
import type { Envelope } from '../shared/contract/index.ts';
import { hear, takeSnapshot } from './mirror.ts';
import { ui } from './ui.ts';

test('what a person has to be told is said once, however often it is heard', () => {
  takeSnapshot(snapshotOf({ seq: 7 }));
  const body = { sessionId: 'ses_1', project: 'shop', score: 2, reason: 'Its tests fail.' };
  const fact: Envelope = { seq: 8, at: 1, type: 'evaluation.alerted', body };
  hear([{ fact }]);
  const first = ui.getState().said;
  expect(first.text).toBe('shop: scored 2 of 5. Its tests fail.');
  hear([{ fact }, { fact: { seq: 9, at: 2, type: 'sessions.paused', body: { paused: true } } }]);
  expect(ui.getState().said).toEqual(first);
});
