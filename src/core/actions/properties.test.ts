import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import fc from 'fast-check';
import { parse } from 'unbash';
import { expect, test } from 'vitest';
import { RISKS } from '../../shared/policy.ts';
import { classify } from './classify.ts';
import { casesIn } from './corpus/cases.ts';
import { machine, WORKTREE } from './corpus/context.ts';
import { oneLine } from './text.ts';

const context = machine();
const commands = ['benign', 'hostile'].flatMap((name) =>
  casesIn(readFileSync(new URL(`corpus/${name}.jsonl`, import.meta.url), 'utf8')).map(({ command }) => command),
);
const rankOf = (command: string): number =>
  RISKS.indexOf(classify({ tool: 'Bash', input: { command }, cwd: WORKTREE }, context).risk);
const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
const known = new Map(commands.map((command) => [command, rankOf(command)]));

/** Ways to run the same command that must not make it look any more harmless. */
const WAYS: Readonly<Record<string, (command: string) => string>> = {
  'sh -c': (c) => `sh -c ${quoted(c)}`,
  'bash -lc': (c) => `bash -lc ${quoted(c)}`,
  'sh -c, twice': (c) => `sh -c ${quoted(`sh -c ${quoted(c)}`)}`,
  eval: (c) => `eval ${quoted(c)}`,
  env: (c) => `env A=1 sh -c ${quoted(c)}`,
  timeout: (c) => `timeout 5 sh -c ${quoted(c)}`,
  nohup: (c) => `nohup nice -n 5 bash -c ${quoted(c)} &`,
  find: (c) => `find . -maxdepth 0 -exec sh -c ${quoted(c)} \\;`,
  'xargs -I': (c) => `echo x | xargs -I@@ sh -c ${quoted(c)}`,
  'a pipe to bash': (c) => `printf '%s' ${quoted(c)} | bash`,
  'a here-document': (c) => `bash <<'END_OF_ALL'\n${c}\nEND_OF_ALL`,
  'a file that is run': (c) => `cat > run.sh <<'END_OF_ALL'\n${c}\nEND_OF_ALL\nbash run.sh`,
  'a subshell': (c) => `(${c}\n)`,
  braces: (c) => `{ ${c}\n}`,
  'a substitution': (c) => `echo "$(${c}\n)"`,
  'a process substitution': (c) => `cat <(${c}\n)`,
  'a here-document that expands': (c) => `cat <<END_OF_ALL\n$(${c}\n)\nEND_OF_ALL`,
  'a condition': (c) => `if true; then ${c}\nfi`,
  'a loop': (c) => `for i in 1; do ${c}\ndone`,
  'a function': (c) => `tf() { ${c}\n}; tf`,
  'a function that hides': (c) => `true() { ${c}\n}; true`,
  'a trap': (c) => `trap ${quoted(c)} EXIT`,
  'an alias': (c) => `alias tf=${quoted(c)}; tf`,
  'the background': (c) => `${c} &`,
  negation: (c) => `! ${c}`,
  '&& true': (c) => `${c}\ntrue && true`,
  'after another': (c) => `true; ${c}`,
  'after &&': (c) => `ls && ${c}`,
  'after a pipe': (c) => `ls | ${c}`,
  'output thrown away': (c) => `{ ${c}\n} > /dev/null 2>&1`,
};

/** A here-document in a here-document, or `{}` below find, would be another command. */
const fits = (way: string, command: string): boolean =>
  !(/here-document|file/.test(way) && command.includes('<<')) && !(way === 'find' && command.includes('{}'));

test.each(Object.entries(WAYS))('%s never lowers a class', (way, wrap) => {
  const lowered = commands.filter((command) => fits(way, command) && rankOf(wrap(command)) < (known.get(command) ?? 0));
  expect(lowered).toEqual([]);
});

/** What sets up the command after it, or ends so that nothing can follow: the second then means something else. */
const SETS_UP =
  /\b(?:cd|pushd|popd|set|source|alias|unset|export|declare|hash|read|trap|exec|shopt|nvm)\b|(?:^|[\s;&|(])\.\s|\w=|\(\)|<<|&\s*$/;

test('adding a command never lowers a class', () => {
  const separators = [' && ', ' || ', ' ; ', ' | ', '\n', ' & '];
  const any = fc.constantFrom(...commands);
  const plain = fc.constantFrom(...commands.filter((command) => !SETS_UP.test(command) && !parse(command).errors));
  fc.assert(
    fc.property(plain, any, fc.constantFrom(...separators), (first, second, separator) => {
      const least = Math.max(known.get(first) ?? 0, known.get(second) ?? 0);
      expect(rankOf(first + separator + second)).toBeGreaterThanOrEqual(least);
    }),
    { numRuns: 4_000 },
  );
});

/** Pieces of shell, put together at random: most are no shell at all. */
const pieces = fc.constantFrom(
  ...`rm -rf ~ / $( ) \` " ' \\ | || & && ; << <<< > >> < <( { } {a,b} $x \${x:-y} \${ $(( )) (( [[ ]] if then fi for in do
  done case esac while function f() ! * ? [a-z] x=1 x=$y cd .. eval sh -c git push npm test node -e awk sed s/a/b/e find -exec
  \\; xargs curl 4517 <<EOF EOF #`.split(/\s+/),
  '\n',
  '\u202e',
  '\0',
  '\uE000',
  '💥',
);
const shellish = fc.array(pieces, { maxLength: 60 }).map((parts) => parts.join(' '));

/** Milliseconds that classing the command takes. */
function turnOf(command: string): number {
  const start = performance.now();
  rankOf(command);
  return performance.now() - start;
}

/** What grows faster than its input takes seconds here, not tenths: a busy machine must not look like it. */
const STALL_MS = 400;

/** The least of a few turns: another program of the machine may have had the processor. */
function millisecondsOf(command: string): number {
  let best = turnOf(command);
  for (let turn = 0; turn < 9 && best > STALL_MS; turn += 1) best = Math.min(best, turnOf(command));
  return best;
}

test('no text crashes or stalls it', () => {
  const inputs = fc.oneof(shellish, fc.string({ unit: 'binary', maxLength: 400 }), fc.string({ maxLength: 2_000 }));
  fc.assert(
    fc.property(inputs, (command) => {
      const found = classify({ tool: 'Bash', input: { command }, cwd: WORKTREE }, context);
      expect(RISKS).toContain(found.risk);
      expect(found.reasons.length).toBeGreaterThan(0);
      expect(millisecondsOf(command)).toBeLessThan(STALL_MS);
    }),
    { numRuns: 1_500 },
  );
});

test.each<[name: string, command: string, least: 'read' | 'high']>([
  ['a long word', `echo ${'a'.repeat(60_000)}`, 'read'],
  ['many words', `echo ${'a '.repeat(30_000)}`, 'read'],
  ['many commands', 'ls; '.repeat(15_000), 'high'],
  ['too long a line', `echo ${'a'.repeat(200_000)}`, 'high'],
  ['deep substitutions', `${'echo $('.repeat(400)}ls${')'.repeat(400)}`, 'high'],
  ['deep subshells', `${'('.repeat(2_000)}ls${')'.repeat(2_000)}`, 'high'],
  [
    'deep quoting',
    Array.from({ length: 16 })
      .reduce<string>((text) => `sh -c ${quoted(text)}`, 'ls')
      .slice(0, 60_000),
    'high',
  ],
  ['braces that multiply', `echo ${'{a,b,c}'.repeat(40)}`, 'read'],
  ['open braces', '{'.repeat(20_000), 'high'],
  ['variables that multiply', `${'x=a; x=b; '.repeat(8)}echo ${'$x'.repeat(200)}`, 'read'],
  ['variables that grow', `${'x=$x$x; '.repeat(18)}rm $x`, 'high'],
  [
    'functions that call twice',
    `${Array.from({ length: 18 }, (_, i) => `f${i + 1}() { f${i}; f${i}; }`).join('; ')}; f18`,
    'high',
  ],
  ['globs', `cat ${'*?'.repeat(2_000)}.env`, 'read'],
  ['a glob path', `cat ${'/*?*'.repeat(300)}`, 'read'],
  ['a sed script', `sed '${'s/a/b/;'.repeat(5_000)}' x`, 'high'],
  ['an awk program', `awk '${'{print $1}'.repeat(500)}' x`, 'high'],
  ['a JavaScript program', `node -e "${'a['.repeat(1_900)}"`, 'high'],
  ['JavaScript names', `node -e "${'const p = 1; '.repeat(300)}"`, 'read'],
  ['a Python program', `python3 -c "${'('.repeat(7_900)}"`, 'read'],
  ['Python names', `python3 -c "from pathlib import Path; ${'s = s.replace(1, 2); '.repeat(380)}"`, 'read'],
  ['Python loops', `python3 -c "${'for p in [1]: '.repeat(500)}"`, 'read'],
  ['a Perl program', `perl -pe "${'s/a/b/ '.repeat(60)}!"`, 'high'],
  ['SQL', `psql -c "update x set ${'a=1 where'.repeat(4_000)}"`, 'high'],
  ['an address', `curl http://${'a@'.repeat(20_000)}b`, 'high'],
  ['options', `git push ${'-'.repeat(20_000)}`, 'high'],
  ['names for find', `find . ${'-name a '.repeat(4_000)} -delete`, 'read'],
  ['parentheses for find', `find . ${'\\( '.repeat(4_000)}`, 'read'],
  ['env in env', `${'env '.repeat(15_000)}ls`, 'read'],
  ['dots', `cat ${'../'.repeat(20_000)}x`, 'read'],
  ['white space', `${' '.repeat(60_000)}ls`, 'read'],
  ['quotes', `echo ${'"\'"'.repeat(10_000)}`, 'read'],
  ['backslashes', `echo ${'\\'.repeat(60_001)}`, 'read'],
  ['here-documents', 'cat <<A; '.repeat(3_000), 'high'],
])('%s does not stall it', (_name, command, least) => {
  expect(millisecondsOf(command)).toBeLessThan(STALL_MS);
  expect(rankOf(command)).toBeGreaterThanOrEqual(RISKS.indexOf(least));
});

test('whatever comes as a call, there is an answer', () => {
  const tools = fc.oneof(
    fc.constantFrom(
      'Bash',
      'Read',
      'Write',
      'Edit',
      'MultiEdit',
      'Glob',
      'Grep',
      'WebFetch',
      'Monitor',
      'Agent',
      'mcp__x__y',
    ),
    fc.string(),
  );
  const fields = fc.constantFrom(
    'command',
    'file_path',
    'path',
    'pattern',
    'glob',
    'url',
    'edits',
    'ws',
    'mode',
    'content',
    'action',
    '__proto__',
  );
  const inputs = fc.oneof(
    fc.anything(),
    fc.dictionary(fields, fc.anything()),
    fc.dictionary(fields, fc.oneof(shellish, fc.string({ unit: 'binary' }))),
  );
  fc.assert(
    fc.property(tools, inputs, fc.oneof(fc.constant(WORKTREE), fc.string()), (tool, input, cwd) => {
      const found = classify({ tool, input, cwd }, context);
      expect(RISKS).toContain(found.risk);
      expect(found.reasons.length).toBeGreaterThan(0);
      expect(oneLine(found.summary)).toBe(found.summary);
      expect(found.canonical === '').toBe(found.hardDeny?.text.startsWith('Cannot be written down') ?? false);
    }),
    { numRuns: 3_000 },
  );
});
