import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Form, Pattern } from '../../shared/contract/standing.ts';
import { forbids, keyOf, keysOf, matches, patternsFor, refusalOf } from './rules.ts';

const command = (program: string, ...args: string[]): Form => ({ kind: 'command', program, args });
const pattern = (program: string, args: string[], rest = false): Pattern => ({ kind: 'command', program, args, rest });
const carries = (program: string): boolean => program === 'bash';

describe('a pattern matches', () => {
  test.each<[pattern: Pattern, form: Form, expected: boolean]>([
    [pattern('git', ['push', 'origin', 'main']), command('git', 'push', 'origin', 'main'), true],
    [pattern('git', ['push', 'origin', 'main']), command('git', 'push', 'origin', 'main', '--force'), false],
    [pattern('git', ['push', 'origin'], true), command('git', 'push', 'origin', 'x'), true],
    [pattern('git', ['push', 'origin'], true), command('git', 'push'), false],
    [pattern('git', ['push', 'origin'], true), command('git', 'push', 'evil', 'x'), false],
    [pattern('git', ['push']), command('/tmp/git', 'push'), false],
    [{ kind: 'file', tool: 'Edit', path: 'src/**' }, { kind: 'file', tool: 'Edit', path: 'src/a/b.ts' }, true],
    [{ kind: 'file', tool: 'Edit', path: 'src/**' }, { kind: 'file', tool: 'Edit', path: 'srcs/b.ts' }, false],
    [{ kind: 'file', tool: 'Edit', path: 'src/**' }, { kind: 'file', tool: 'Write', path: 'src/b.ts' }, false],
    [{ kind: 'web', host: 'example.com' }, { kind: 'web', host: 'example.com.evil.org' }, false],
    [{ kind: 'tool', tool: 'mcp__a__b' }, { kind: 'tool', tool: 'mcp__a__b' }, true],
    [{ kind: 'tool', tool: 'mcp__a__b' }, { kind: 'none', why: '' }, false],
  ])('%j %j: %s', (rule, form, expected) => {
    expect(matches(rule, form)).toBe(expected);
  });

  test('whatever matches is found by its key, and every offered pattern matches what it was made from', () => {
    const word = fc.constantFrom('push', 'origin', '-f', 'main', '');
    const forms = fc.record({
      kind: fc.constant('command' as const),
      program: fc.constantFrom('git', 'npm'),
      args: fc.array(word, { maxLength: 4 }),
    });
    fc.assert(
      fc.property(forms, forms, fc.boolean(), (form, other, rest) => {
        const rule: Pattern = { ...other, rest };
        if (matches(rule, form)) expect(keysOf(form)).toContain(keyOf(rule));
        for (const offered of patternsFor(form)) expect(matches(offered, form)).toBe(true);
      }),
      { numRuns: 5_000 },
    );
  });
});

test('what is offered goes from exactly this to wider', () => {
  expect(patternsFor(command('git', 'push', 'origin', '--tags'))).toEqual([
    pattern('git', ['push', 'origin', '--tags']),
    pattern('git', ['push', 'origin'], true),
    pattern('git', ['push'], true),
  ]);
  expect(patternsFor({ kind: 'file', tool: 'Edit', path: 'src/a.ts' })).toEqual([
    { kind: 'file', tool: 'Edit', path: 'src/a.ts' },
    { kind: 'file', tool: 'Edit', path: 'src/**' },
  ]);
  expect(patternsFor({ kind: 'none', why: 'x' })).toEqual([]);
});

test.each<[pattern: Pattern, words: string]>([
  [pattern('bash', ['-c', 'x']), 'runs what it is given'],
  [pattern('git', [], true), 'says too little'],
  [pattern('git', ['-C'], true), 'cannot begin with an option'],
  [{ kind: 'file', tool: 'Edit', path: '../x' }, 'leads out of it'],
  [{ kind: 'file', tool: 'Edit', path: '/etc/passwd' }, 'leads out of it'],
])('no rule can allow %j', (rule, words) => {
  expect(refusalOf(rule, 'allow', carries)).toContain(words);
});

test.each<[pattern: Pattern, mentions: [string, ...(string | null)[]][], expected: boolean]>([
  [pattern('npm', ['run', 'build']), [['npm', 'run', 'build']], true],
  [pattern('npm', ['run'], true), [['true'], ['npm', 'run', 'build', 'x']], true],
  [pattern('npm', ['run', 'build']), [['npm', 'run', null]], true],
  [pattern('npm', ['run', 'build']), [['npm', 'run', 'test']], false],
  [pattern('npm', ['run', 'build']), [['npm', 'run', 'build', 'more']], false],
  [{ kind: 'file', tool: 'Read', path: 'docs/**' }, [['cat', 'docs/x.md']], true],
  [{ kind: 'file', tool: 'Read', path: 'docs/**' }, [['cat', 'docsx']], false],
  [{ kind: 'web', host: 'evil.example' }, [['curl', 'https://evil.example/x']], true],
])('what is forbidden is seen in a line: %j %j %s', (rule, named, expected) => {
  const mentions = named.map(([program, ...args]) => ({ program, args }));
  expect(forbids(rule, { kind: 'none', why: '' }, mentions)).toBe(expected);
});

test('a prohibition to write holds for every tool that writes', () => {
  const rule: Pattern = { kind: 'file', tool: 'Edit', path: 'src/**' };
  expect(forbids(rule, { kind: 'file', tool: 'Write', path: 'src/a.ts' }, [])).toBe(true);
  expect(forbids(rule, { kind: 'file', tool: 'Read', path: 'src/a.ts' }, [])).toBe(false);
});

test('a shell can be forbidden', () => {
  expect(refusalOf(pattern('bash', [], true), 'deny', carries)).toBeNull();
});
