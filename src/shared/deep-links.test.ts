import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { routeOf, WINDOW_SCREENS } from '../renderer/route.ts';
import { linkIn, placeOf } from './deep-links.ts';

test.each([
  ['tenure://open', ''],
  ['tenure://decision/dec_k3v9', '#/window/decisions/dec_k3v9'],
  ['tenure://session/ses_1-a', '#/window/sessions/ses_1-a'],
  ['tenure://service/svc_web/', '#/window/services/svc_web'],
  ['tenure://trust', '#/window/trust'],
  ['tenure://health/', '#/window/health'],
])('%s shows %s', (link, place) => {
  expect(placeOf(link)).toBe(place);
});

test('every screen of the window has a link, and every link is a screen', () => {
  for (const screen of WINDOW_SCREENS) {
    expect(routeOf(placeOf(`tenure://${screen}`) ?? '')).toMatchObject({ view: 'window', screen, id: null });
  }
  expect(routeOf(placeOf('tenure://session/ses_1') ?? '')).toMatchObject({ screen: 'sessions', id: 'ses_1' });
});

describe('hostile or broken', () => {
  test.each([
    'tenure://app/',
    'tenure://app/rpc/decisions.approve',
    'tenure://decision',
    'tenure://decision/dec_1/approve',
    'tenure://decision/dec_1?approve=1',
    'tenure://decision/dec_1#/window/settings',
    'tenure://decision/..%2f..',
    'tenure://decision/../settings',
    'tenure://decision/dec 1',
    'tenure://decision/dec_1\n',
    'tenure://decision/d\u202ee',
    'tenure://decision/dec_1"><script>',
    `tenure://decision/${'a'.repeat(65)}`,
    `tenure://${'a'.repeat(300)}`,
    'tenure://trust/1',
    'tenure://user:pass@trust',
    'tenure://trust:80',
    'tenure:trust',
    'tenure:///trust',
    'TENURE://trust',
    ' tenure://trust',
    'tenure://constructor',
    'tenure://__proto__/x',
    'javascript:alert(1)//tenure://trust',
    'https://trust',
    '',
  ])('%j shows nothing', (link) => {
    expect(placeOf(link)).toBeNull();
  });

  test('whatever is passed on is a hash of ours without anything that could leave it', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string().map((s) => `tenure://decision/${s}`),
        ),
        (link) => {
          const place = placeOf(link);
          if (place !== null) expect(place).toMatch(/^(|#\/window\/[a-z]+(\/[\w-]{1,64})?)$/);
        },
      ),
    );
  });
});

test('a link is found among the arguments of a second start', () => {
  expect(linkIn(['/opt/Tenure/tenure', '--demo', 'tenure://trust'])).toBe('tenure://trust');
  expect(linkIn(['/opt/tenure://x'])).toBeNull();
});
