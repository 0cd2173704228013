import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { pathsOf } from '../core/kernel/paths.ts';
import { type ErrorKind, TenureError } from '../shared/errors.ts';
import { engineOf, NotRunning } from './engine.ts';
import { COMMON, overview, overviewJson, verbHelp } from './help.ts';
import { readable } from './text.ts';
import { type Answer, type Cli, UsageError, type Verb } from './verb.ts';
import { CHAPTERS, VERBS } from './verbs.ts';

/** The CLI's own doors to the outside. */
export interface Shell {
  env: Readonly<Record<string, string | undefined>>;
  platform: NodeJS.Platform;
  home: string;
  cwd: string;
  fetch: typeof fetch;
  now(): number;
  sleep(ms: number): Promise<void>;
  browse(url: string): void;
  stdin(): Promise<string>;
  stdout(text: string): void;
  stderr(text: string): void;
}

/** Exit codes: 0 done, 1 failed, 2 wrong usage, 3 not running, 4 not allowed. */
type ExitCode = 0 | 1 | 2 | 3 | 4;

interface Failure {
  exitCode: ExitCode;
  kind: ErrorKind;
  message: string;
}

/** Runs one command line to its end; prints one answer or one failure. Never rejects. */
export async function runCli(argv: readonly string[], shell: Shell): Promise<ExitCode> {
  // Looked for by hand first: a command line that cannot be parsed is to be told in JSON as well.
  const json = argv.includes('--json');
  try {
    const answer = await answerTo(argv, json, shell);
    if (answer.lines) shell.stdout(answer.lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    else shell.stdout(json ? `${JSON.stringify(answer.json, null, 2)}\n` : `${answer.text}\n`);
    return answer.exitCode ?? 0;
  } catch (error) {
    const { exitCode, kind, message } = failureOf(error);
    if (json) shell.stdout(`${JSON.stringify({ error: { kind, message } }, null, 2)}\n`);
    else shell.stderr(`${readable(message)}\n`);
    return exitCode;
  }
}

async function answerTo(argv: readonly string[], json: boolean, shell: Shell): Promise<Answer> {
  const words = argv.filter((arg) => !arg.startsWith('-'));
  if (words[0] === 'help') return helpFor(words.slice(1));
  if (argv.includes('--help') || argv.includes('-h')) return helpFor(words);
  if (words.length === 0 && argv.includes('--version')) return versionHere();
  if (words.length === 0) return helpForNothing(argv);
  const verb = verbOf(words);
  if (!verb) throw unknownVerb(words);
  const { values, positionals } = parse(verb, argv);
  const given = positionals.slice(verb.name.split(' ').length);
  checkGiven(verb, given);
  return await verb.run(cliFor(shell, json, values.demo === true), given, values);
}

/** The verb with the most words that the command line begins with. */
function verbOf(words: readonly string[]): Verb | undefined {
  const two = words.slice(0, 2).join(' ');
  return VERBS.find(({ name }) => name === two) ?? VERBS.find(({ name }) => name === words[0]);
}

function helpFor(words: readonly string[]): Answer {
  const verb = verbOf(words);
  if (verb) return { json: overviewJson([verb]), text: verbHelp(verb) };
  if (words.length === 0) return { json: overviewJson(VERBS), text: overview(CHAPTERS) };
  const kin = VERBS.filter(({ name }) => name.startsWith(`${words[0]} `));
  if (kin.length === 0) throw unknownVerb(words);
  return { json: overviewJson(kin), text: overview([{ title: null, verbs: kin }]) };
}

function helpForNothing(argv: readonly string[]): Answer {
  const unknown = argv.find((arg) => arg !== '--json' && arg !== '--demo');
  if (unknown) throw new UsageError(`There is no option ${unknown}; see "tenure help".`);
  return helpFor([]);
}

/** Of this program, from its own folder: two above the sources as above the build. */
function versionHere(): Answer {
  const file = join(import.meta.dirname, '../../package.json');
  const { version } = JSON.parse(readFileSync(file, 'utf8')) as { version: string };
  return { json: { version }, text: version };
}

function unknownVerb(words: readonly string[]): UsageError {
  const kin = VERBS.filter(({ name }) => name.startsWith(`${words[0]} `)).map(({ name }) => name.split(' ')[1]);
  if (kin.length > 0)
    return new UsageError(`"${words[0]}" needs one of ${kin.join(', ')}; see "tenure help ${words[0]}".`);
  return new UsageError(`There is no verb "${words[0]}"; see "tenure help".`);
}

function parse(verb: Verb, argv: readonly string[]) {
  try {
    const options = { ...verb.options, ...COMMON };
    return parseArgs({ args: [...argv], options, allowPositionals: true, allowNegative: true });
  } catch (error) {
    const why = error instanceof Error ? (error.message.split('. ')[0] ?? error.message) : String(error);
    throw new UsageError(`${why.replace(/\.$/, '')}; see "tenure ${verb.name} --help".`);
  }
}

function checkGiven(verb: Verb, given: readonly string[]): void {
  const needed = verb.takes.filter((name) => !name.endsWith('?'));
  const missing = needed[given.length];
  if (missing) throw new UsageError(`"tenure ${verb.name}" needs <${missing}>; see "tenure ${verb.name} --help".`);
  const extra = given[verb.takes.length];
  if (extra !== undefined) {
    throw new UsageError(`"tenure ${verb.name}" has no use for "${extra}"; see "tenure ${verb.name} --help".`);
  }
}

function cliFor(shell: Shell, json: boolean, demo: boolean): Cli {
  const { env, platform, home } = shell;
  const paths = pathsOf({ env, platform, home, demo });
  const others = pathsOf({ env, platform, home, demo: !demo });
  return {
    ...engineOf({ paths, others, demo, ownerToken: env.TENURE_OWNER_TOKEN, fetch: shell.fetch }),
    paths,
    json,
    cwd: shell.cwd,
    home,
    now: () => shell.now(),
    sleep: (ms) => shell.sleep(ms),
    stdin: () => shell.stdin(),
    browse: (url) => {
      if (!json) shell.browse(url);
    },
    note: (text) => {
      if (!json) shell.stderr(`${text}\n`);
    },
  };
}

function failureOf(error: unknown): Failure {
  if (error instanceof UsageError) return { exitCode: 2, kind: 'invalid', message: error.message };
  if (error instanceof NotRunning) return { exitCode: 3, kind: 'unavailable', message: error.message };
  if (error instanceof TenureError) {
    const barred = error.kind === 'unauthenticated' || error.kind === 'not_allowed';
    return { exitCode: barred ? 4 : 1, kind: error.kind, message: error.message };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { exitCode: 1, kind: 'internal', message: `The CLI failed unexpectedly: ${message}` };
}
