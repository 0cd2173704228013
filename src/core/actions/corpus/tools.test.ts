import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { LEVELS, RISKS, type Risk } from '../../../shared/policy.ts';
import { NO_HISTORY, verdictOf } from '../../decisions/rules.ts';
import { classify, type ToolCall } from '../classify.ts';
import type { ActionContext } from '../look.ts';
import { casesIn } from './cases.ts';
import { HOME, machine, WORKTREE } from './context.ts';

const read = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8');

/** A call of a file, web or server tool, what it must be classed as, and on a case-insensitive disk where that differs. */
interface ToolCase extends Omit<ToolCall, 'cwd'> {
  risk: Risk;
  onMac?: Risk;
}
const tools = read('hostile-tools.jsonl')
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => JSON.parse(line) as ToolCase);

/** Links that lead out of the work tree, into the repository, and to a protected file under another name. */
const LINKS = {
  [`${WORKTREE}/up`]: '/etc',
  [`${WORKTREE}/src/l`]: HOME,
  [`${WORKTREE}/g`]: '.git',
  [`${WORKTREE}/pk`]: 'package.json',
};

const classed = ({ tool, input }: ToolCase, context: ActionContext) =>
  classify({ tool, input, cwd: WORKTREE }, context);

test('every hostile call of a tool that runs no shell text has its class', () => {
  expect(tools.length).toBeGreaterThanOrEqual(200);
  expect(tools.filter(({ risk }) => RISKS.indexOf(risk) < RISKS.indexOf('high'))).toEqual([]);
  for (const [context, expected] of [
    [machine({}, LINKS), (one: ToolCase) => one.risk],
    [machine({ platform: 'darwin', caseInsensitive: true }, LINKS), (one: ToolCase) => one.onMac ?? one.risk],
  ] as const) {
    const wrong = tools.flatMap((one) => {
      const { risk } = classed(one, context);
      return risk === expected(one) ? [] : [{ tool: one.tool, input: one.input, expected: expected(one), risk }];
    });
    expect(wrong).toEqual([]);
  }
});

test('a command of more words than anybody writes is not followed, and so is never harmless', () => {
  const context = machine();
  for (const command of [`git log ${'--a=b '.repeat(9_000)}`, `ls ${'a '.repeat(20_000)}`])
    expect(classify({ tool: 'Bash', input: { command }, cwd: WORKTREE }, context)).toMatchObject({
      risk: 'critical',
      reasons: [{ code: 'too_complex' }],
    });
});

test('braces of more words than anybody writes are not followed, at once, and hide none of them', () => {
  const context = machine();
  const riskOf = (tool: string, input: ToolCall['input']) => classify({ tool, input, cwd: WORKTREE }, context).risk;
  const began = performance.now();
  for (const command of [
    `echo ${'{a,b}'.repeat(12_000)}`,
    `echo ${'{$a,b}'.repeat(10_000)}`,
    `echo ${'{a,'.repeat(15_000)}a${'}'.repeat(15_000)}`,
    `echo ${'{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b} '.repeat(500)}`,
    `echo {${'a,'.repeat(30_000)}a}`,
  ])
    expect([command.slice(0, 20), riskOf('Bash', { command })]).toEqual([
      command.slice(0, 20),
      expect.stringMatching(/^(high|critical)$/),
    ]);
  riskOf('Glob', { pattern: '{a,b}'.repeat(12_000) });
  riskOf('Glob', { pattern: `${'{a,'.repeat(15_000)}a${'}'.repeat(15_000)}` });
  expect(performance.now() - began).toBeLessThan(5_000);
  // The first 64 of these words are harmless, the last is not.
  expect(riskOf('Bash', { command: 'cat {./a,/etc/shadow}{,}{,}{,}{,}{,}{,}' })).toMatch(/^(high|critical)$/);
  // What people write stays what it is.
  expect(riskOf('Bash', { command: 'ls {src,test}/{a,b,c}.{ts,tsx}' })).toBe('read');
});

test('no hostile action is let through by itself at any level, however good the record of the agent', () => {
  const context = machine({}, LINKS);
  const commands = casesIn(read('hostile.jsonl')).map(({ command }) =>
    classify({ tool: 'Bash', input: { command }, cwd: WORKTREE }, context),
  );
  const allowed = [...commands, ...tools.map((one) => classed(one, context))].flatMap((action) =>
    LEVELS.filter(
      (level) =>
        verdictOf({
          level,
          risk: action.risk,
          actionReasons: action.reasons,
          source: 'person',
          hardDeny: action.hardDeny,
          irreversible: action.irreversible,
          agent: { name: 'claude/opus', score: 1_000 },
          history: { ...NO_HISTORY, ranOfKind: 1_000, finished: 1_000 },
          limits: { minScore: 800, autoPerHour: 50, failureRate: 0.3, failureMin: 20, sessionActions: null },
          tribunal: null,
          rule: null,
        }).verdict === 'allow',
    ).map((level) => ({ level, action: action.summary })),
  );
  expect(allowed).toEqual([]);
});
