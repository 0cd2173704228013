import { ANY, isExact, plain } from '../atoms.ts';
import { setOf } from '../list.ts';
import { type Command, type Flow, type Judge, type Look, UNKNOWN } from '../look.ts';
import { has, type OptionSpec, optionsNamed, parseOptions } from '../options.ts';
import { judgeShellText } from '../programs/shells.ts';
import { AGENTS } from './agents.ts';
import { isPublished } from './project-table.ts';
import { judgePlace } from './project-tools.ts';

/** Bins that a package provides under another name, and tools that run scripts. */
const BINS: Readonly<Record<string, string>> = {
  '@biomejs/biome': 'biome',
  typescript: 'tsc',
  '@playwright/test': 'playwright',
  '@anthropic-ai/claude-code': 'claude',
  '@openai/codex': 'codex',
  '@google/gemini-cli': 'gemini',
  '@angular/cli': 'ng',
  '@vue/cli-service': 'vue-cli-service',
  '@changesets/cli': 'changeset',
  '@sveltejs/kit': 'svelte-kit',
  '@tailwindcss/cli': 'tailwindcss',
  '@storybook/cli': 'storybook',
  '@mermaid-js/mermaid-cli': 'typedoc',
  'npm-run-all2': 'npm-run-all',
  'sequelize-cli': 'sequelize',
};
const RUNNERS = setOf(
  'tsx ts-node ts-node-dev esno babel-node cross-env cross-env-shell dotenv env-cmd concurrently nodemon rimraf npm-run-all run-s run-p wait-on npm pnpm yarn bun node',
);

/** Options of a package manager that lead it elsewhere or make it run something. */
export function judgeManagerOptions(words: readonly string[], look: Look): void {
  for (const word of words)
    if (
      /^--?(?:script-shell|userconfig|globalconfig|registry|node-options|init-module|git|shell|scripts-prepend-node-path|config\.\S+|use-node-version|node-gyp|\S*:registry|ignore-scripts=false|allow-scripts|unsafe-perm)(?:=|$)/u.test(
        word,
      )
    )
      look.find('high', 'package_scripts', `Changes where packages come from or what they run (${plain(word)}).`);
}

interface Spec {
  /** The program that the package provides. */
  bin: string;
  /** Names a version, and so may be fetched. */
  versioned: boolean;
  /** Comes from somewhere else than its name says: `vitest@npm:evil`, an address, a path. */
  elsewhere: boolean;
}

function specOf(text: string): Spec {
  const [, name = text, version] = /^(@[^/@]+\/[^@]+|[^@/:]+)(?:@(.*))?$/u.exec(text) ?? [];
  const bin = Object.hasOwn(BINS, name) ? (BINS[name] ?? name) : name;
  return {
    bin,
    versioned: version !== undefined,
    elsewhere: version !== undefined && !/^[\w.~^*<>=| -]+$/u.test(version),
  };
}

/** Is the package one whose programs the project's own checks are? */
const isTrusted = ({ bin, elsewhere }: Spec, { argv }: Command): boolean =>
  !elsewhere && (argv[0] === 'uvx' ? isPublished(bin, 'pypi') : RUNNERS.has(bin) || isPublished(bin, 'npm'));

/** A package's program: one of the project's own tools is judged as such, anything else is foreign code. */
function judgeBin(text: string, args: readonly string[], command: Command, look: Look, fetches: boolean): Flow {
  const spec = specOf(text);
  const argv = [spec.bin, ...args];
  if (spec.versioned) look.find('medium', 'network', `Fetches ${plain(text)}.`);
  if (isTrusted(spec, command) || AGENTS.has(spec.bin) || spec.bin === 'tenure' || (!fetches && look.knows(spec.bin)))
    return look.run(argv, command);
  if (fetches || !isExact(text)) {
    const what = `Fetches and runs ${plain(text)}, a program that is not known.`;
    look.find('high', 'foreign_program', what, { irreversible: true });
    if (isExact(spec.bin)) look.run(argv, command);
  } else {
    look.find('medium', 'project_program', `Runs ${plain(spec.bin)}, installed with the project.`);
    judgePlace(spec.bin, command, look);
  }
  return UNKNOWN;
}

const NPX: OptionSpec = {
  short: 'pcw',
  long: ['--package', '--call', '--workspace', '--prefix', '--shell', '--cache', '--registry', '--userconfig'],
  stops: true,
};

/** `npx spec …`, `npm exec -- spec …`, `pnpm dlx`, `bunx`. */
export function judgeExec(words: readonly string[], command: Command, look: Look, fetches: boolean): Flow {
  const parsed = parseOptions(words, NPX);
  judgeManagerOptions(
    parsed.options.map(({ name }) => name),
    look,
  );
  const packages = optionsNamed(parsed, '-p', '--package').map(({ value }) => value ?? ANY);
  for (const { value } of optionsNamed(parsed, '-c', '--call')) judgeShellText(value ?? ANY, command, look);
  for (const text of packages) {
    const trusted = isTrusted(specOf(text), command);
    const code = trusted ? 'network' : 'foreign_program';
    look.find(trusted ? 'medium' : 'high', code, `Fetches ${plain(text)} and runs its programs.`);
  }
  const [spec, ...args] = parsed.operands;
  if (spec === undefined) {
    if (packages.length === 0 && !has(parsed, '-c', '--call')) look.find('read', 'version', 'Shows help or a version.');
    return UNKNOWN;
  }
  // A word with spaces is a line for the shell.
  if (/\s/u.test(spec)) return judgeShellText([spec, ...args].join(' '), command, look);
  const asked = parsed.options.some(({ name }) => name === '--no' || name === '--no-install' || name === '--offline');
  return judgeBin(spec, args, command, look, fetches && !asked);
}

export const judgeNpx: Judge = (command, look) => judgeExec(command.argv.slice(1), command, look, true);
