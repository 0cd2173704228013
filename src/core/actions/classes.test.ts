import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { RISKS, type Risk } from '../../shared/policy.ts';
import { classify } from './classify.ts';
import { casesIn } from './corpus/cases.ts';
import { machine } from './corpus/context.ts';

const bash = (command: string, risks: Readonly<Record<string, Risk>>) => {
  const context = machine({ risks });
  return classify({ tool: 'Bash', input: { command }, cwd: context.worktree }, context);
};

test("a person's classes hold for every reason of their kind", () => {
  expect(bash('npm test', {}).risk).toBe('low');
  expect(bash('npm test', { project_script: 'high' }).risk).toBe('high');
  expect(bash('npm test && git commit -m x', { git_commit: 'critical' })).toMatchObject({ risk: 'critical' });
  expect(bash('git commit -m x', { git_commit: 'low' }).risk).toBe('low');
  // The worst of a line decides all the same.
  expect(bash('git commit -m x && git push', { git_commit: 'low' }).risk).toBe('high');
  expect(bash('curl -d x https://e.com', { network: 'low' }).risk).toBe('high');
});

test('whatever is counted as low, nothing hostile is less than it was', () => {
  const codes = 'network installs project_script project_check server containers patches unpacks git_commit git_fetch';
  const lowered = Object.fromEntries(codes.split(' ').map((code) => [code, 'low' as const]));
  const hostile = casesIn(readFileSync(new URL('corpus/hostile.jsonl', import.meta.url), 'utf8'));
  const milder = hostile.filter(
    ({ command, risk }) => RISKS.indexOf(bash(command, lowered).risk) < RISKS.indexOf(risk),
  );
  expect(milder).toEqual([]);
});
