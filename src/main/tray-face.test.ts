import { describe, expect, it } from 'vitest';
import { decision, promotion, session, snapshot, trust } from '../../test/fakes/electron/engine.ts';
import { restart, service } from '../../test/fakes/services/views.ts';
import { trayFace } from './tray-face.ts';

const pending = decision();
const working = session();
const quota = session({
  id: 'ses_q',
  state: 'queued',
  waitingFor: 'quota',
  retryAt: Date.UTC(2026, 10, 20, 14, 5),
  problem: "You've hit your limit.",
});
const held = session({ state: 'parked', held: { reason: 'repeating', since: 0, evidence: ['The same.'] } });
const stall = { lastLineAt: 0, endsAt: null, evidence: [] };

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
    [
      'a service that is down',
      snapshot({ sessions: [working], services: [service({ state: 'down', confirmed: 'down' })] }),
      'failing',
      '',
      'Tenure: Web is down; 1 session working',
    ],
    [
      'services that are down, one of them in maintenance, one paused',
      snapshot({
        services: [
          service({ state: 'down', confirmed: 'down' }),
          service({ state: 'pending', confirmed: 'down' }),
          service({ state: 'down', confirmed: 'down', inMaintenance: true }),
          service({ state: 'paused', confirmed: null }),
          service(),
        ],
      }),
      'failing',
      '',
      'Tenure: 2 services are down; nothing is running',
    ],
    [
      'a restart that is asked about',
      snapshot({ services: [service({ state: 'down', confirmed: 'down', restarting: restart() })] }),
      'needs-you',
      '1',
      'Tenure: 1 restart waits for you; Web is down; nothing is running',
    ],
    [
      'the usage limit',
      snapshot({ sessions: [quota] }),
      'limit',
      '',
      'Tenure: Limit reached, goes on at 14:05; nothing is running, 1 queued',
    ],
    [
      'the usage limit of two, while another still works',
      snapshot({ sessions: [session({ ...quota, id: 'ses_r', retryAt: null }), quota, working] }),
      'limit',
      '',
      'Tenure: Limit reached, goes on at 14:05; 1 session working, 2 queued',
    ],
    [
      'a session that is held',
      snapshot({ sessions: [held] }),
      'needs-you',
      '1',
      'Tenure: 1 session waits for you; nothing is running',
    ],
    [
      'a silent session and a decision',
      snapshot({ sessions: [session({ stall })], decisions: [pending] }),
      'needs-you',
      '2',
      'Tenure: 1 decision and 1 session wait for you; 1 session working',
    ],
    [
      'a decision over the usage limit',
      snapshot({ sessions: [quota], decisions: [pending] }),
      'needs-you',
      '1',
      'Tenure: 1 decision waits for you; nothing is running, 1 queued',
    ],
  ])('%s', (_name, state, shape, title, tooltip) => {
    expect(trayFace(state, Date.UTC(2026, 10, 20, 9))).toEqual({ shape, title, tooltip });
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
