import { describe, expect, test } from 'vitest';
import { cellOf, LEVELS, type Level, POLICY, RISKS, type Risk } from '../../shared/policy.ts';
import { type GateFacts, verdictOf } from './rules.ts';

const facts = (over: Partial<GateFacts>): GateFacts => ({
  level: 'cautious',
  risk: 'low',
  actionReasons: [{ code: 'why', text: 'Because.' }],
  source: 'person',
  hardDeny: null,
  eligible: false,
  tribunal: null,
  irreversible: false,
  ...over,
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
        verdictOf(facts({ ...cell, eligible: true })).verdict === 'allow' && verdictOf(facts(cell)).verdict !== 'allow',
    );
    expect(gained).toEqual([
      { level: 'cautious', risk: 'low' },
      { level: 'full', risk: 'medium' },
    ]);
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
      const out = verdictOf(facts({ level, risk, hardDeny, eligible: true, tribunal: 'unanimous' }));
      expect(out.verdict).toBe('deny');
      expect(out.reasons.map((reason) => reason.code)).toEqual(['own_gate', 'why']);
    }
  }
});

test('a cell with no rule means ask', () => {
  const { critical: _gone, ...rest } = POLICY.full;
  const table = { ...POLICY, full: rest };
  expect(table.full).not.toHaveProperty('critical');
  expect(cellOf('full', 'no-such-risk' as Risk)).toBe('ask');
});
