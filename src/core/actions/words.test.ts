import { execFileSync } from 'node:child_process';
import { type Command as CommandSyntax, parse } from 'unbash';
import { expect, test } from 'vitest';
import { ANY, BELOW, NUMBER, STAR } from './atoms.ts';
import { machine, WORKTREE } from './corpus/context.ts';
import { firstScope } from './scope.ts';
import { createWords } from './words.ts';

/** What we take the words of a line for, when it has but one meaning. */
function read(
  line: string,
  variables: Readonly<Record<string, readonly string[]>> = {},
): readonly (readonly string[])[] {
  const scope = firstScope(WORKTREE);
  for (const [name, values] of Object.entries(variables)) {
    scope.variables.add(name, values);
    scope.defined.add(name);
  }
  const words = createWords({
    context: machine(),
    find: () => undefined,
    substitute: () => ({ kind: 'unknown', from: 'program' }),
    processOf: () => '/dev/fd/63',
    shows: () => true,
  });
  const command = parse(`x ${line}`).commands[0]?.command as CommandSyntax;
  return command.suffix
    .flatMap((word) => (word.type === 'Word' ? [words.lists(word, scope)] : []))
    .reduce<readonly (readonly string[])[]>(
      (found, lists) => found.flatMap((head) => lists.map((list) => [...head, ...list])),
      [[]],
    );
}

/** Lines with one meaning, whatever is on the disk. */
const LINES = [
  'a b  c',
  `'a b' "c d" e\\ f`,
  `a'b'"c"d`,
  `'' ""`,
  `r\\m -r\\f \\/x`,
  `"a\\$b \\"c\\" \\\\ \\n"`,
  `$'a\\tb\\x41\\101\\u00e9\\''`,
  `'it'\\''s'`,
  `{a,b}c x{1,2}{3,4}y`,
  `{a,{b,c},d}`,
  `{a} {} {a,b`,
  `a{b,c}d{e,f}`,
  `{'a b',c} {"x",y}`,
  `"{a,b}" '{a,b}' \\{a,b}`,
  `a\\\nb`,
  `-- -x --y=z`,
  `"$x" $x "\${x}" \${x}y`,
  `$y "$y"`,
  `\${x%c} \${x#a} \${x%%zz} \${p##*/} \${p%/*} \${p%.*}`,
  `\${x/b/q} \${p//o/0}`,
  `\\$x`,
  `a=b --c=d`,
  `"a"'b'\\c$'d'`,
  `\\#x`,
  `a#b`,
  `!x ^ % @ , .`,
];

test('words are what bash makes of them', () => {
  const variables = { x: ['abc'], y: ['one two'], p: ['foo/bar.txt'] };
  const script = LINES.map((line) => `printf '%s\\0' ${line}; printf '\\n\\0'`).join('\n');
  const output = execFileSync('bash', ['--noprofile', '--norc', '-c', `x=abc; y='one two'; p=foo/bar.txt\n${script}`], {
    env: { LC_ALL: 'C.UTF-8', PATH: '/usr/bin:/bin' },
    encoding: 'utf8',
  });
  const actual = output
    .split('\n\0')
    .slice(0, -1)
    .map((part) => part.split('\0').slice(0, -1));
  expect(LINES.map((line) => read(line, variables)[0])).toEqual(actual);
});

test('what is not known has its own sign', () => {
  expect(read('$unset')).toEqual([[ANY]]);
  expect(read('"$(cmd)"')).toEqual([[ANY]]);
  expect(read('src/*.ts')).toEqual([[`src/${STAR}.ts`]]);
  expect(read('"src/*.ts"')).toEqual([['src/*.ts']]);
  expect(read('$((x + 1))')).toEqual([[NUMBER]]);
  expect(read('<(cmd)')).toEqual([['/dev/fd/63']]);
  expect(read('$HOME/x')).toEqual([['/home/me/x']]);
});

test('every value that a variable may have is one of the ways', () => {
  expect(read('$x', { x: ['a', 'b c'] })).toEqual([['a'], ['b', 'c']]);
  expect(read('"$x"/y', { x: ['a', 'b c'] })).toEqual([['a/y'], ['b c/y']]);
  expect(read('$x$y', { x: ['a', 'b'], y: ['c', 'd'] })).toEqual([['ac'], ['ad'], ['bc'], ['bd']]);
  expect(read('$x', { x: [`src/${BELOW}`] })).toEqual([[`src/${BELOW}`]]);
});

test('an escape cannot write one of our signs', () => {
  expect(read(`$'\\ue000'`)).toEqual([['\uFFFD']]);
  expect(read(`$'a\\ue004b'`)).toEqual([['a\uFFFDb']]);
});
