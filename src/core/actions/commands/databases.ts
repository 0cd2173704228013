import { ANY, isExact, plain } from '../atoms.ts';
import type { Command, Judge, Look } from '../look.ts';
import { has, type OptionSpec, optionsNamed, parseOptions } from '../options.ts';
import { judgeUrl } from './addresses.ts';

const LOST = { irreversible: true };
const READS =
  /^\s*(?:(?:select|explain(?!\s+analyze\s+(?:delete|update|insert))|show|describe|desc|with|values|pragma\s+\w+(?:\(\w+\))?$|\\d\S*|\\l|\\dt|\\c|\.tables|\.schema|\.indexes|\.databases|\.headers|\.mode|help|list)\b|\\[dlz])/iu;
const WRITES_IN_READ =
  /\b(?:insert|update|delete|drop|alter|create|truncate|grant|into\s+(?:out|dump)file|copy|attach|load_extension|pg_read_file|lo_import|writefile|edit|readfile|dblink|pg_terminate\w*)\b/iu;
const DESTROYS =
  /\b(?:drop\s+(?:database|schema|table|user|role|owned)|truncate|flushall|flushdb|dropdatabase|shutdown)\b|deletemany\s*\(\s*\{\s*\}|\.drop(?:database)?\s*\(|\bdelete\s+from\s+[\w."`]+\s*(?:;|$)|\bupdate\s+[\w."`]+\s+set\s+(?:(?!\bwhere\b)[\s\S])*$/iu;
const RUNS =
  /\\!|\\copy|\\o\s|\\i\s|\\g\s*\||\\w\s|(?:^|\n)\s*\.(?:shell|system|sh|output|once|read|load|import|excel|open|save|backup|dump|log|restore|clone|archive|ar)\b|copy\s+[\s\S]*\b(?:program|to\s+'|from\s+')|load_extension|into\s+(?:out|dump)file|sys_exec|xp_cmdshell|system\s*\(|\beval\b|config\s+set|module\s+load|slaveof|replicaof|debug\s+/iu;

/** Judges text in a database's own language. */
export function judgeQuery(text: string, look: Look): void {
  const shown = plain(text).slice(0, 120);
  if (RUNS.test(text))
    return look.find('critical', 'runs_option', `Lets a database run programs or touch files: ${shown}`, LOST);
  if (!isExact(text))
    return look.find('high', 'unknown_program', `Asks a database something that is only known when it runs: ${shown}`);
  if (DESTROYS.test(text)) return look.find('critical', 'destroys_data', `Destroys data: ${shown}`, LOST);
  const statements = text.split(';').filter((part) => part.trim() !== '');
  const reads = statements.every((part) => READS.test(part) && !WRITES_IN_READ.test(part));
  if (reads && statements.length > 0) look.find('medium', 'reads_data', `Reads from a database: ${shown}`);
  else look.find('high', 'changes_data', `Changes data: ${shown}`);
}

interface Client extends OptionSpec {
  queries: readonly string[];
  files?: readonly string[];
  /** The first operand is a file that holds the database; further ones are queries. */
  local?: boolean;
  /** Operands are the query. */
  spoken?: boolean;
}

const CLIENTS: Readonly<Record<string, Client>> = {
  psql: {
    short: 'cfdhpUvoLPTRF',
    long: ['--command', '--file', '--dbname', '--host', '--port', '--username', '--output', '--set'],
    queries: ['-c', '--command'],
    files: ['-f', '--file'],
  },
  mysql: {
    short: 'ehuDPS',
    long: ['--execute', '--host', '--user', '--database', '--port'],
    queries: ['-e', '--execute'],
  },
  mariadb: {
    short: 'ehuDPS',
    long: ['--execute', '--host', '--user', '--database', '--port'],
    queries: ['-e', '--execute'],
  },
  sqlite3: {
    oneDash: true,
    long: ['-cmd', '-init', '-separator', '-nullvalue', '-newline', '-A', '-vfs'],
    queries: ['-cmd'],
    files: ['-init'],
    local: true,
  },
  duckdb: {
    oneDash: true,
    long: ['-c', '-cmd', '-init', '-s'],
    queries: ['-c', '-cmd', '-s'],
    files: ['-init'],
    local: true,
  },
  'redis-cli': { short: 'hpanu', long: ['--eval', '--pipe'], queries: [], files: ['--eval'], spoken: true },
  mongosh: {
    long: ['--eval', '--file', '--host', '--port', '--username', '--password'],
    short: 'fup',
    queries: ['--eval'],
    files: ['--file', '-f'],
  },
  mongo: { long: ['--eval', '--host', '--port'], queries: ['--eval'] },
  cqlsh: { short: 'efukp', queries: ['-e'], files: ['-f'] },
  'clickhouse-client': { short: 'q', long: ['--query', '--host'], queries: ['-q', '--query'] },
  sqlcmd: { short: 'QqiSUPd', queries: ['-Q', '-q'], files: ['-i'] },
};

const REDIS_READS =
  /^(?:get|mget|hget\w*|hgetall|keys|scan|info|ping|ttl|pttl|type|exists|llen|lrange|smembers|scard|zrange\w*|dbsize|strlen|xlen|xrange|client list|memory usage|object)\b/iu;

const judgeClient =
  (spec: Client): Judge =>
  (command, look) => {
    const parsed = parseOptions(command.argv.slice(1), spec);
    if (
      has(parsed, '--version', '--help', '-version', '-help') ||
      (parsed.options.length === 0 && parsed.operands.length === 0 && command.stdin.kind === 'nothing')
    ) {
      look.find(command.argv.length > 1 ? 'read' : 'high', 'interactive', 'Starts a database client.');
      return undefined;
    }
    const queries = optionsNamed(parsed, ...spec.queries).map(({ value }) => value ?? ANY);
    const [file, ...texts] = spec.local ? parsed.operands : [];
    if (file !== undefined) look.write(file, command);
    queries.push(...texts);
    if (spec.spoken && parsed.operands.length > 0) {
      const text = parsed.operands.join(' ');
      if (REDIS_READS.test(text)) look.find('medium', 'reads_data', `Reads from a database: ${plain(text)}`);
      else judgeQuery(text, look);
      return undefined;
    }
    for (const { value } of optionsNamed(parsed, ...(spec.files ?? []))) {
      look.read(value ?? ANY, command);
      look.find('high', 'unknown_program', `Runs the queries in ${plain(value ?? '')}.`);
    }
    if (has(parsed, '-o', '--output', '-L'))
      for (const { value } of optionsNamed(parsed, '-o', '--output', '-L')) look.write(value ?? ANY, command);
    for (const word of parsed.operands)
      if (/^[a-z+]+:\/\//u.test(word)) judgeUrl(word.replace(/^[a-z+]+:/u, 'https:'), command, look);
    for (const text of queries) judgeQuery(text, look);
    if (queries.length === 0) judgeStdin(command, look);
    return undefined;
  };

function judgeStdin(command: Command, look: Look): void {
  if (command.stdin.kind === 'text') judgeQuery(command.stdin.text, look);
  else look.find('high', 'unknown_program', 'Runs queries that are only known when it runs.');
}

const judgeDump: Judge = (command, look) => {
  const drops = /^(?:drop|mongorestore|pg_restore|mysqladmin)/u.test(command.argv[0] ?? '');
  look.find(
    drops ? 'critical' : 'high',
    drops ? 'destroys_data' : 'reads_data',
    `Works on a whole database (${plain(command.argv.join(' ')).slice(0, 120)}).`,
    drops ? LOST : {},
  );
  const parsed = parseOptions(command.argv.slice(1), { short: 'fo', long: ['--file', '--out', '--result-file'] });
  for (const { value } of optionsNamed(parsed, '-f', '-o', '--file', '--out', '--result-file'))
    look.write(value ?? ANY, command);
  return undefined;
};

export const databaseJudges: readonly (readonly [string, Judge])[] = [
  ...Object.entries(CLIENTS).map(([name, spec]) => [name, judgeClient(spec)] as const),
  ...[
    'pg_dump',
    'pg_dumpall',
    'mysqldump',
    'mongodump',
    'mongoexport',
    'dropdb',
    'dropuser',
    'createdb',
    'createuser',
    'pg_restore',
    'mongorestore',
    'mongoimport',
    'mysqladmin',
    'initdb',
    'pg_ctl',
  ].map((name) => [name, judgeDump] as const),
];
