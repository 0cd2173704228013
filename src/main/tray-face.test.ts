import { describe, expect, it } from 'vitest';
import { decision, promotion, session, snapshot, trust } from '../../test/fakes/electron/engine.ts';
import { trayFace } from './tray-face.ts';

const pending = decision();
const working = session();
const T = 1_000;
const quota = session({
  id: 'ses_q',
  state: 'ended',
  outcome: 'quota',
  startedAt: T,
  endedAt: 5 * T,
  problem: 'Resets at 14:00.',
});

describe('trayFace', () => {
  it.each([
    ['no engine', null, 'offline', '', 'Tenure: the engine is not running'],
    ['nothing', snapshot(), 'idle', '', 'Tenure: nothing is running'],
    [
      'paused with a queue',
      snapshot({ paused: true, sessions: [session({ state: 'queued', startedAt: null })] }),
      'idle',
      '',
      'Tenure: nothing is running, 1 queued, paused: nothing new starts',
    ],
    ['one session', snapshot({ sessions: [working] }), 'working', '', 'Tenure: 1 session working'],
    [
      'a session that is being measured',
      snapshot({ sessions: [session({ state: 'evaluating' })] }),
      'working',
      '',
      'Tenure: 1 session working',
    ],
    [
      'a parked session',
      snapshot({ sessions: [session({ state: 'parked' })] }),
      'idle',
      '',
      'Tenure: nothing is running',
    ],
    [
      'a decision',
      snapshot({ sessions: [working], decisions: [pending] }),
      'needs-you',
      '1',
      'Tenure: 1 decision waits for you; 1 session working',
    ],
    [
      'a decision that was answered',
      snapshot({ decisions: [decision({ state: 'approved' })] }),
      'idle',
      '',
      'Tenure: nothing is running',
    ],
    [
      'decisions and a promotion',
      snapshot({ decisions: [pending, decision({ id: 'dec_2' })], trust: trust({ promotion: promotion() }) }),
      'needs-you',
      '3',
      'Tenure: 2 decisions and a promotion to Moderate wait for you; nothing is running',
    ],
    [
      'a promotion that was declined',
      snapshot({ trust: trust({ promotion: promotion({ state: 'declined' }) }) }),
      'idle',
      '',
      'Tenure: nothing is running',
    ],
    ['the usage limit', snapshot({ sessions: [quota] }), 'limit', '', 'Tenure: usage limit reached; Resets at 14:00.'],
    [
      'the usage limit while another still works',
      snapshot({ sessions: [quota, session({ startedAt: 2 * T })] }),
      'limit',
      '',
      'Tenure: usage limit reached; Resets at 14:00.',
    ],
    [
      'a decision over the usage limit',
      snapshot({ sessions: [quota], decisions: [pending] }),
      'needs-you',
      '1',
      'Tenure: 1 decision waits for you; nothing is running',
    ],
    [
      'a start after the usage limit',
      snapshot({ sessions: [session({ startedAt: 6 * T }), quota] }),
      'working',
      '',
      'Tenure: 1 session working',
    ],
    [
      'an ordinary end after the usage limit',
      snapshot({
        sessions: [session({ state: 'ended', outcome: 'completed', startedAt: 2 * T, endedAt: 9 * T }), quota],
      }),
      'idle',
      '',
      'Tenure: nothing is running',
    ],
  ])('%s', (_name, state, shape, title, tooltip) => {
    expect(trayFace(state)).toEqual({ shape, title, tooltip });
  });

  it('says that it is the demo', () => {
    const demo = snapshot();
    expect(trayFace({ ...demo, engine: { ...demo.engine, demo: true } }).tooltip).toMatch(/^Tenure \(demo\): /);
  });

  it('keeps the title within what macOS shows', () => {
    const many = Array.from({ length: 1_200 }, (_, i) => decision({ id: `dec_${i}` }));
    expect(trayFace(snapshot({ decisions: many })).title).toBe('999+');
  });
});
