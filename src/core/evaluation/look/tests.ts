import type { TestChange } from '../../../shared/contract/evidence.ts';
import type { Patched } from './patched.ts';

interface Language {
  test: RegExp;
  skip: RegExp;
  assertion: RegExp;
}

const CALLS = /\b(?:expect|assert\w*|should)\b/;

const JS: Language = {
  test: /(?<![\w.$])(?:it|test)(?:\.\w+)*\s*(?:\(|`)|\.each\s*(?:\(|`)/,
  skip: /(?<![\w$])(?:(?:it|test|describe|suite|context)\.(?:skip|todo|only|fails|skipIf|fixme)\b|x(?:it|test|describe)\s*\(|f(?:it|describe)\s*\()|\bthis\.skip\(|\bskip:\s*true/,
  assertion: CALLS,
};
const LANGUAGES: readonly (readonly [RegExp, Language])[] = [
  [/\.[cm]?[jt]sx?$/, JS],
  [/\.(vue|svelte|astro)$/, JS],
  [
    /\.py$/,
    {
      test: /^\s*(?:async\s+)?def\s+test\w*\s*\(/,
      skip: /@(?:pytest\.mark\.(?:skip|skipif|xfail)|unittest\.(?:skip|expectedFailure))|\bpytest\.(?:skip|xfail)\(|\bself\.skipTest\(/,
      assertion: /\bassert\b|\bself\.assert\w+\(|\bpytest\.raises\(/,
    },
  ],
  [
    /\.go$/,
    {
      test: /^func\s+(?:Test|Fuzz|Benchmark|Example)\w*\s*\(|\bt\.Run\(/,
      skip: /\b[tb]\.Skip(?:f|Now)?\(/,
      assertion: /\b(?:assert|require)\.\w+\(|\bt\.(?:Error|Fatal)f?\(/,
    },
  ],
  [
    /\.rs$/,
    {
      test: /#\[(?:\w+::)*(?:test|rstest|test_case)\b/,
      skip: /#\[ignore\b/,
      assertion: /\b(?:debug_)?assert\w*!/,
    },
  ],
  [
    /\.(java|kt|kts|scala|groovy)$/,
    {
      test: /@(?:Test|ParameterizedTest|RepeatedTest|Property)\b/,
      skip: /@(?:Disabled|Ignore)\b|\bassumeTrue\(false/,
      assertion: CALLS,
    },
  ],
  [
    /\.cs$/,
    { test: /\[(?:Fact|Theory|Test|TestCase|TestMethod)\b/, skip: /\bSkip\s*=|\[Ignore\b/, assertion: /\bAssert\./ },
  ],
  [
    /\.swift$/,
    { test: /\bfunc\s+test\w*\s*\(|@Test\b/, skip: /\bXCTSkip|\.disabled\(/, assertion: /\bXCTAssert\w*\(|#expect\(/ },
  ],
  [
    /\.rb$/,
    {
      test: /^\s*(?:it|specify|scenario|test)\s+['"]|^\s*def\s+test_/,
      skip: /^\s*(?:x(?:it|describe|context)|pending|skip)\b/,
      assertion: /\b(?:expect|assert\w*|refute\w*|must_\w+)\b/,
    },
  ],
  [
    /\.php$/,
    {
      test: /\bfunction\s+test\w*\s*\(|#\[Test\]|@test\b/,
      skip: /\bmarkTest(?:Skipped|Incomplete)\(/,
      assertion: /\bassert\w+\(|\bexpect\(/,
    },
  ],
  [/\.exs?$/, { test: /^\s*test\s+"/, skip: /@tag\s+:?skip/, assertion: /\b(?:assert|refute)\b/ }],
  [/\.dart$/, { test: /\b(?:test|testWidgets)\s*\(/, skip: /\bskip:\s*(?!false)/, assertion: /\bexpect\(/ }],
  [/\.(bats|sh)$/, { test: /^@test\b/, skip: /^\s*skip\b/, assertion: /\bassert\w*\b/ }],
];
/** Data beside tests holds none. */
const DATA = /\.(json|ya?ml|toml|md|txt|csv|html|xml|svg|png|jpe?g|sql|lock|snap)$/i;

const languageOf = (path: string): Language | null => LANGUAGES.find(([pattern]) => pattern.test(path))?.[1] ?? null;
/** Rust keeps tests in the sources themselves. */
const mayHoldTests = ({ path, role }: Patched): boolean => role === 'test' || path.endsWith('.rs');

/** Tests that came and went, counted by the lines that look like them. What is not known is not counted. */
export function testsIn(files: readonly Patched[]): TestChange {
  const change: TestChange = { added: 0, removed: 0, skipped: 0, assertions: 0, unknownFiles: 0 };
  for (const file of files.filter(mayHoldTests)) {
    const language = languageOf(file.path);
    if (language === null) {
      if (!DATA.test(file.path)) change.unknownFiles += 1;
      continue;
    }
    const count = (lines: readonly { text: string }[], pattern: RegExp): number =>
      lines.filter(({ text }) => pattern.test(text) && !isComment(text)).length;
    const [added, removed] = [count(file.added, language.test), count(file.removed, language.test)];
    // A test that only changed its name or place is neither new nor gone.
    change.added += Math.max(0, added - removed);
    change.removed += Math.max(0, removed - added);
    change.skipped += count(file.added, language.skip) - count(file.removed, language.skip);
    change.assertions += count(file.added, language.assertion) - count(file.removed, language.assertion);
  }
  return change;
}

const isComment = (text: string): boolean => /^\s*(?:\/\/|#(?!\[)|\*|<!--)/.test(text);
