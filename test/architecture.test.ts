import { globSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { expect, test } from 'vitest';

/** The longest folder that a file lies in decides what it may import. `node:` stands for all of Node's modules. */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  'src/shared': ['zod'],
  'src/shared/when': ['chrono-node'],
  'src/core': ['node:', 'better-sqlite3', 'zod'],
  'src/core/actions': ['node:', 'unbash'],
  'src/core/adapters': ['node:', 'croner', 'node-cron', 'systeminformation'],
  'src/core/config': ['node:', 'jsonc-parser', 'zod'],
  'src/core/gateway': ['node:', '@hono/node-server', 'better-sqlite3', 'hono', 'zod'],
  'src/core/kernel': ['node:', 'better-sqlite3', 'pino', 'pino-roll'],
  'src/main': ['node:', 'electron', 'electron-updater'],
  'src/preload': ['electron'],
  'src/headless': ['node:'],
  'src/cli': ['node:', 'zod'],
  'src/renderer': ['react', 'react-dom', 'zustand'],
  'src/renderer/ui': ['@base-ui/react', 'react'],
  'src/renderer/ui/chart': ['react', 'uplot'],
  'src/renderer/features/review': ['@tanstack/react-virtual', 'react'],
};
const FOLDERS: Readonly<Record<string, readonly string[]>> = {
  'src/shared': ['src/shared/'],
  'src/main': ['src/main/', 'src/core/', 'src/shared/'],
  'src/preload': ['src/preload/', 'src/core/', 'src/shared/'],
  'src/headless': ['src/headless/', 'src/core/', 'src/shared/'],
  'src/cli': ['src/cli/', 'src/core/kernel/paths.ts', 'src/core/engine/ledger-offline.ts', 'src/shared/'],
  'src/renderer': ['src/renderer/', 'src/shared/'],
};
/** The only files that know two features, or the engine. */
const ROOTS = /^src\/core\/(demo|engine|host|engine\/[^/]+|rpc\/handlers|rpc\/handlers\/[^/]+)\.ts$/;
/** Agreed between features; their types may be imported, never their code. */
const AGREED = ['src/core/drivers/driver.ts', 'src/core/actions/classify.ts'];

const LIMIT = 300;
const NO_NAME = /(^|[-.])(utils?|helpers?|manager|common|types|misc)([-.]|$)/i;
const isPure = (file: string): boolean => file.endsWith('/rules.ts') || file.startsWith('src/core/actions/');
const mayHaveSql = (file: string): boolean =>
  file.endsWith('/storage.ts') || file.startsWith('src/core/db/') || file === 'src/core/kernel/journal.ts';

const OUTSIDE: readonly (readonly [pattern: RegExp, what: string])[] = [
  [/\bDate\.now\b|\bnew Date\(\)|\bperformance\b/, 'the clock'],
  [/\bset(Timeout|Interval|Immediate)\b|\bfrom 'node:timers/, 'timers'],
  [/\bfrom 'node:(child_process|cluster|worker_threads)/, 'processes'],
  [/\bMath\.random\b|\brandom(UUID|Bytes|Int)\b|\bgetRandomValues\b/, 'randomness'],
  // A call, not a method's signature (`fetch(url: string)`) and not somebody's method (`app.fetch(…)`).
  [/(?<![.\w])fetch\((?!\w+\??:)|globalThis\.fetch/, 'fetch'],
];
const IO = /\bawait\b|\basync\b|\bprocess\.|\bconsole\.|\bfrom 'node:(?!(path|crypto|module)')/;
const SQL =
  /\bdb\.prepare\b|\b(SELECT\s|INSERT (OR \w+ )?INTO\b|DELETE FROM\b|CREATE (TABLE|INDEX|VIEW)\b|UPDATE \w+ SET\b)/;

/** Text in quotes says nothing about what the code does, but for the name of what it imports. */
const unquoted = (code: string): string => code.replaceAll(/(?<!\bfrom )'(?:[^'\\\n]|\\.)*'|`[^`$]*`/g, "''");

const IMPORT =
  /^\s*(?:import|export)\b(?<type>\s+type\b)?[^'";]*?\bfrom\s*'(?<from>[^']+)'|^\s*import\s*'(?<bare>[^']+)'|\bimport\(\s*'(?<dynamic>[^']+)'/gm;

const ruleFor = <T>(table: Readonly<Record<string, T>>, file: string): T | undefined => {
  const folder = Object.keys(table).filter((name) => file.startsWith(`${name}/`));
  return table[folder.toSorted((a, b) => b.length - a.length)[0] ?? ''];
};

/** What a file of the core may import from the source tree. */
function coreFolders(file: string): readonly string[] {
  const feature = posix.join('src/core', file.split('/')[2] ?? '', '/');
  return ROOTS.test(file) ? ['src/core/', 'src/shared/'] : [feature, 'src/core/kernel/', 'src/core/db/', 'src/shared/'];
}

function* badImports(file: string, code: string): Generator<string> {
  for (const { groups } of code.matchAll(IMPORT)) {
    const spec = groups?.from ?? groups?.bare ?? groups?.dynamic ?? '';
    if (spec.startsWith('.')) {
      const target = posix.join(posix.dirname(file), spec);
      const allowed = file.startsWith('src/core/') ? coreFolders(file) : (ruleFor(FOLDERS, file) ?? []);
      const agreed = file.startsWith('src/core/') && groups?.type !== undefined && AGREED.includes(target);
      if (!agreed && !allowed.some((folder) => target.startsWith(folder))) yield `${file} may not import ${target}`;
    } else {
      const parts = spec.split('/');
      const name = spec.startsWith('node:') ? 'node:' : parts.slice(0, spec.startsWith('@') ? 2 : 1).join('/');
      if (!(ruleFor(PACKAGES, file) ?? []).includes(name)) yield `${file} may not import the package ${spec}`;
    }
  }
}

function* badTokens(file: string, text: string): Generator<string> {
  const code = unquoted(text);
  const inside = /^src\/(core|shared)\//.test(file) && !file.startsWith('src/core/adapters/');
  // The shared client is given its fetch.
  const given = file === 'src/shared/client.ts' ? 'fetch' : null;
  for (const [pattern, what] of OUTSIDE) {
    if (inside && what !== given && pattern.test(code))
      yield `${file} may not use ${what}: only src/core/adapters/ may`;
  }
  const io = isPure(file) ? IO.exec(code)?.[0] : undefined;
  if (io) yield `${file} is pure and may not use ${io.trim()}`;
  if (file.startsWith('src/') && !mayHaveSql(file) && SQL.test(text)) {
    yield `${file} may not hold SQL: only storage.ts, src/core/db/ and the journal may`;
  }
}

/** @param files path → text of every source file. Each breach as a sentence that names the file. */
function breaches(files: Readonly<Record<string, string>>): string[] {
  return Object.entries(files).flatMap(([file, text]) => {
    const found: string[] = [];
    if (file.split('/').some((part) => NO_NAME.test(part))) found.push(`${file} has a name that says nothing`);
    if (file.endsWith('.test.ts') || file.endsWith('.d.ts')) return found;
    const lines = text.trimEnd().split('\n').length;
    if (lines > LIMIT) found.push(`${file} has ${lines} lines; the most is ${LIMIT}`);
    const code = text.replaceAll(/\/\*[\s\S]*?\*\/|(?<![:'"])\/\/.*$/gm, '');
    if (/^\s*export \*/m.test(code)) found.push(`${file} may not re-export everything of another file`);
    return [...found, ...badImports(file, code), ...badTokens(file, code)];
  });
}

test('the sources keep to the architecture', () => {
  const files = globSync('src/**/*.{ts,tsx}');
  expect(files.length).toBeGreaterThan(100);
  expect(breaches(Object.fromEntries(files.map((file) => [file, readFileSync(file, 'utf8')])))).toEqual([]);
});

test.each([
  ['src/shared/x.ts', "import { a } from '../core/engine.ts';", 'may not import src/core/engine.ts'],
  ['src/shared/x.ts', "import { readFileSync } from 'node:fs';", 'may not import the package node:fs'],
  ['src/shared/x.ts', 'const at = Date.now();', 'may not use the clock'],
  [
    'src/core/trust/service.ts',
    "import { x } from '../sessions/service.ts';",
    'may not import src/core/sessions/service.ts',
  ],
  [
    'src/core/trust/service.ts',
    "import type { X } from '../sessions/service.ts';",
    'may not import src/core/sessions/',
  ],
  [
    'src/core/trust/service.ts',
    "import {\n  x,\n} from '../drivers/driver.ts';",
    'may not import src/core/drivers/driver.ts',
  ],
  ['src/core/trust/service.ts', "const m = await import('../engine.ts');", 'may not import src/core/engine.ts'],
  ['src/core/trust/service.ts', "import { app } from 'electron';", 'may not import the package electron'],
  ['src/core/trust/service.ts', "import { Hono } from 'hono/tiny';", 'may not import the package hono/tiny'],
  ['src/core/trust/service.ts', 'setTimeout(() => {}, 1);', 'may not use timers'],
  ['src/core/trust/service.ts', "import { spawn } from 'node:child_process';", 'may not use processes'],
  ['src/core/trust/service.ts', "const r = await fetch('http://x');", 'may not use fetch'],
  ['src/core/trust/service.ts', 'const id = crypto.randomUUID();', 'may not use randomness'],
  ['src/core/trust/service.ts', "db.prepare('SELECT 1').get();", 'may not hold SQL'],
  ['src/core/trust/service.ts', 'const sql = `INSERT OR IGNORE INTO a VALUES (1)`;', 'may not hold SQL'],
  ['src/core/trust/rules.ts', 'export const f = async () => 1;', 'is pure and may not use async'],
  ['src/core/actions/shell.ts', "import { statSync } from 'node:fs';", "is pure and may not use from 'node:"],
  ['src/core/actions/shell.ts', 'const home = process.env.HOME;', 'is pure and may not use process.'],
  ['src/core/actions/shell.ts', "import { z } from 'zod';", 'may not import the package zod'],
  ['src/core/rpc/dispatch.ts', "import { x } from '../trust/service.ts';", 'may not import src/core/trust/service.ts'],
  ['src/cli/x.ts', "import { x } from '../core/engine.ts';", 'may not import src/core/engine.ts'],
  ['src/renderer/x.tsx', "import { x } from '../core/engine.ts';", 'may not import src/core/engine.ts'],
  ['src/renderer/x.tsx', "import { app } from 'electron';", 'may not import the package electron'],
  ['src/main/x.ts', "import { useState } from 'react';", 'may not import the package react'],
  ['src/core/trust/trust-utils.ts', '', 'has a name that says nothing'],
  ['src/renderer/common/Button.tsx', '', 'has a name that says nothing'],
  ['src/core/trust/long.ts', 'a;\n'.repeat(301), 'has 301 lines; the most is 300'],
  ['src/core/trust/all.ts', "export * from './rules.ts';", 'may not re-export everything'],
])('broken on purpose: %s with %j', (file, text, message) => {
  expect(breaches({ [file]: text })).toEqual([expect.stringContaining(`${file} ${message}`)]);
});

test('what is allowed is not a breach', () => {
  expect(
    breaches({
      'src/core/trust/service.ts': [
        "import type { AgentDriver } from '../drivers/driver.ts';",
        "import { x } from '../kernel/journal.ts';",
        '// Date.now() is the clock’s business',
        'const answer = app.fetch(request); interface F { fetch(url: string): void }',
        'const at = new Date(given);',
        "const words = ['setTimeout', 'Date.now'];",
      ].join('\n'),
      'src/core/engine.ts': "import { x } from './trust/service.ts';",
      'src/core/actions/shell.ts': "const keywords = ['async', 'await'];",
      'src/core/trust/storage.ts': "db.prepare('SELECT 1');",
      'src/core/adapters/clock.ts': 'export const now = () => Date.now();',
      'src/cli/run.ts': "import { pathsOf } from '../core/kernel/paths.ts';",
    }),
  ).toEqual([]);
});
