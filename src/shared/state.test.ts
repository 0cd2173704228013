import { expect, test } from 'vitest';
import { decision, endedSession, project, session, snapshotOf } from '../../test/fakes/pretend-scenes.ts';
import type { Envelope, Fact } from './contract/index.ts';
import type { Snapshot } from './contract/system.ts';
import { applyFact, applySignal, groupOf, RECENT } from './state.ts';

const api = project('api');
const one = session('ses_1', api);
const two = session('ses_2', api);
const start = snapshotOf({ seq: 5, projects: [api], sessions: [one, two] });
const fact = (seq: number, body: Fact): Envelope => ({ ...body, seq, at: 0 });
const asked = (id: string, changes = {}): Fact => ({
  type: 'decision.recorded',
  body: { decision: decision(id, one, 'git push', changes) },
});

test('a fact that the snapshot already has changes nothing, not even the object', () => {
  expect(applyFact(start, fact(5, { type: 'sessions.paused', body: { paused: true } }))).toBe(start);
});

test('a question moves its session to those that need input, its answer moves it back', () => {
  const group = (state: Snapshot) => state.sessions.map(groupOf);
  const open = applyFact(applyFact(start, fact(6, asked('d1'))), fact(7, asked('d2')));
  expect(group(open)).toEqual(['needs_input', 'working']);
  expect(open.sessions[0]?.pendingDecisions).toBe(2);
  expect(open.sessions[1]).toBe(start.sessions[1]);
  const half = applyFact(open, fact(8, asked('d1', { state: 'approved' })));
  expect(group(half)).toEqual(['needs_input', 'working']);
  const done = applyFact(half, fact(9, asked('d2', { state: 'expired' })));
  expect(group(done)).toEqual(['working', 'working']);
});

test('what the gate allowed by itself asks nobody', () => {
  const next = applyFact(start, fact(6, asked('d1', { state: 'allowed', verdict: 'allow' })));
  expect(next.sessions[0]).toBe(start.sessions[0]);
});

test('the open all stay, of the rest the newest', () => {
  let state: Snapshot = start;
  for (let n = 0; n < RECENT + 5; n++) {
    const ended = endedSession(`old_${n}`, api, 1, 4);
    state = applyFact(state, fact(6 + n, { type: 'session.ended', body: { session: ended } }));
  }
  expect(state.sessions).toHaveLength(RECENT + 2);
  expect(state.sessions.filter((s) => s.state === 'working')).toHaveLength(2);
  expect(state.sessions.some((s) => s.id === 'old_0')).toBe(false);
  expect(state.sessions[0]?.id).toBe(`old_${RECENT + 4}`);
});

test('a live figure never reaches a session that has ended', () => {
  const ended = endedSession('ses_1', api, 1, 4);
  const state = applyFact(start, fact(6, { type: 'session.ended', body: { session: ended } }));
  const body = {
    id: 'ses_1',
    phase: 'tool' as const,
    activity: 'Late',
    lastTool: null,
    inputTokens: 1,
    outputTokens: 1,
    costUsd: 1,
    stall: null,
  };
  const late = applySignal(state, { type: 'session.activity', body });
  expect(late.sessions.find((s) => s.id === 'ses_1')).toEqual(ended);
  expect(applySignal(start, { type: 'session.activity', body }).sessions[0]).toMatchObject({
    activity: 'Late',
    turns: 12,
  });
});
