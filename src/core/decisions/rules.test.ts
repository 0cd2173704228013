import { describe, expect, test } from 'vitest';
import { urgencyOf } from '../../shared/attention.ts';
import { Config } from '../../shared/config.ts';
import { cellOf, LEVELS, type Level, RISKS, type Risk } from '../../shared/policy.ts';
import { afterDeadline } from './routing.ts';
import { type GateFacts, type History, NO_HISTORY, verdictOf } from './rules.ts';

const facts = (over: Partial<GateFacts>): GateFacts => ({
  level: 'cautious',
  risk: 'low',
  actionReasons: [{ code: 'why', text: 'Because.' }],
  source: 'person',
  hardDeny: null,
  agent: { name: 'claude/opus', score: null },
  history: NO_HISTORY,
  limits: { minScore: 800, autoPerHour: 50, failureRate: 0.3, failureMin: 20, sessionActions: null },
  tribunal: null,
  rule: null,
  irreversible: false,
  ...over,
});
/** An agent that has earned to act by itself. */
const certified = (history: Partial<History> = {}): Partial<GateFacts> => ({
  agent: { name: 'claude/opus', score: 800 },
  history: { ...NO_HISTORY, ranOfKind: 3, ...history },
});

/** The table of the product, for an agent that has earned nothing yet and with no tribunal. */
const EXPECTED: Record<Level, Record<Risk, string>> = {
  observe: { read: 'allow', low: 'ask', medium: 'ask', high: 'ask', critical: 'deny' },
  cautious: { read: 'allow', low: 'ask', medium: 'ask', high: 'ask', critical: 'ask twice' },
  moderate: { read: 'allow', low: 'allow', medium: 'ask', high: 'ask', critical: 'ask twice' },
  full: { read: 'allow', low: 'allow', medium: 'ask', high: 'ask', critical: 'ask twice' },
};

describe('the table, cell by cell', () => {
  test.each(LEVELS.flatMap((level) => RISKS.map((risk) => [level, risk] as const)))('%s × %s', (level, risk) => {
    const { verdict, steps } = verdictOf(facts({ level, risk }));
    expect(steps === 2 ? `${verdict} twice` : verdict).toBe(EXPECTED[level][risk]);
  });

  test('a certified agent acts by itself exactly where the table says so', () => {
    const gained = LEVELS.flatMap((level) => RISKS.map((risk) => ({ level, risk }))).filter(
      (cell) =>
        verdictOf(facts({ ...cell, ...certified() })).verdict === 'allow' && verdictOf(facts(cell)).verdict !== 'allow',
    );
    expect(gained).toEqual([
      { level: 'cautious', risk: 'low' },
      { level: 'full', risk: 'medium' },
    ]);
  });

  /** T-088, T-090: level × risk × score × whoever launched it, and so how urgent it is; each has one way, and it ends. */
  test('with every score at the edge of a tier, every cell has its verdict, and every question its urgency and its end', () => {
    const alone = new Set(['cautious low', 'full medium']);
    const settings = Config.parse({}).decisions;
    const scores = [null, 0, 199, 200, 399, 400, 599, 600, 799, 800, 949, 950, 1_000];
    const urgencies = new Set<string>();
    for (const level of LEVELS)
      for (const risk of RISKS)
        for (const score of scores)
          for (const source of ['person', 'schedule'] as const) {
            const agent = { name: 'claude/opus', score };
            const found = verdictOf(facts({ ...certified(), level, risk, source, agent }));
            const isAlone = alone.has(`${level} ${risk}`) && score !== null && score >= 800;
            const said = found.steps === 2 ? `${found.verdict} twice` : found.verdict;
            const wanted = isAlone ? 'allow' : EXPECTED[level][risk];
            expect({ level, risk, score, source, said, auto: found.auto }).toMatchObject({
              said: wanted,
              auto: isAlone,
            });
            if (found.verdict !== 'ask') continue;
            const urgency = urgencyOf(risk, source === 'person');
            urgencies.add(urgency);
            let step = 0;
            while (afterDeadline(urgency, step, 0, settings).step === 'raise') step += 1;
            expect(step).toBeLessThanOrEqual(settings.escalations);
          }
    expect([...urgencies].toSorted()).toEqual(['high', 'immediate', 'low', 'normal']);
  });

  test('a tribunal may be asked exactly where the table says so', () => {
    const needs = LEVELS.flatMap((level) => RISKS.map((risk) => [level, risk, verdictOf(facts({ level, risk })).need]));
    expect(needs.filter(([, , need]) => need !== null)).toEqual([
      ['moderate', 'medium', 'majority'],
      ['full', 'medium', 'majority'],
      ['full', 'high', 'unanimous'],
    ]);
    expect(verdictOf(facts({ level: 'full', risk: 'high', irreversible: true })).need).toBeNull();
    const failing = { history: { ...NO_HISTORY, finished: 20, failed: 20 } };
    expect(verdictOf(facts({ level: 'full', risk: 'medium', ...failing })).need).toBeNull();
  });

  test('a unanimous tribunal never carries what cannot be undone', () => {
    const high = { level: 'full', risk: 'high', tribunal: 'unanimous' } as const;
    expect(verdictOf(facts(high)).verdict).toBe('allow');
    expect(verdictOf(facts({ ...high, irreversible: true })).verdict).toBe('ask');
    expect(verdictOf(facts({ ...high, tribunal: 'majority' })).verdict).toBe('ask');
  });
});

test('a hard deny stands above every cell, and every reason is kept', () => {
  for (const level of LEVELS) {
    for (const risk of RISKS) {
      const hardDeny = { code: 'own_gate', text: 'An agent may not answer its own questions.' };
      const out = verdictOf(facts({ level, risk, hardDeny, ...certified(), tribunal: 'unanimous' }));
      expect(out.verdict).toBe('deny');
      expect(out.reasons.map((reason) => reason.code)).toEqual(['own_gate', 'why']);
    }
  }
});

describe('eligible', () => {
  const low = (over: Partial<GateFacts>) => verdictOf(facts({ ...certified(), ...over }));

  test('an eligible action is let through, and known as such', () => {
    expect(low({})).toMatchObject({ verdict: 'allow', auto: true });
    expect(verdictOf(facts({ level: 'moderate' }))).toMatchObject({ verdict: 'allow', auto: false });
  });

  test.each<[unmet: string, over: Partial<GateFacts>]>([
    ['certified', { agent: { name: 'claude/opus', score: 799 } }],
    ['certified', { agent: { name: 'claude/opus', score: null } }],
    ['not_excluded', { actionReasons: [{ code: 'deletes', text: 'Deletes src/a.ts.' }] }],
    [
      'not_excluded',
      {
        actionReasons: [
          { code: 'edits_worktree', text: '' },
          { code: 'credentials', text: '' },
        ],
      },
    ],
    ['reversible', { irreversible: true }],
    ['not_first', certified({ ranOfKind: 0 })],
    ['no_recent_failure', certified({ failedOfKind: 1 })],
    ['within_rate', certified({ autoInHour: 50 })],
    ['failure_rate', certified({ finished: 20, failed: 6 })],
  ])('one rule unmet is enough to ask, and it says which: %s', (unmet, over) => {
    const { verdict, reasons, checks, auto } = low(over);
    expect(checks.filter(({ ok }) => !ok).map(({ code }) => code)).toEqual([unmet]);
    expect(auto).toBe(false);
    expect(verdict).toBe('ask');
    expect(reasons.map(({ code }) => code)).toContain(`unmet_${unmet}`);
  });

  test('every rule is asked, whatever the table says', () => {
    const all = low({}).checks.map(({ code }) => code);
    for (const level of LEVELS)
      for (const risk of RISKS) expect(verdictOf(facts({ level, risk })).checks.map(({ code }) => code)).toEqual(all);
  });
});

describe('brakes', () => {
  const failing = { history: { ...NO_HISTORY, finished: 20, failed: 6 } };

  test('too many failures: nothing above low goes ahead unasked, reading and low go on', () => {
    const at = (risk: Risk, over: Partial<GateFacts>) =>
      verdictOf(facts({ level: 'full', risk, tribunal: 'unanimous', ...over })).verdict;
    expect(RISKS.map((risk) => at(risk, {}))).toEqual(['allow', 'allow', 'allow', 'allow', 'ask']);
    expect(RISKS.map((risk) => at(risk, failing))).toEqual(['allow', 'allow', 'ask', 'ask', 'ask']);
  });

  test('few actions are no failure rate, and just under the rate is under it', () => {
    const medium = (history: Partial<History>) =>
      verdictOf(facts({ level: 'full', risk: 'medium', tribunal: 'majority', history: { ...NO_HISTORY, ...history } }))
        .verdict;
    expect(medium({ finished: 19, failed: 19 })).toBe('allow');
    expect(medium({ finished: 20, failed: 5 })).toBe('allow');
    expect(medium({ finished: 20, failed: 6 })).toBe('ask');
  });

  test('a session at its limit asks about all but reading', () => {
    const limits = { ...facts({}).limits, sessionActions: 10 };
    const at = (risk: Risk, ofSession: number) =>
      verdictOf(facts({ level: 'moderate', risk, limits, history: { ...NO_HISTORY, ofSession } })).verdict;
    expect([at('low', 9), at('low', 10), at('read', 10)]).toEqual(['allow', 'ask', 'allow']);
  });

  test('a brake never allows, and never undoes a deny', () => {
    for (const level of LEVELS)
      for (const risk of RISKS) {
        const { verdict } = verdictOf(facts({ level, risk }));
        if (verdict !== 'allow') expect(verdictOf(facts({ level, risk, ...failing })).verdict).toBe(verdict);
      }
  });
});

describe("a person's standing rule", () => {
  const rule = (effect: 'allow' | 'deny') => ({
    effect,
    reason: { code: `rule_${effect}s`, text: 'A person said so.' },
  });

  test('allows where the table asks once, never at observe and never what is critical', () => {
    const lifted = LEVELS.flatMap((level) =>
      RISKS.filter((risk) => {
        const before = verdictOf(facts({ level, risk })).verdict;
        return before !== 'allow' && verdictOf(facts({ level, risk, rule: rule('allow') })).verdict === 'allow';
      }).map((risk) => `${level} ${risk}`),
    );
    expect(lifted).toEqual([
      'cautious low',
      'cautious medium',
      'cautious high',
      'moderate medium',
      'moderate high',
      'full medium',
      'full high',
    ]);
  });

  test('does not stand above a hard deny, nor above the brakes', () => {
    const hardDeny = { code: 'wipes_disk', text: 'It would wipe a disk.' };
    const high = { level: 'full', risk: 'high', rule: rule('allow') } as const;
    expect(verdictOf(facts({ ...high, hardDeny })).verdict).toBe('deny');
    expect(verdictOf(facts({ ...high, history: { ...NO_HISTORY, finished: 20, failed: 20 } })).verdict).toBe('ask');
  });

  test('a prohibition holds at every level and every risk', () => {
    for (const level of LEVELS)
      for (const risk of RISKS) expect(verdictOf(facts({ level, risk, rule: rule('deny') })).verdict).toBe('deny');
  });
});

test('a cell with no rule means ask', () => {
  expect(cellOf('full', 'no-such-risk' as Risk)).toBe('ask');
});
