import { expect, test } from 'vitest';
import { hashOf, routeOf } from './route.ts';

test.each([
  ['', { view: 'popover' }],
  ['#/', { view: 'popover' }],
  ['#/window', { view: 'popover' }],
  ['#/window/nowhere', { view: 'popover' }],
  ['#/elsewhere/trust', { view: 'popover' }],
  ['#/window/trust', { view: 'window', screen: 'trust', id: null, tab: 'overview' }],
  ['#/window/sessions/ses_1', { view: 'window', screen: 'sessions', id: 'ses_1', tab: 'overview' }],
  ['#/window/sessions/ses_1/changes', { view: 'window', screen: 'sessions', id: 'ses_1', tab: 'changes' }],
  ['#/window/sessions/ses_1/nowhere', { view: 'window', screen: 'sessions', id: 'ses_1', tab: 'overview' }],
  ['#/window/sessions/', { view: 'window', screen: 'sessions', id: null, tab: 'overview' }],
  ['#/window/sessions/%E0%A4%A', { view: 'window', screen: 'sessions', id: null, tab: 'overview' }],
])('%j', (hash, route) => expect(routeOf(hash)).toEqual(route));

test('a hash and its route are the same thing', () => {
  const id = 'a/b #?ü';
  const session = { view: 'window', screen: 'sessions', id };
  expect(routeOf(hashOf('sessions', id))).toEqual({ ...session, tab: 'overview' });
  expect(routeOf(hashOf('sessions', id, 'transcript'))).toEqual({ ...session, tab: 'transcript' });
});
