import { describe, expect, test } from 'vitest';
import {
  type Answered,
  afterRun,
  effectiveLevel,
  firstPrompt,
  leastLeft,
  NOTHING_TO_DO,
  type RunOver,
  resumePrompt,
} from './rules.ts';

const over = (given: Partial<RunOver>) =>
  afterRun({
    kind: 'completed',
    stopWanted: null,
    pending: 0,
    untold: 0,
    agentStarted: true,
    resumed: false,
    ...given,
  });

describe('what becomes of a session whose run is over', () => {
  test.each<[string, Partial<RunOver>, string]>([
    ['it ended by itself', {}, 'end completed'],
    ['it ended with a question open', { pending: 1 }, 'park'],
    ['it ended with an answer it has not heard', { untold: 1 }, 'park'],
    ['it deferred', { kind: 'deferred', pending: 1 }, 'park'],
    ['it deferred and was answered meanwhile', { kind: 'deferred', untold: 1 }, 'park'],
    ['a person stopped it at its deferral', { kind: 'deferred', stopWanted: 'stopped', pending: 1 }, 'end stopped'],
    ['a person stopped it with a question open', { stopWanted: 'stopped', pending: 1 }, 'end stopped'],
    ['its time ran out with a question open', { stopWanted: 'timed_out', pending: 1 }, 'end timed_out'],
    ['the gate ended it', { kind: 'ended_by_gate', stopWanted: 'ended_by_gate' }, 'end ended_by_gate'],
    ['it ended by itself just before a stop', { stopWanted: 'stopped' }, 'end completed'],
    ['a shutdown cut it off', { kind: 'interrupted', stopWanted: 'interrupted' }, 'end interrupted'],
    ['a shutdown cut it off at a question', { kind: 'interrupted', stopWanted: 'interrupted', pending: 1 }, 'park'],
    [
      'a shutdown came before an approval got there',
      { kind: 'interrupted', stopWanted: 'interrupted', untold: 1 },
      'park',
    ],
    ['it was cut off before it had begun', { kind: 'interrupted', pending: 1, agentStarted: false }, 'end interrupted'],
    ['the conversation was lost', { kind: 'unknown_session', resumed: true }, 'begin_anew'],
    ['a first run knows no conversation', { kind: 'unknown_session' }, 'end unknown_session'],
    ['it crashed with a question open', { kind: 'crashed', pending: 1 }, 'end crashed'],
  ])('%s', (_name, given, expected) => {
    const next = over(given);
    expect(next.step === 'end' ? `end ${next.kind}` : next.step).toBe(expected);
  });
});

const answer = (state: Answered['state'], more: Partial<Answered> = {}): Answered => ({
  id: 'dec_1',
  sessionId: 'ses_1',
  projectId: 'prj_1',
  project: 'app',
  action: { tool: 'Bash', summary: 'git push', detail: 'git push', cwd: '/' },
  risk: 'high',
  level: 'moderate',
  verdict: 'ask',
  state,
  reasons: [],
  steps: 1,
  askedAt: 0,
  deadline: 1,
  answeredAt: 1,
  answeredBy: 'owner',
  answerReason: null,
  answerCode: null,
  alike: null,
  undoable: false,
  outcome: null,
  toolUseId: 'toolu_1',
  toldAt: null,
  urgency: 'normal',
  escalations: 0,
  warned: false,
  quietUntil: null,
  tribunal: null,
  startedAt: null,
  settledAt: null,
  auto: false,
  wrong: null,
  ...more,
});

describe('what a parked agent is told', () => {
  test('every answer once, in words that leave no doubt what has run', () => {
    expect(resumePrompt([answer('approved')], null)).toContain(
      'Ask for exactly the same again to run it; it has not run yet.',
    );
    expect(resumePrompt([answer('denied', { answerReason: 'not today' })], null)).toContain('denied. not today');
    expect(resumePrompt([answer('expired')], null)).toContain('nobody answered in time');
    expect(resumePrompt([answer('approved', { toldAt: 5 })], null)).toBeNull();
  });

  test('nothing about the call that runs first by itself', () => {
    expect(resumePrompt([answer('approved')], 'toolu_1')).toBeNull();
    expect(resumePrompt([answer('approved'), answer('denied', { toolUseId: 'toolu_2' })], 'toolu_1')).not.toContain(
      'approved',
    );
  });

  test('the first prompt carries the house rules, and the answers where it begins anew', () => {
    expect(firstPrompt('Fix it.', null)).toMatch(/^Fix it\.[\s\S]*Commit your work/);
    expect(firstPrompt('Fix it.', null)).toContain(NOTHING_TO_DO);
    expect(firstPrompt('Fix it.', null)).not.toContain('cut off');
    expect(firstPrompt('Fix it.', [answer('approved')])).toMatch(/cut off[\s\S]*approved/);
  });
});

describe('what a person allowed a single session', () => {
  const project = { ceiling: 'moderate', protected: false } as const;
  test.each([
    ['full', null, 'moderate'],
    ['full', 'observe', 'observe'],
    ['cautious', 'full', 'cautious'],
    ['full', 'full', 'moderate'],
  ] as const)('at %s with a ceiling of its own of %s it acts at %s', (level, own, effective) => {
    expect(effectiveLevel(level, project, own)).toBe(effective);
  });
  test('protected stands above any ceiling of its own', () => {
    expect(effectiveLevel('full', { ...project, protected: true }, 'full')).toBe('observe');
  });
  test.each([
    [null, null, null, null],
    [5, null, 1, 5],
    [null, 2, null, 2],
    [5, 2, 0.5, 1.5],
    [1, 2, 0.5, 1],
    [null, 2, 3, -1],
  ])('of %s left and a budget of its own of %s, %s spent, there is %s', (left, own, spent, rest) => {
    expect(leastLeft(left, own, spent)).toBe(rest);
  });
});
