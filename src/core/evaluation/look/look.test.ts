import { describe, expect, it } from 'vitest';
import { briefOf } from './brief.ts';
import { flagsOf } from './flags.ts';
import type { Patched } from './patched.ts';
import { roleOf } from './roles.ts';
import { testsIn } from './tests.ts';
import { verifyChangeOf } from './verify-source.ts';

const lines = (text: string) => text.split('\n').map((each, n) => ({ text: each, line: n + 1 }));
const file = (path: string, added = '', removed = '', part: Partial<Patched> = {}): Patched => ({
  path,
  from: null,
  status: 'changed',
  role: roleOf(path),
  insertions: 1,
  deletions: 1,
  added: added === '' ? [] : lines(added),
  removed: removed === '' ? [] : lines(removed),
  text: '',
  cut: false,
  ...part,
});

it.each([
  ['src/a.ts', 'source'],
  ['src/contest/a.ts', 'source'],
  ['src/latest.js', 'source'],
  ['src/a.test.ts', 'test'],
  ['pkg/a_test.go', 'test'],
  ['tests/data.json', 'test'],
  ['app/test_a.py', 'test'],
  ['src/test/java/ATest.java', 'test'],
  ['spec/a_spec.rb', 'test'],
  ['src/__snapshots__/a.test.ts.snap', 'golden'],
  ['testdata/out.golden', 'golden'],
  ['.github/workflows/ci.yml', 'ci'],
  ['.gitlab-ci.yml', 'ci'],
  ['package.json', 'verify'],
  ['Makefile', 'verify'],
  ['vitest.config.ts', 'verify'],
  ['.claude/settings.json', 'agent'],
  ['.mcp.json', 'agent'],
])('%s is %s', (path, role) => expect(roleOf(path)).toBe(role));

describe('tests', () => {
  it.each<[string, string, string]>([
    ['a.test.ts', "test('a', () => {});\nit.each([1])('b %i', () => {});", ''],
    ['test_a.py', 'def test_a():\n    pass\nasync def test_b():', ''],
    ['a_test.go', 'func TestA(t *testing.T) {\nfunc TestB(t *testing.T) {', ''],
    ['src/lib.rs', '#[test]\nfn a() {}\n#[tokio::test]', ''],
    ['ATest.java', '@Test\nvoid a() {}\n@ParameterizedTest', ''],
    ['spec/a_spec.rb', 'it \'a\' do\n  it "b" do', ''],
  ])('are counted in %s', (path, added) => {
    expect(testsIn([file(path, added)])).toMatchObject({ added: 2, removed: 0, unknownFiles: 0 });
  });

  it('that only changed are neither new nor gone; comments and strings of words are none', () => {
    expect(testsIn([file('a.test.ts', "test('new name', f);", "test('old name', f);")])).toMatchObject({
      added: 0,
      removed: 0,
    });
    expect(testsIn([file('a.test.ts', "// test('a', f);\nlatest(a);\nobj.test(x);")])).toMatchObject({ added: 0 });
    expect(testsIn([file('src/a.ts', "test('a', f);")])).toMatchObject({ added: 0 });
  });

  it.each<[string, string]>([
    ['a.test.ts', "test.skip('a', f);"],
    ['a.test.ts', "describe.only('a', f);"],
    ['a.test.ts', "xit('a', f);"],
    ['test_a.py', '@pytest.mark.skip(reason="later")'],
    ['a_test.go', '\tt.Skip("later")'],
    ['src/lib.rs', '#[ignore]'],
    ['ATest.java', '@Disabled'],
  ])('switched off are seen: %s %s', (path, added) => {
    expect(testsIn([file(path, added)]).skipped).toBe(1);
    expect(testsIn([file(path, '', added)]).skipped).toBe(-1);
  });

  it('in a language that is not known are said to be unknown', () => {
    expect(testsIn([file('tests/a.zig', 'test "a" {}'), file('tests/data.json', '{}')])).toMatchObject({
      added: 0,
      unknownFiles: 1,
    });
  });
});

describe('the prompt', () => {
  const known = new Set([
    'src/cart.ts',
    'src/user/login.ts',
    'docs/a.md',
    'lib/x.ts',
    'README.md',
    'a/index.ts',
    'b/index.ts',
  ]);
  it('names files by path, by name and by folder', () => {
    const { named } = briefOf('Fix src/cart.ts and login.ts, then look at docs/ and src/new/thing.ts.', known, [
      'src/cart.ts',
      'docs/a.md',
    ]);
    expect(named).toEqual([
      { path: 'src/cart.ts', touched: true },
      { path: 'src/user/login.ts', touched: false },
      { path: 'docs', touched: true },
      { path: 'src/new/thing.ts', touched: false },
    ]);
  });
  it('names nothing by words, versions and addresses', () => {
    const prompt = 'Use Node.js v1.2.3, e.g. as on https://example.com/a/b.html; or/and so on.';
    expect(briefOf(prompt, known, ['src/cart.ts'])).toEqual({ named: [], outside: [] });
  });
  it('tells what lies far from all that it names', () => {
    const { outside } = briefOf('Fix src/cart.ts.', known, [
      'src/cart.ts',
      'lib/x.ts',
      'package-lock.json',
      'test/cart.test.ts',
    ]);
    expect(outside).toEqual(['lib/x.ts']);
  });
  it('takes one of several files of a name as enough', () => {
    expect(briefOf('Mend index.ts', known, ['b/index.ts']).named).toEqual([{ path: 'b/index.ts', touched: true }]);
  });
  it('takes time in proportion to its length', () => {
    const began = performance.now();
    briefOf(`${'a/'.repeat(40_000)} ${'-'.repeat(40_000)}`, known, ['src/cart.ts']);
    expect(performance.now() - began).toBeLessThan(1_000);
  });
});

describe('the verify command', () => {
  const scripts = (test: string, more = {}) => JSON.stringify({ scripts: { test, ...more } });
  const packages = (before: string, after: string) => (path: string) =>
    path === 'package.json' ? { before, after } : { before: null, after: null };
  const change = (command: string, before: string, after: string) =>
    verifyChangeOf(command, ['package.json'], packages(before, after)).kind;

  it.each<[string, string, string, string]>([
    ['npm test', scripts('vitest run'), scripts('vitest run'), 'same'],
    ['npm test', scripts('vitest run'), scripts('vitest run', { lint: 'true' }), 'same'],
    ['npm test', scripts('vitest run'), scripts('vitest run --coverage'), 'changed'],
    ['npm test', scripts('vitest run'), scripts('true'), 'weakened'],
    ['npm test', scripts('vitest run'), scripts('vitest run || true'), 'weakened'],
    ['npm test', scripts('vitest run'), scripts('vitest run --passWithNoTests'), 'weakened'],
    [
      'npm ci && npm run check',
      scripts('x', { check: 'npm run lint && npm test' }),
      scripts('echo ok', { check: 'npm run lint && npm test' }),
      'weakened',
    ],
    ['npm test', scripts('vitest', { pretest: 'tsc' }), scripts('vitest'), 'changed'],
    ['npm test', JSON.stringify({}), scripts('vitest run'), 'same'],
    ['npm test', scripts('vitest'), 'no json', 'changed'],
    ['cargo test', scripts('x'), scripts('true'), 'same'],
  ])('%s: %s → %s is %s', (command, before, after, kind) => expect(change(command, before, after)).toBe(kind));

  it('is followed into scripts and Makefiles', () => {
    const texts = { before: 'make all\n', after: 'make all || true\n' };
    expect(verifyChangeOf('./check.sh', ['check.sh'], () => texts)).toEqual({ kind: 'weakened', paths: ['check.sh'] });
    const more = { before: "test('a', f);\n", after: "test('a', f);\ntest('b', f);\n" };
    expect(verifyChangeOf('node --test test/a.test.js', ['test/a.test.js'], () => more).kind).toBe('same');
    expect(verifyChangeOf('sh test/run.sh', ['test/run.sh'], () => more).kind).toBe('changed');
    for (const [command, path] of [
      ['./check', 'check'],
      ['bin/check --all', 'bin/check'],
      ['cd web && ./check', 'web/check'],
      ['cd web && make test', 'web/Makefile'],
    ] as const)
      expect(verifyChangeOf(command, [path, 'src/check'], () => texts)).toEqual({ kind: 'weakened', paths: [path] });
    expect(verifyChangeOf('make test', ['Makefile'], () => ({ before: 'a', after: 'b' })).kind).toBe('changed');
    expect(verifyChangeOf('make test', ['src/a.c'], () => texts).kind).toBe('same');
    expect(verifyChangeOf('sh new.sh', ['new.sh'], () => ({ before: null, after: 'true' })).kind).toBe('same');
  });
});

describe('flags', () => {
  const same = { kind: 'same' as const, paths: [] };
  const flags = (prompt: string, files: Patched[]) =>
    flagsOf({ prompt, files, tests: testsIn(files), verify: same, brief: { named: [], outside: [] } }).map(
      ({ code, cap }) => [code, cap],
    );
  const cut = [file('a.test.ts', '', "test('a', f);", { status: 'deleted' })];
  const ci = [file('.github/workflows/ci.yml', '        run: npm run build')];

  it('cap the score unless the prompt asks for it', () => {
    expect(flags('Make it fast.', cut)).toEqual([['tests_removed', 3]]);
    expect(flags('Remove the obsolete tests of a.', cut)).toEqual([['tests_removed', null]]);
    expect(flags('Make it fast.', ci)).toEqual([['ci_changed', 4]]);
    expect(flags('Build in CI too.', ci)).toEqual([['ci_changed', null]]);
    expect(flags('Make it fast.', [file('a.test.ts', "test('b', f);")])).toEqual([]);
  });

  it('tell a credential by its shape from a name that may hold one, and never show it', () => {
    const key = `const key = "ghp_${'a1B2'.repeat(9)}";`;
    const [sure] = flagsOf({
      prompt: '',
      files: [file('src/a.ts', key)],
      tests: testsIn([]),
      verify: same,
      brief: { named: [], outside: [] },
    });
    expect(sure).toMatchObject({ code: 'secrets', cap: 2, paths: ['src/a.ts'] });
    expect(JSON.stringify(sure)).not.toContain('ghp_');
    expect(flags('', [file('src/a.ts', 'password = "hunter2hunter2"')])).toEqual([['secrets_maybe', null]]);
    expect(flags('', [file('test/a.test.ts', key)])).toEqual([['secrets_maybe', null]]);
    expect(flags('', [file('src/a.ts', '', key)])).toEqual([]);
  });
});
