import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../../test/fakes/random.ts';
import { ServiceSettings } from '../../shared/contract/services.ts';
import { afterCheck, type Finding, faceOf, isFailing, isOwn, needsNetwork, type Progress, UNSEEN } from './rules.ts';

const LIMITS = { downAfter: 3, upAfter: 2 };
const finding = (at: number, ok: boolean | null): Finding => ({
  at,
  ok,
  ms: ok ? 5 : null,
  detail: '',
  certificateExpiresAt: null,
  stopped: false,
});
const after = (text: string, from: Progress = UNSEEN): Progress =>
  text
    .split('')
    .reduce(
      (progress, letter, n) => afterCheck(progress, finding(n, letter === '?' ? null : letter === 'u'), LIMITS),
      from,
    );

describe('thresholds', () => {
  test.each([
    ['', null, 'unknown', null],
    ['u', 'up', 'up', null],
    ['f', null, 'pending', { toward: 'down', n: 1, of: 3 }],
    ['uf', 'up', 'pending', { toward: 'down', n: 1, of: 3 }],
    ['uffu', 'up', 'up', null],
    ['ufff', 'down', 'down', null],
    ['ufffu', 'down', 'pending', { toward: 'up', n: 1, of: 2 }],
    ['ufffuf', 'down', 'down', null],
    ['ufffuu', 'up', 'up', null],
    ['fff', 'down', 'down', null],
    // Not knowing breaks no row and makes no verdict.
    ['uf?f?f', 'down', 'down', null],
    ['u?', 'up', 'unknown', null],
    ['ufff?', 'down', 'down', null],
    ['u???????', 'up', 'unknown', null],
  ] as const)('%s', (text, confirmed, state, pending) => {
    const progress = after(text);
    expect(progress.confirmed).toBe(confirmed);
    expect(faceOf(progress, LIMITS, false)).toEqual({ state, pending });
  });

  test('a pause shows as one, whatever was known', () => {
    expect(faceOf(after('ufff'), LIMITS, true)).toEqual({ state: 'paused', pending: null });
  });

  test('an isolated failure speaks for nothing else; a row of them, and a first one that is enough, do', () => {
    expect(isFailing(after('uf'), LIMITS)).toBe(false);
    expect(isFailing(after('uff'), LIMITS)).toBe(true);
    expect(isFailing(after('uf'), { ...LIMITS, downAfter: 1 })).toBe(true);
    expect(isFailing(after('ufffu'), LIMITS)).toBe(false);
  });
});

test('1,000,000 checks with 2 % isolated failures: never down', () => {
  const random = seededRandom(20_261_120);
  let progress = UNSEEN;
  let failures = 0;
  let before = true;
  let downs = 0;
  for (let n = 0; n < 1_000_000; n++) {
    const ok: boolean = !before || random() >= 0.02;
    before = ok;
    failures += Number(!ok);
    progress = afterCheck(progress, finding(n, ok), LIMITS);
    downs += Number(progress.confirmed === 'down');
  }
  expect(failures).toBeGreaterThan(15_000);
  expect(downs).toBe(0);
});

test('a real outage is confirmed within threshold × interval + timeout', () => {
  fc.assert(
    fc.property(
      fc.record({
        interval: fc.integer({ min: 1_000, max: 300_000 }),
        share: fc.double({ min: 0.01, max: 1, noNaN: true }),
        phase: fc.double({ min: 0, max: 1, noNaN: true }),
        downAfter: fc.integer({ min: 1, max: 8 }),
        begins: fc.integer({ min: 0, max: 1_000_000 }),
      }),
      ({ interval, share, phase, downAfter, begins }) => {
        const timeout = Math.ceil(interval * share);
        let progress = UNSEEN;
        for (let start = phase * interval; ; start += interval) {
          const fails = start >= begins;
          const at = start + (fails ? timeout : 1);
          progress = afterCheck(progress, finding(at, !fails), { downAfter, upAfter: 2 });
          if (progress.confirmed === 'down') {
            expect(at).toBeLessThanOrEqual(begins + downAfter * interval + timeout);
            return;
          }
        }
      },
    ),
    { numRuns: 500 },
  );
});

test('flapping is the share of changes among 21 checks, with a gap between its beginning and its end', () => {
  expect(after('u'.repeat(15) + 'fufuf').flapping).toBe(false);
  const flapping = after(`${'u'.repeat(14)}fufufuf`);
  expect(flapping.flapping).toBe(true);
  // Fewer changes, but not yet few enough.
  expect(after('u'.repeat(14), flapping).flapping).toBe(true);
  expect(after('u'.repeat(21), flapping).flapping).toBe(false);
});

describe('what is Tenure itself, and what needs the network', () => {
  const own = { pid: 1, port: 4517 };
  const settings = (target: object, restart: object | null = null) =>
    ServiceSettings.parse({ name: 'x', target, restart });
  test.each([
    [{ kind: 'http', url: 'http://127.0.0.1:4517/health' }, null, true],
    [{ kind: 'http', url: 'http://localhost:4517/' }, null, true],
    [{ kind: 'http', url: 'http://[::1]:4517/' }, null, true],
    [{ kind: 'http', url: 'http://127.0.0.1:8080/' }, null, false],
    [{ kind: 'http', url: 'http://10.0.0.7:4517/' }, null, false],
    [{ kind: 'tcp', host: '127.0.0.1', port: 4517 }, null, true],
    [{ kind: 'tcp', host: '127.0.0.1', port: 80 }, { kind: 'launchd', label: 'dev.tenure.app' }, true],
    [{ kind: 'tcp', host: '127.0.0.1', port: 80 }, { kind: 'systemd', unit: 'tenure.service' }, true],
    [
      { kind: 'tcp', host: '127.0.0.1', port: 80 },
      { kind: 'command', argv: ['sh', '-c', 'pkill -x tenure; true'] },
      true,
    ],
    [{ kind: 'tcp', host: '127.0.0.1', port: 80 }, { kind: 'command', argv: ['/usr/local/bin/tenure', 'stop'] }, true],
    [{ kind: 'tcp', host: '127.0.0.1', port: 80 }, { kind: 'command', argv: ['/opt/tenure-things/restart-db'] }, false],
    [{ kind: 'tcp', host: '127.0.0.1', port: 80 }, { kind: 'docker', container: 'postgres' }, false],
  ])('%j %j', (target, restart, expected) => {
    expect(isOwn(settings(target, restart), own)).toBe(expected);
  });

  test.each([
    [{ kind: 'http', url: 'https://example.com/' }, true],
    [{ kind: 'http', url: 'http://127.0.0.1/' }, false],
    [{ kind: 'tcp', host: '192.168.1.4', port: 22 }, true],
    [{ kind: 'ping', host: 'localhost' }, false],
    [{ kind: 'dns', name: 'example.com' }, true],
    [{ kind: 'dns', name: 'example.com', server: '127.0.0.1:5353' }, false],
    [{ kind: 'docker', container: 'x' }, false],
    [{ kind: 'disk', path: '/' }, false],
  ])('%j needs the network: %j', (target, expected) => {
    expect(needsNetwork(settings(target).target)).toBe(expected);
  });
});
