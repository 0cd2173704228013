import { expect, test } from 'vitest';
import { createEngineStandIn, session, snapshot } from '../../test/fakes/electron/engine.ts';
import { keepAwake } from './awake.ts';

test('the machine is kept awake while a session runs, once for all of them, and no longer', () => {
  const engine = createEngineStandIn(snapshot({ sessions: [session({ state: 'queued' })] }));
  const log: string[] = [];
  keepAwake({ snapshot: engine.snapshot, journal: { subscribe: engine.onFact } }, () => {
    log.push('awake');
    return () => void log.push('may sleep');
  });
  expect(log).toEqual([]);
  engine.emit({ type: 'session.changed', body: { session: session({ state: 'working' }) } });
  engine.emit({ type: 'session.changed', body: { session: session({ id: 'ses_2', state: 'starting' }) } });
  engine.emit({ type: 'session.ended', body: { session: session({ state: 'ended', endedAt: 1 }) } });
  expect(log).toEqual(['awake']);
  engine.emit({ type: 'session.changed', body: { session: session({ id: 'ses_2', state: 'parked' }) } });
  expect(log).toEqual(['awake', 'may sleep']);
  engine.emit({ type: 'session.changed', body: { session: session({ id: 'ses_2' }) } });
  expect(log.at(-1)).toBe('awake');
});
