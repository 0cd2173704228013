import { expect, test } from 'vitest';
import { hashOf, routeOf } from './route.ts';

test.each([
  ['', { view: 'popover' }],
  ['#/', { view: 'popover' }],
  ['#/window', { view: 'popover' }],
  ['#/window/nowhere', { view: 'popover' }],
  ['#/elsewhere/trust', { view: 'popover' }],
  ['#/window/trust', { view: 'window', screen: 'trust', id: null }],
  ['#/window/sessions/ses_1', { view: 'window', screen: 'sessions', id: 'ses_1' }],
  ['#/window/sessions/', { view: 'window', screen: 'sessions', id: null }],
  ['#/window/sessions/%E0%A4%A', { view: 'window', screen: 'sessions', id: null }],
])('%j', (hash, route) => expect(routeOf(hash)).toEqual(route));

test('a hash and its route are the same thing', () => {
  const id = 'a/b #?ü';
  expect(routeOf(hashOf('sessions', id))).toEqual({ view: 'window', screen: 'sessions', id });
});
