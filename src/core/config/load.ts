import { existsSync, mkdirSync, readFileSync, renameSync, watch, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { getNodeValue, type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import type { z } from 'zod';
import { Config } from '../../shared/config.ts';
import { TenureError } from '../../shared/errors.ts';
import { issueWords } from '../../shared/issue-words.ts';

export interface ParsedConfig {
  config: Config;
  /** Sentences about keys that are not known and were left out of account. */
  warnings: string[];
}

const positionOf = (text: string, offset: number): string => {
  const before = text.slice(0, offset).split('\n');
  return `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
};

function nodeAt(root: Node | undefined, path: readonly PropertyKey[]): Node | undefined {
  let node = root;
  for (const key of path) {
    const next =
      node?.type === 'object'
        ? node.children?.find((property) => property.children?.[0]?.value === key)?.children?.[1]
        : node?.children?.[Number(key)];
    if (!next) return node;
    node = next;
  }
  return node;
}

function keyNodeOf(root: Node | undefined, path: readonly PropertyKey[], key: string): Node | undefined {
  return nodeAt(root, path)?.children?.find((property) => property.children?.[0]?.value === key)?.children?.[0];
}

function without(value: unknown, path: readonly PropertyKey[], keys: readonly string[]): void {
  let holder = value as Record<PropertyKey, unknown>;
  for (const step of path) holder = holder[step] as Record<PropertyKey, unknown>;
  for (const key of keys) delete holder[key];
}

const SYNTAX: Readonly<Record<string, string>> = {
  InvalidSymbol: 'a name or a text stands here without double quotes',
  InvalidNumberFormat: 'this is no number',
  PropertyNameExpected: 'a name in double quotes is expected',
  ValueExpected: 'a value is expected',
  ColonExpected: 'a colon is expected',
  CommaExpected: 'a comma is expected',
  CloseBraceExpected: 'a closing } is expected',
  CloseBracketExpected: 'a closing ] is expected',
  EndOfFileExpected: 'nothing more is expected here',
  UnexpectedEndOfComment: 'a comment is not closed',
  UnexpectedEndOfString: 'a text is not closed',
};

const shown = (value: unknown): string => JSON.stringify(value) ?? String(value);

function describe(issue: z.core.$ZodIssue, text: string, root: Node | undefined, file: string): string {
  const node = nodeAt(root, issue.path);
  const where = node ? positionOf(text, node.offset) : 'the top';
  const got = node ? ` (got ${shown(getNodeValue(node))})` : '';
  const key = issue.path.length === 0 ? 'the file' : `"${issue.path.join('.')}"`;
  return `${file}, ${where}: ${key}: ${issue.message}${got}.`;
}

type Tree = Readonly<Record<string, unknown>>;

const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null && !Array.isArray(value);

/** What the file says over what it begins with; whatever is no object is taken whole. */
const over = (base: unknown, said: unknown): unknown =>
  isTree(base) && isTree(said)
    ? { ...base, ...Object.fromEntries(Object.entries(said).map(([key, value]) => [key, over(base[key], value)])) }
    : said;

/**
 * Reads a JSONC text. Unknown keys warn; a wrong type refuses, with path, line and column.
 * @param defaults what holds where the text says nothing, over the defaults of the schema.
 * @throws TenureError `invalid`.
 */
export function parseConfig(text: string, file: string, defaults: Tree = {}): ParsedConfig {
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { allowTrailingComma: true, allowEmptyContent: true });
  const [syntax] = errors;
  if (syntax) {
    const where = positionOf(text, syntax.offset);
    throw new TenureError(
      'invalid',
      `${file}, ${where}: not readable as JSON (${SYNTAX[printParseErrorCode(syntax.error)] ?? 'something is not as JSON writes it'}).`,
    );
  }
  const value = over(defaults, root ? getNodeValue(root) : {});
  const warnings: string[] = [];
  for (;;) {
    const parsed = Config.safeParse(value, { error: issueWords });
    if (parsed.success) return { config: parsed.data, warnings };
    const unknown = parsed.error.issues.filter((issue) => issue.code === 'unrecognized_keys');
    const [issue] = parsed.error.issues;
    if (unknown.length < parsed.error.issues.length || !issue) {
      const wrong = parsed.error.issues.filter((other) => other.code !== 'unrecognized_keys');
      throw new TenureError('invalid', wrong.map((other) => describe(other, text, root, file)).join(' '));
    }
    for (const { path, keys } of unknown) {
      for (const key of keys) {
        const node = keyNodeOf(root, path, key);
        const where = node ? positionOf(text, node.offset) : 'the top';
        warnings.push(`${file}, ${where}: "${[...path, key].join('.')}" is no setting of Tenure and was left out.`);
      }
      without(value, path, keys);
    }
  }
}

export interface ConfigStore {
  /** The path of `config.jsonc`. */
  file: string;
  /** The config in force: the last good one. */
  current(): Config;
  /** What holds where the file says nothing. */
  defaults(): Config;
  /** What a text would make of it, were it the file's. @throws TenureError `invalid`. */
  read(text: string): Config;
  /** Sentences about the file as it stands: unknown keys, or where a bad edit is wrong. */
  problems(): string[];
  onChange(listener: () => void): () => void;
  /** Reads the file now, without waiting for the system to say that it changed. */
  reload(): void;
  close(): void;
}

interface Reading {
  config: Config;
  problems: string[];
}

/**
 * Opens `config.jsonc` and follows it. A bad edit keeps the last good config (also over a restart,
 * through a copy in `runDir`) and says where it is wrong. A missing file means the defaults.
 * @param check throws TenureError for what the schema cannot see (a cron expression, a time zone).
 * @param defaults what holds where the file says nothing, over the defaults of the schema.
 * @throws TenureError `invalid` when the file is wrong and no good one was ever read.
 */
export function openConfig(
  file: string,
  runDir: string,
  check: (config: Config) => void = () => undefined,
  defaults: Tree = {},
): ConfigStore {
  const lastGoodFile = join(runDir, 'config.last-good.json');
  const listeners = new Set<() => void>();
  let reading = read(readLastGood(lastGoodFile));

  function read(lastGood: Config | null): Reading {
    try {
      const text = existsSync(file) ? readFileSync(file, 'utf8') : '{}';
      const { config, warnings } = parseConfig(text, file, defaults);
      check(config);
      keepLastGood(lastGoodFile, config);
      return { config, problems: warnings };
    } catch (error) {
      const why = error instanceof TenureError ? error.message : `${file} cannot be read: ${String(error)}.`;
      if (!lastGood) throw new TenureError('invalid', why, { cause: error });
      return { config: lastGood, problems: [`${why} The last good settings stay in force.`] };
    }
  }

  const reload = (): void => {
    const next = read(reading.config);
    if (shown(next) === shown(reading)) return;
    reading = next;
    for (const listener of listeners) {
      try {
        listener();
      } catch {
        // A listener that cannot act on an edit now (a full disk) must not take the program down.
      }
    }
  };
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const watcher = watch(dirname(file), (_event, name) => {
    if (name === null || name === basename(file)) reload();
  });
  watcher.on('error', () => undefined);
  watcher.unref();
  return {
    file,
    reload,
    current: () => reading.config,
    defaults: () => Config.parse(defaults),
    read: (text) => parseConfig(text, file, defaults).config,
    problems: () => reading.problems,
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: () => watcher.close(),
  };
}

function readLastGood(file: string): Config | null {
  try {
    return Config.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return null;
  }
}

function keepLastGood(file: string, config: Config): void {
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    const text = JSON.stringify(config);
    if (existsSync(file) && readFileSync(file, 'utf8') === text) return;
    writeFileSync(`${file}.new`, text, { mode: 0o600 });
    renameSync(`${file}.new`, file);
  } catch {
    // Without the copy a bad edit is refused at the next start instead of bridged; nothing else is lost.
  }
}
