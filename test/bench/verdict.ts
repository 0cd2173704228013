import { type GateFacts, NO_HISTORY, verdictOf } from '../../src/core/decisions/rules.ts';
import { keyOf, keysOf, matches } from '../../src/core/standing/rules.ts';
import type { Form, Pattern } from '../../src/shared/contract/standing.ts';
import { LEVELS, RISKS } from '../../src/shared/policy.ts';
import { fixed, quantile } from './measure.ts';

const CALLS = 200_000;
const FORM: Form = { kind: 'command', program: 'git', args: ['push', 'origin', 'main'] };

/** Microseconds of each call, in order. */
function times(work: (n: number) => unknown): number[] {
  for (let n = 0; n < 20_000; n++) work(n);
  const seen: number[] = [];
  for (let n = 0; n < CALLS; n++) {
    const began = process.hrtime.bigint();
    work(n);
    seen.push(Number(process.hrtime.bigint() - began) / 1000);
  }
  return seen.sort((a, b) => a - b);
}

function rulesOf(count: number): Map<string, Pattern[]> {
  const index = new Map<string, Pattern[]>();
  for (let n = 0; n < count; n++) {
    const pattern: Pattern = {
      kind: 'command',
      program: n % 2 ? 'git' : 'npm',
      args: ['run', `task-${n}`],
      rest: true,
    };
    const key = keyOf(pattern);
    index.set(key, [...(index.get(key) ?? []), pattern]);
  }
  return index;
}

const words = (sorted: readonly number[]): string =>
  `p50 ${fixed(quantile(sorted, 0.5))} µs, p99 ${fixed(quantile(sorted, 0.99))} µs`;

/** The gate's own thinking on a classified action, every rule asked, and the lookup of a standing rule. */
export function verdictBench(): Promise<string[]> {
  const facts = LEVELS.flatMap((level) =>
    RISKS.map(
      (risk): GateFacts => ({
        level,
        risk,
        actionReasons: [{ code: 'edits_worktree', text: 'Edits a file of the work tree.' }],
        source: 'person',
        hardDeny: null,
        irreversible: false,
        agent: { name: 'claude/opus', score: 850 },
        history: { ...NO_HISTORY, ranOfKind: 10, finished: 40, failed: 2 },
        limits: { minScore: 800, autoPerHour: 50, failureRate: 0.3, failureMin: 20, sessionActions: null },
        tribunal: null,
        rule: null,
      }),
    ),
  );
  const verdict = times((n) => verdictOf(facts[n % facts.length] as GateFacts));
  const look = (index: Map<string, Pattern[]>) =>
    times(() =>
      keysOf(FORM)
        .flatMap((key) => index.get(key) ?? [])
        .find((pattern) => matches(pattern, FORM)),
    );
  const few = look(rulesOf(20));
  const many = look(rulesOf(10_000));
  const ratio = quantile(many, 0.99) / quantile(few, 0.99);
  return Promise.resolve([
    `verdict, every rule asked       ${words(verdict)}`,
    `standing rule among 20          ${words(few)}`,
    `standing rule among 10,000      ${words(many)}, p99 ${fixed(ratio)}×`,
  ]);
}
