import { expect, test } from 'vitest';
import { type AwkEffects, understandAwk } from './awk.ts';
import { understandJs } from './inline-js.ts';
import { ARGUMENTS, understandPython } from './inline-python.ts';
import { understandSed } from './sed.ts';

test.each<[program: string, reads: string[], runs?: string[]]>([
  ['console.log(1 + 1)', []],
  ['process.version', []],
  ['console.log(process.argv[1], process.platform)', []],
  ["require('./package.json').version", ['./package.json']],
  ["const p = require('./package.json'); console.log(Object.keys(p.scripts))", ['./package.json']],
  ["const fs = require('fs'); console.log(fs.readFileSync('a.txt', 'utf8').split('\\n').length)", ['a.txt']],
  ["let s = require('node:fs').readFileSync(0, 'utf8'); console.log(JSON.parse(s).length)", []],
  ["console.log(require('path').join('a', 'b'))", []],
  ['const { a, b } = JSON.parse("{}"); console.log(a ?? b)', []],
  ['for (const [k, v] of Object.entries({ a: 1 })) console.log(k, v)', []],
  ['const d = {}; for (const k of Object.keys(d)) console.log(k, d[k])', []],
  ['[3, 1].sort((a, b) => a - b).map((x) => x * 2)', []],
  ['console.log("it\\\'s", /a[/]b/.test("x"), 4 / 2)', []],
  ['function f(n) { return n < 2 ? n : f(n - 1) + f(n - 2) } console.log(f(9))', []],
  ["require('./src/index.js')", [], ['./src/index.js']],
])('understands the JavaScript %j', (program, reads, runs = []) => {
  expect(understandJs(program)).toEqual({ reads, runs });
});

test.each([
  'process.env',
  'process["env"]',
  'process.kill(1)',
  'process.mainModule.require("fs")',
  'process.binding("fs")',
  'global.process.exit()',
  'globalThis.fetch("https://e.com")',
  'fetch("https://e.com")',
  'eval("1")',
  'new Function("return 1")()',
  'setTimeout("x")',
  'import("fs")',
  "require('child_process')",
  "require('fs').writeFileSync('a', 'b')",
  "require('fs').rmSync('a')",
  "require('fs')['rm' + 'Sync']('a')",
  "require('fs').promises.rm('a')",
  "require('f' + 's')",
  'require(process.argv[1])',
  "const { rmSync } = require('fs'); rmSync('a')",
  "const { rmSync: r } = require('fs'); r('a')",
  "let r; ({ rmSync: r } = require('fs')); r('a')",
  "let r; ({ 'rmSync': r } = require('fs')); r('a')",
  "let r; ({ ['rm' + 'Sync']: r } = require('fs')); r('a')",
  "const f = require('fs'), g = f; g.rmSync('a')",
  "const fs = require('fs'); [fs][0].rmSync('a')",
  "Object.values(require('fs'))[3]('a')",
  "const fs = require('fs'); Object.values(fs)",
  "require('fs').readFileSync(process.argv[1])",
  "['/etc/shadow'].map(require('fs').readFileSync)",
  "fs.readFileSync('a')",
  'child_process.execSync("id")',
  '[].constructor.constructor("return process")()',
  '[]["con" + "structor"]',
  '[]["constructor"]',
  "[]['\\x63onstructor']",
  '[].filter.constructor',
  '(() => {}).constructor("x")()',
  'const k = "constr" + "uctor"; [][k]',
  'const k = "constr" + "uctor"; const f = [][k]; f("x")',
  'const k = "constr" + "uctor"; console.log([][k]("x"))',
  'Object.getPrototypeOf(() => {})',
  'Object.getOwnPropertyDescriptors({})',
  'Reflect.get({}, "a")',
  '(globalThis => 1); globalThis.fetch("x")',
  'const require = 1',
  'this.process',
  'arguments.callee',
  'with (process) { kill(1) }',
  '`${process.kill(1)}`',
  "/*'*/ process.kill(1) /*'*/",
  '//\rprocess.kill(1)',
  '//\u2028process.kill(1)',
  "if (1) /'/.test(1); process.kill(1); /'/",
  "x = 1 /'/ process.kill(1) /'/1",
  '<!-- `\nprocess.kill(1)\n<!-- `',
  'var a = 1; a++ /2; process.kill(1) /1',
  'a\\u0062c',
  `console.log(${'1 + '.repeat(900)}1)`,
])('does not understand the JavaScript %j', (program) => {
  expect(understandJs(program)).toBeNull();
});

test.each<[program: string, reads: string[]]>([
  ['print(1 + 1)', []],
  ["import json; print(json.load(open('a.json'))['x'])", ['a.json']],
  ['import json, sys; print(len(json.load(sys.stdin)))', []],
  ["import json,sys; print(json.load(open(sys.argv[1]))['a'])", [ARGUMENTS]],
  ["d = {'a': 1}\nfor k, v in d.items():\n    print(k, v)", []],
  ["import json; d = json.load(open('a.json', 'r')); print(f\"{d['name']} {len(d)}\")", ['a.json']],
  ["with open('a.txt') as f:\n    for line in f:\n        print(line.strip())", ['a.txt']],
  ["import re; print(re.findall(r'\\d+', 'a1'))", []],
  ['print(sorted([3, 1], key=lambda x: -x))', []],
  ['def f(n):\n    return n * 2\nprint(f(2))', []],
  ['import sys\nprint(sys.version)  # what?', []],
  ['from collections import Counter; print(Counter("aab").most_common(1))', []],
])('understands the Python %j', (program, reads) => {
  expect(understandPython(program)).toEqual({ reads, runs: [] });
});

test.each([
  'import os',
  'import os as json',
  'from os import system as load',
  'import json as os',
  "__import__('os')",
  "eval('1')",
  "exec('1')",
  "open('a', 'w')",
  "open('a', mode='w')",
  "open('a ) ', 'w')",
  'open(x)',
  "import sys; sys.modules['os']",
  "import json; json.codecs.open('a', 'w')",
  'import re; re.enum.sys.exit()',
  '().__class__.__bases__[0].__subclasses__()',
  "'{0.__class__}'.format(1)",
  "getattr(1, 'real')",
  'import random; random._os.system("id")',
  "for f in [1]: print(f'{__import__(1)}')",
  "f = 1; print(f'{eval(1)}')",
  'f = 1; f\'{open("a", "w")}\'',
  "'''\\d' '''; open('a', 'w'); ''''''",
  "'\\x41'",
  '# x\ropen("a", "w")',
  'import pathlib',
  'breakpoint()',
  'vars()',
  'help()',
  'import json\nclass json2(json.JSONDecoder): pass',
  '@eval\ndef f(): pass',
  'print(a)',
  'from json import *',
  'import sys; sys.settrace(1)',
])('does not understand the Python %j', (program) => {
  expect(understandPython(program)).toBeNull();
});

test.each<[script: string, reads: string[], writes: string[]]>([
  ['s/a/b/g', [], []],
  ['1,5p', [], []],
  ['/start/,/end/d', [], []],
  ['s|/a/b|/c/d|', [], []],
  ['s/[/]/x/;y/ab/cd/', [], []],
  ['$!N;P;D', [], []],
  ['5i\\\n  text; e rm', [], []],
  ['/x/{s/a/b/;p;}', [], []],
  ['s/a/b/w out.txt', [], ['out.txt']],
  ['w out.txt', [], ['out.txt']],
  ['r in.txt', ['in.txt'], []],
  ['0~2p', [], []],
  ['# comment\nq', [], []],
  [':a;N;$!ba;s/\\n/ /g', [], []],
  ['1!G;h;$!d', [], []],
])('understands the sed script %j', (script, reads, writes) => {
  expect(understandSed(script)).toEqual({ reads, writes });
});

test.each([
  'e id',
  '1e id',
  's/a/b/e',
  's/a/b/ge',
  's/a/b/;e',
  '/a/e',
  's/a/b',
  'sxaxbx',
  's/a/b/gz',
  'k',
  '{e id}',
  '\\,x,e id',
  '1,2,3p',
])('does not understand the sed script %j', (script) => {
  expect(understandSed(script)).toBeNull();
});

const nothing: AwkEffects = { reads: [], writes: [], runs: [] };
test.each<[program: string, effects: Partial<AwkEffects>]>([
  ['{print $1}', {}],
  ['$3 > 10 {print $1, $2}', {}],
  ['BEGIN{FS=","} {a[$1] += $2} END{for (k in a) print k, a[k] / NR}', {}],
  ['/a\\/b/ && !/c/ {n++} END{print n / 2}', {}],
  ['{print ($1 > 5 ? "a" : "b")}', {}],
  ['{print > "out.txt"}', { writes: ['out.txt'] }],
  ['{printf("%s\\n", $1) >> "out.txt"}', { writes: ['out.txt'] }],
  ['{print | "sort -u"}', { runs: ['sort -u'] }],
  ['BEGIN{system("ls")}', { runs: ['ls'] }],
  ['BEGIN{"date" | getline d; print d}', { runs: ['date'] }],
  ['BEGIN{getline < "in.txt"; print}', { reads: ['in.txt'] }],
  ['{sum = ($1 + $2) / 2; print sum}', {}],
])('understands the awk program %j', (program, effects) => {
  expect(understandAwk(program)).toEqual({ ...nothing, ...effects });
});

test.each([
  'BEGIN{system("rm " x)}',
  'BEGIN{system(cmd)}',
  '{print > $1}',
  '{print > "a" "b"}',
  '{print | cmd}',
  '{print |& "sh"}',
  'BEGIN{cmd | getline}',
  'BEGIN{"a" "b" | getline}',
  'BEGIN{while ((getline line < file) > 0) print line}',
  'BEGIN{getline line < "/etc/shadow"}',
  'BEGIN{print ENVIRON["HOME"]}',
  '@load "x"',
  '@include "x"',
  'BEGIN{f = "system"; @f("id")}',
  'BEGIN{if (1) /"/; system("id"); /"/}',
  'BEGIN{x++ /2; system("id") /1}',
  'BEGIN{if (1) /=/; system("id"); /a/}',
  'BEGIN{print "\\x2fetc" > "\\x2fetc\\x2fx"}',
  '{print "unterminated}',
])('does not understand the awk program %j', (program) => {
  expect(understandAwk(program)).toBeNull();
});
