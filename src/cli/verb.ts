import type { ParseArgsOptionDescriptor, parseArgs } from 'node:util';
import type { TenurePaths } from '../core/kernel/paths.ts';
import type { InputOf, MethodName, OutputOf } from '../shared/contract/index.ts';

/** What a verb answers: `json` for scripts, `text` for people; one of the two is printed. */
export interface Answer {
  json: unknown;
  text: string;
  /** 1: it ran, but not to a good end. Default 0. */
  exitCode?: 0 | 1;
  /** Printed instead of both, each as one line of JSON: for answers to many questions at once. */
  lines?: readonly unknown[];
}

/** What a verb gets to work with. */
export interface Cli {
  paths: TenurePaths;
  /** The directory of the shell; paths given by the person are relative to it. */
  cwd: string;
  /** The person's home directory. */
  home: string;
  /** True when the answer will be read by a program. */
  json: boolean;
  now(): number;
  sleep(ms: number): Promise<void>;
  /**
   * Calls the running engine, with the owner token where the method acts, else with the read token.
   * @throws NotRunning, TenureError
   */
  call<M extends MethodName>(method: M, input: InputOf<M>): Promise<OutputOf<M>>;
  /** A fresh login URL. @throws NotRunning, TenureError */
  loginLink(): Promise<string>;
  /** All of standard input, as text. */
  stdin(): Promise<string>;
  /** Says something in between, to a person only. */
  note(text: string): void;
  /** Opens a URL in the person's browser, when a person sits at this terminal. */
  browse(url: string): void;
}

interface Option extends ParseArgsOptionDescriptor {
  /** What stands for the value in the help: `<text>`. */
  value?: string;
  help: string;
}
type Options = Readonly<Record<string, Option>>;
type ValuesOf<O extends Options> = ReturnType<
  typeof parseArgs<{ options: O; allowPositionals: true; allowNegative: true }>
>['values'];

interface VerbParts<O extends Options> {
  /** One or two words: `project add`. */
  name: string;
  summary: string;
  /** Names of what follows the verb; those that end in `?` may be left out. */
  takes?: readonly string[];
  options?: O;
  example: string;
  /** @param given the values of `takes`; `''` for one that was left out. */
  run(cli: Cli, given: readonly string[], values: ValuesOf<O>): Promise<Answer>;
}

export interface Verb extends Required<Omit<VerbParts<Options>, 'run'>> {
  run(cli: Cli, given: readonly string[], values: Readonly<Record<string, unknown>>): Promise<Answer>;
}

/** A verb whose option values are typed by its option table. */
export function defineVerb<const O extends Options>(parts: VerbParts<O>): Verb {
  return {
    takes: [],
    options: {},
    ...parts,
    run: (cli, given, values) => parts.run(cli, given, values as ValuesOf<O>),
  };
}

/** The command line itself is wrong: exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** A whole number in a range, or undefined when the option was not given. @throws UsageError */
export function wholeNumber(text: string | undefined, option: string, min: number, max: number): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= min && value <= max) return value;
  throw new UsageError(`--${option} takes a whole number from ${min} to ${max}, but got "${text}".`);
}

/** One of a few words, or undefined when the option was not given. @throws UsageError */
export function oneOf<T extends string>(text: string | undefined, option: string, words: readonly T[]): T | undefined {
  if (text === undefined) return undefined;
  const word = words.find((known) => known === text);
  if (word !== undefined) return word;
  throw new UsageError(`--${option} takes one of ${words.join(', ')}, but got "${text}".`);
}
