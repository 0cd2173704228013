import { ANY, isExact, plain } from '../atoms.ts';
import { setOf } from '../list.ts';
import { type Command, type Flow, type Judge, type Look, UNKNOWN } from '../look.ts';
import { has, type OptionSpec, optionsNamed, parseOptions } from '../options.ts';
import { judgeShellText } from '../programs/shells.ts';
import { AGENTS } from './agents.ts';
import { isProjectTool, judgePlace } from './project-tools.ts';

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

/** A package's program: one of the project's own tools is judged as such, anything else is foreign code. */
function judgeBin(spec: string, args: readonly string[], command: Command, look: Look, fetches: boolean): Flow {
  const name = /^(@[^/@]+\/[^@]+|[^@/]+)(?:@(.*))?$/u.exec(spec);
  const bare = name?.[1] ?? spec;
  const bin = Object.hasOwn(BINS, bare) ? (BINS[bare] ?? bare) : bare;
  const argv = [bin, ...args];
  if (name?.[2] !== undefined) look.find('medium', 'network', `Fetches ${plain(spec)}.`);
  if (AGENTS.has(bin) || bin === 'tenure' || (!fetches && look.knows(bin)) || RUNNERS.has(bin) || isProjectTool(bin))
    return look.run(argv, command);
  if (fetches || !isExact(spec)) {
    look.find('high', 'foreign_program', `Fetches and runs ${plain(spec)}, a program that is not known.`, {
      irreversible: true,
    });
    if (isExact(bin)) look.run(argv, command);
  } else {
    look.find('medium', 'project_program', `Runs ${plain(bin)}, installed with the project.`);
    judgePlace(bin, command, look);
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
  for (const spec of packages) {
    const known = isProjectTool(BINS[spec.replace(/(?<=.)@.*$/u, '')] ?? spec.replace(/(?<=.)@.*$/u, ''));
    look.find(
      known ? 'medium' : 'high',
      known ? 'network' : 'foreign_program',
      `Fetches ${plain(spec)} and runs its programs.`,
    );
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
