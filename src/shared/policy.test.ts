import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Config } from './config.ts';
import { cellOf, classedAs, governorOf, LEVELS, mayClass, RISKS } from './policy.ts';

const RISK = fc.constantFrom(...RISKS);
const CODE = fc.constantFrom('network', 'installs', 'git_commit', 'deletes', 'credentials', 'mcp', 'touches_tenure');

test('a class makes a reason graver at will, and milder only where ordinary medium work counts as low', () => {
  fc.assert(
    fc.property(CODE, RISK, RISK, (code, risk, wanted) => {
      const classed = classedAs(code, risk, { [code]: wanted });
      const change = RISKS.indexOf(classed) - RISKS.indexOf(risk);
      if (change < 0) {
        expect([risk, classed, mayClass(code, 'low')]).toEqual(['medium', 'low', true]);
      }
      if (RISKS.indexOf(wanted) > RISKS.indexOf(risk)) expect(classed).toBe(wanted);
      expect(classedAs(code, risk, {})).toBe(risk);
    }),
  );
});

test.each([
  [{ network: 'high' }, true],
  [{ network: 'low' }, true],
  [{ deletes: 'critical' }, true],
  [{ network: 'read' }, false],
  [{ credentials: 'low' }, false],
  [{ mcp: 'low' }, false],
  [{ 'not a code': 'high' }, false],
  [{ network: 'harmless' }, false],
])('the classes %j are taken: %j', (risks, taken) => {
  expect(Config.safeParse({ decisions: { risks } }).success).toBe(taken);
});

test('the levels of a governor follow from the level, and none but the first blocks all that it stands for', () => {
  expect(LEVELS.map((level) => governorOf(level, true))).toEqual(['L2', 'L3', 'L4', 'L5']);
  expect(LEVELS.map((level) => governorOf(level, false))).toEqual(['L1', 'L3', 'L4', 'L5']);
  // L3: nothing above low without a person; L2: nothing but looking.
  expect(
    RISKS.filter((risk) => cellOf('cautious', risk).startsWith('a') && !cellOf('cautious', risk).startsWith('ask')),
  ).toEqual(['read', 'low']);
  expect(RISKS.filter((risk) => cellOf('observe', risk).startsWith('allow'))).toEqual(['read']);
});
