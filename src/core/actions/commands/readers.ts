import { ANY, BELOW, globToAtoms, plain } from '../atoms.ts';
import { setOf } from '../list.ts';
import { type Command, type Flow, type Judge, type Look, madeFrom, NOTHING, UNKNOWN } from '../look.ts';
import { isOption, type OptionSpec, type Parsed, parseOptions } from '../options.ts';
import { judgeShellText } from '../programs/shells.ts';
import { judgeEcho } from './echo.ts';

/** A program that reads and prints. Only the options that do more, or take a value, are named. */
interface Reader extends OptionSpec {
  /** What its operands are; `text` needs no look. */
  operands?: 'paths' | 'text' | 'names';
  /** Leading operands that are no paths: a pattern, a filter. Options in `instead` supply it. */
  skip?: number;
  instead?: readonly string[];
  /** Reads the current directory when no path is given. */
  here?: boolean;
  /** Options after which it reads everything below; true: always. */
  recursive?: readonly string[] | true;
  reads?: readonly string[];
  writes?: readonly string[];
  /** Options whose value is a glob of the files to read. */
  globs?: readonly string[];
  /** Options whose value is a command. */
  runs?: readonly string[];
  /** Operand that it writes, counted from 0. */
  output?: number;
  /** What it prints is what it read: a pipe through it keeps names. */
  passes?: boolean;
  /** Prints the names of files. */
  lists?: true | readonly string[];
  /** Prints text made from what it reads that no longer looks like it. */
  decodes?: readonly string[];
}

const TEXT: Reader = { operands: 'text' };
const GREP: Reader = {
  short: 'efmABCdD',
  long: [
    '--regexp',
    '--file',
    '--max-count',
    '--after-context',
    '--before-context',
    '--context',
    '--include',
    '--exclude',
    '--exclude-dir',
    '--exclude-from',
    '--color',
    '--label',
  ],
  skip: 1,
  instead: ['-e', '-f', '--regexp', '--file'],
  reads: ['-f', '--file', '--exclude-from'],
  recursive: ['-r', '-R', '--recursive', '--dereference-recursive'],
  globs: ['--include'],
  lists: ['-l', '--files-with-matches', '-L', '--files-without-match'],
  passes: true,
};

// biome-ignore format: one program a line
const READERS: Readonly<Record<string, Reader>> = {
  cat: { passes: true },
  bat: { passes: true, runs: ['--pager'], short: 'lHr', long: ['--pager', '--language', '--style', '--theme', '--line-range', '--paging', '--color'] },
  tac: { passes: true },
  nl: {}, rev: { decodes: [] }, fold: {}, fmt: {}, column: {}, paste: {}, expand: {}, unexpand: {}, pr: {}, zcat: { decodes: [] },
  head: { short: 'nc', long: ['--lines', '--bytes'], passes: true },
  tail: { short: 'nc', long: ['--lines', '--bytes', '--pid'], passes: true },
  less: { writes: ['-o', '-O', '--log-file', '--LOG-FILE'], short: 'oOPpxyjkT', long: ['--lesskey-file', '--lesskey-src', '--lesskey-content'], runs: ['-k', '--lesskey-file', '--lesskey-src', '--lesskey-content'], passes: true },
  more: { passes: true },
  wc: { reads: ['--files0-from'], long: ['--files0-from'] },
  stat: { short: 'fct', long: ['--format', '--printf'], operands: 'names' },
  file: { short: 'fmF', reads: ['-f'], operands: 'names' },
  ls: { operands: 'names', here: true, recursive: ['-R', '--recursive'], lists: true, short: 'ITw', long: ['--ignore', '--hide', '--width'] },
  exa: { operands: 'names', here: true, recursive: ['-R', '-T'], lists: true }, eza: { operands: 'names', here: true, recursive: ['-R', '-T'], lists: true },
  tree: { operands: 'names', here: true, recursive: true, short: 'LPIoHT', writes: ['-o'] },
  du: { operands: 'names', here: true, recursive: true, short: 'dBt', long: ['--max-depth', '--exclude', '--files0-from', '--block-size'], reads: ['--files0-from'] },
  df: { operands: 'names', short: 't' },
  grep: GREP, egrep: GREP, fgrep: GREP, ggrep: GREP, zgrep: GREP, pcregrep: GREP,
  rg: {
    short: 'efgtTmABCdjMrE',
    long: ['--regexp', '--file', '--glob', '--iglob', '--type', '--type-not', '--max-count', '--after-context', '--before-context', '--context', '--max-depth', '--threads', '--replace', '--pre', '--pre-glob', '--hostname-bin', '--ignore-file', '--sort', '--sortr', '--color', '--colors', '--encoding', '--type-add'],
    skip: 1, instead: ['-e', '-f', '--regexp', '--file', '--files'], reads: ['-f', '--file', '--ignore-file'], globs: ['-g', '--glob', '--iglob'], runs: ['--pre', '--hostname-bin'],
    here: true, recursive: true, lists: ['-l', '--files-with-matches', '--files', '--files-without-match'], passes: true,
  },
  ag: { skip: 1, short: 'GABCmp', long: ['--pager', '--ignore'], runs: ['--pager'], here: true, recursive: true, lists: ['-l'], passes: true },
  ack: { skip: 1, short: 'ABCgm', long: ['--pager', '--ignore-dir', '--ackrc'], runs: ['--pager'], reads: ['--ackrc'], here: true, recursive: true, lists: ['-l'], passes: true },
  diff: { short: 'xXIFUCW', long: ['--exclude', '--exclude-from', '--label', '--from-file', '--to-file'], reads: ['--from-file', '--to-file', '-X', '--exclude-from'], recursive: ['-r', '--recursive'] },
  sdiff: { short: 'o', long: ['--output', '--diff-program'], writes: ['-o', '--output'], runs: ['--diff-program'] },
  cmp: { short: 'in' }, comm: {}, join: { short: 'aejovt12' }, colordiff: {}, delta: { runs: ['--pager', '--config'], long: ['--pager', '--config'] },
  cut: { short: 'bcdf', long: ['--delimiter', '--fields', '--bytes', '--characters', '--output-delimiter'] },
  tr: { operands: 'text', decodes: [] },
  sort: { short: 'kotTS', long: ['--key', '--output', '--field-separator', '--temporary-directory', '--compress-program', '--files0-from', '--buffer-size', '--parallel', '--random-source'], writes: ['-o', '--output'], runs: ['--compress-program'], reads: ['--files0-from', '--random-source'], passes: true },
  uniq: { short: 'fsw', output: 1, passes: true },
  shuf: { short: 'nioe', long: ['--output', '--head-count', '--random-source'], writes: ['-o', '--output'], passes: true },
  md5sum: {}, sha1sum: {}, sha256sum: {}, sha512sum: {}, shasum: { short: 'a' }, cksum: {}, md5: { short: 's' }, b2sum: {},
  strings: { short: 'ntT' }, hexdump: { short: 'neC' }, od: { short: 'AjNtwS' }, nm: {}, objdump: {}, readelf: {}, otool: {}, size: {},
  xxd: { short: 'cglos', output: 1, decodes: ['-r'] },
  base64: { short: 'wiob', long: ['--wrap'], reads: ['-i'], writes: ['-o'], decodes: ['-d', '-D', '--decode'] },
  base32: { decodes: ['-d', '--decode'] }, uudecode: { decodes: [], short: 'o', writes: ['-o'] },
  gunzip: { decodes: ['-c', '--stdout', '--to-stdout'] },
  jq: { skip: 1, instead: ['-f', '--from-file'], short: 'fL', long: ['--from-file', '--indent', '--tab', '--arg', '--argjson'], reads: ['-f', '--from-file', '-L'] },
  yq: { skip: 1, short: 'oIp', long: ['--output-format', '--indent', '--input-format'] },
  realpath: TEXT, readlink: TEXT, basename: TEXT, dirname: TEXT, true: TEXT, false: TEXT, seq: TEXT, expr: TEXT, sleep: TEXT,
  date: { short: 'dfrsvj', long: ['--date', '--file', '--reference', '--set'], operands: 'text', reads: ['-f', '--file'] },
  whoami: TEXT, id: TEXT, uname: TEXT, arch: TEXT, groups: TEXT, tty: TEXT, nproc: TEXT, getconf: TEXT, uptime: TEXT, who: TEXT, w: TEXT, last: TEXT, cal: TEXT,
  which: TEXT, whereis: TEXT, type: TEXT, whence: TEXT, tput: TEXT, clear: TEXT, locale: TEXT, free: TEXT, vm_stat: TEXT, vmstat: TEXT, iostat: TEXT,
  sw_vers: TEXT, lscpu: TEXT, lsblk: TEXT, lsb_release: TEXT, pgrep: TEXT, pstree: TEXT, pidof: TEXT, lsof: TEXT, htop: TEXT, top: TEXT, netstat: TEXT, ss: TEXT,
  factor: TEXT, numfmt: TEXT, tldr: TEXT, history: TEXT, 'system_profiler': TEXT, hostid: TEXT, figlet: TEXT, uuidgen: TEXT, yes: TEXT, errno: TEXT,
  man: { operands: 'text', short: 'PHSMC', long: ['--pager', '--html', '--config-file'], runs: ['-P', '-H', '-C', '--pager', '--html', '--config-file'] },
  cloc: { here: true, recursive: true, long: ['--exclude-dir', '--include-lang', '--out', '--report-file'], writes: ['--out', '--report-file'] },
  tokei: { here: true, recursive: true }, scc: { here: true, recursive: true, short: 'o', writes: ['-o', '--output'] },
  bc: {}, ldd: {}, zipinfo: {}, tsort: {}, look: { skip: 1 }, iconv: { short: 'fto', writes: ['-o', '--output'], long: ['--output'] },
  pv: { passes: true, short: 'BcDdFHiLNRsX' }, gron: {}, hexyl: {}, pdfinfo: {}, mdls: { short: 'n' }, difft: {}, dust: { operands: 'names', here: true, recursive: true }, duf: TEXT, procs: TEXT, ncdu: { operands: 'names', here: true, recursive: true, short: 'of', writes: ['-o'] },
  csvlook: {}, csvstat: {}, csvcut: { short: 'cC' }, csvgrep: { short: 'cmrf', reads: ['-f'] }, csvjson: {}, in2csv: { short: 'f' }, xsv: { skip: 1, short: 'o', writes: ['-o', '--output'], long: ['--output'] }, qsv: { skip: 1, short: 'o', writes: ['-o', '--output'], long: ['--output'] },
  arp: TEXT, pg_isready: TEXT, 'xcode-select': { operands: 'text' }, onefetch: { here: true }, 'git-sizer': TEXT, stty: TEXT,
  glow: {}, pandoc: { short: 'oftF', long: ['--output', '--filter', '--from', '--to'], writes: ['-o', '--output'], runs: ['-F', '--filter', '--lua-filter'] },
};

/** Names that only a person gives to what it has in mind: `grep PATTERN`. */
function pathsOf(parsed: Parsed, spec: Reader): readonly string[] {
  const supplied = parsed.options.some(({ name }) => spec.instead?.some((option) => isOption(name, option)));
  return parsed.operands.slice(supplied ? 0 : (spec.skip ?? 0));
}

function judgeOptions(parsed: Parsed, spec: Reader, command: Command, look: Look): void {
  for (const { name, value } of parsed.options) {
    const is = (names: readonly string[] | undefined): boolean => names !== undefined && isOption(name, ...names);
    if (is(spec.writes)) look.write(value ?? ANY, command);
    if (is(spec.reads) && value !== null) look.read(value, command);
    if (is(spec.globs) && value !== null && !value.startsWith('!')) look.glimpse(globToAtoms(value), command);
    if (is(spec.runs) && value !== '') {
      look.find(
        'high',
        'runs_option',
        `Runs ${plain(value ?? 'a program')} by the option ${plain(name)} of ${command.argv[0]}.`,
      );
      judgeShellText(value ?? ANY, command, look);
    }
  }
}

function output(parsed: Parsed, paths: readonly string[], spec: Reader, command: Command): Flow {
  const given = (names: true | readonly string[] | undefined): boolean =>
    names === true || (names?.some((name) => parsed.options.some((option) => isOption(option.name, name))) ?? false);
  if (spec.decodes && (spec.decodes.length === 0 || given(spec.decodes))) {
    return madeFrom(command.stdin, 'decoder');
  }
  if (given(spec.lists)) {
    const roots = paths.length > 0 ? paths : ['.'];
    if (command.argv[0] === 'ls')
      return { kind: 'names', values: roots.flatMap((root) => [BELOW, `${root}/${BELOW}`]) };
    return { kind: 'names', values: roots.map((root) => (spec.recursive ? `${root}/${BELOW}` : root)) };
  }
  if (!spec.passes || (command.stdin.kind === 'text' && command.argv[0] !== 'cat')) return madeFrom(command.stdin);
  return paths.length > 0 ? UNKNOWN : command.stdin;
}

const judgeReader =
  (spec: Reader): Judge =>
  (command, look) => {
    const name = command.argv[0] ?? '';
    look.find('read', 'reads', `Runs ${plain(name.slice(name.lastIndexOf('/') + 1))}, which only reads.`);
    const parsed = parseOptions(command.argv.slice(1), spec);
    judgeOptions(parsed, spec, command, look);
    if (spec.operands === 'text') return output(parsed, [], spec, command);
    const paths = pathsOf(parsed, spec);
    const { recursive } = spec;
    const below = recursive === true || parsed.options.some(({ name: given }) => recursive?.includes(given));
    const how = { names: spec.operands === 'names', recursive: below };
    if ((spec.runs ?? spec.writes) && command.argv.some((word) => word.startsWith(ANY)))
      look.find('high', 'unknown_option', `Gives ${plain(name)} a word that may be an option.`);
    // Only a search with a pattern reads its standard input instead of the directory.
    const here = below
      ? recursive !== true || spec.skip === undefined || command.stdin.kind === 'nothing'
      : spec.here === true;
    const everything = paths.length > 0 ? paths : here ? ['.'] : [];
    everything.forEach((path, index) => {
      if (spec.output === index) look.write(path, command);
      else if (path !== '-') look.read(path, command, how);
    });
    return output(parsed, paths, spec, command);
  };

/** `ps e` and `ps -E` show the environment of every process. */
const judgePs: Judge = ({ argv }, look) => {
  const shows = argv.slice(1).some((word) => /^[a-zA-Z]*[eE][a-zA-Z]*$/u.test(word) || /^-[a-zA-Z]*E/u.test(word));
  if (shows) look.find('critical', 'credentials', 'Shows the environment of every process, secrets included.');
  else look.find('read', 'reads', 'Lists processes.');
  return undefined;
};

const judgePwd: Judge = (command, look) => {
  look.find('read', 'prints', 'Prints the directory.');
  return { kind: 'names', values: command.cwd };
};

const judgePrintenv: Judge = ({ argv }, look) => {
  const names = argv.slice(1).filter((word) => !word.startsWith('-'));
  if (names.length === 0)
    look.find('high', 'shows_environment', 'Shows every variable of the environment, secrets included.');
  else if (names.every((name) => HARMLESS.has(name))) look.find('read', 'prints', 'Prints a variable.');
  else look.find('critical', 'credentials', `Shows $${plain(names.join(', $'))}, which may hold a secret.`);
  return undefined;
};
const HARMLESS = setOf(
  'PATH HOME USER SHELL LANG LC_ALL PWD TERM NODE_ENV CI EDITOR TMPDIR GOPATH JAVA_HOME VIRTUAL_ENV NVM_DIR PYTHONPATH TZ HOSTNAME DISPLAY',
);

/** Programs that show something of the machine, and change it when they are given a value. */
const SETS: Readonly<Record<string, (words: readonly string[]) => boolean>> = {
  ss: (words) => words.some((word) => /^-[a-zA-Z]*K|^--kill/u.test(word)),
  stty: (words) => words.some((word) => !/^(?:size|-a|-g|--all|--save)$/u.test(word)),
  arp: (words) => words.some((word) => /^-[a-z]*[ds]/u.test(word)),
  'xcode-select': (words) => !words.every((word) => /^(?:-p|--print-path|-v|--version)$/u.test(word)),
  hostname: (words) => words.some((word) => !word.startsWith('-')),
  sysctl: (words) => words.some((word) => /^-[a-z]*w|^--write|=/u.test(word)),
  date: (words) => words.some((word) => /^(?:-[a-zA-Z]*s|--s|--set.*|\d+(?:\.\d+)?)$/u.test(word)),
};

const SET: Readonly<Record<string, string>> = {
  sysctl: 'settings',
  ss: 'connections',
  arp: 'addresses',
  stty: 'terminal',
  'xcode-select': 'developer tools',
};

const judgeSetter: Judge = (command, look) => {
  const [name = '', ...words] = command.argv;
  if (SETS[name]?.(words)) look.find('critical', 'system', `Changes the machine's ${SET[name] ?? name}.`);
  return judgeReader(READERS[name] ?? TEXT)(command, look);
};

const judgeTest: Judge = (_command, look) => {
  look.find('read', 'reads', 'Tests a condition.');
  return NOTHING;
};

const SHOWS_ENVIRONMENT =
  /(?:^|[^.\w$])(?:env|\$ENV|input_filename|getpath|\$__loc__)(?![\w])|\$ENV|env\(|strenv\(|load(?:_str)?\(/u;

const judgeQuery: Judge = (command, look) => {
  // `yq eval 'filter' file` puts a verb before it.
  const filter = command.argv
    .slice(1)
    .filter((word) => !word.startsWith('-') && !/^(?:e|ea|eval|eval-all)$/u.test(word))
    .slice(0, 1)
    .join('');
  if (SHOWS_ENVIRONMENT.test(filter))
    look.find('high', 'shows_environment', 'Looks at the environment or at other files.');
  if (command.argv[0] === 'yq' && command.argv.some((word) => /^-[a-zA-Z]*i|^--inplace/u.test(word)))
    for (const path of parseOptions(command.argv.slice(1), { short: 'oIp' }).operands.slice(1))
      look.write(path, command);
  return judgeReader(READERS[command.argv[0] ?? 'jq'] ?? TEXT)(command, look);
};

/** `less +command`: commands of its own, some of which run a program; a line break ends one and begins the next. */
const judgeLess: Judge = (command, look) => {
  for (const word of command.argv.slice(1).filter((given) => /^\+(?!\+?(?:\d+|[gGF]|\/[^!|\p{Cc}]*)?$)/u.test(given))) {
    look.find('high', 'runs_option', `Gives less the command ${plain(word)}.`);
    judgeShellText(word.replace(/^\++\W?/u, ''), command, look);
  }
  return judgeReader(READERS.less ?? TEXT)(command, look);
};

export const readerJudges: readonly (readonly [string, Judge])[] = [
  ...Object.entries(READERS).map(([name, spec]) => [name, judgeReader(spec)] as const),
  ...['echo', 'printf', 'print'].map((name) => [name, judgeEcho] as const),
  ['pwd', judgePwd],
  ['ps', judgePs],
  ['less', judgeLess],
  ['printenv', judgePrintenv],
  ...Object.keys(SETS).map((name) => [name, judgeSetter] as const),
  ['jq', judgeQuery],
  ['yq', judgeQuery],
  ...['test', '[', '[['].map((name) => [name, judgeTest] as const),
];
