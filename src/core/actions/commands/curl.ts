import { ANY, isExact, plain } from '../atoms.ts';
import type { Command, Flow, Judge, Look } from '../look.ts';
import { has, optionsNamed, type Parsed, parseOptions } from '../options.ts';
import { judgeHost, judgeUrl } from './addresses.ts';

const DOWNLOADED: Flow = { kind: 'unknown', from: 'network' };
const SENT = { irreversible: true };

// biome-ignore format: a list of options
const CURL_VALUES = [
  '--abstract-unix-socket', '--cacert', '--capath', '--cert', '--ciphers', '--config', '--connect-timeout', '--connect-to', '--cookie', '--cookie-jar',
  '--create-file-mode', '--data', '--data-ascii', '--data-binary', '--data-raw', '--data-urlencode', '--dns-servers', '--doh-url', '--dump-header',
  '--etag-compare', '--etag-save', '--form', '--form-string', '--hostpubmd5', '--interface', '--json', '--key', '--limit-rate', '--max-filesize', '--max-redirs', '--max-time',
  '--netrc-file', '--output', '--output-dir', '--pass', '--preproxy', '--proxy', '--proxy-user', '--quote', '--range', '--referer', '--request', '--request-target', '--resolve',
  '--retry', '--retry-delay', '--retry-max-time', '--socks4', '--socks5', '--socks5-hostname', '--stderr', '--time-cond', '--tls-max', '--trace', '--trace-ascii', '--unix-socket',
  '--upload-file', '--url', '--url-query', '--user', '--user-agent', '--write-out', '--header', '--oauth2-bearer', '--aws-sigv4', '--proxy-header', '--parallel-max', '--variable', '--expand-url',
];
const CURL_DATA = [
  '-d',
  '--data',
  '--data-ascii',
  '--data-binary',
  '--data-raw',
  '--data-urlencode',
  '--json',
  '-F',
  '--form',
  '--form-string',
  '-T',
  '--upload-file',
  '--url-query',
  '--variable',
  '--expand-data',
];
const SAFE_METHOD = /^(?:GET|HEAD|OPTIONS)$/iu;

/** A file that a value names: `@file`, `name@file`, `f=@file`. */
const fileIn = (value: string): string | null => /^(?:[\w.[\]-]*=?[@<])([^;]+)/u.exec(value)?.[1] ?? null;

/** The name under which an address is saved. */
const fileOf = (url: string): string =>
  url
    .replace(/[?#].*$/u, '')
    .replace(/\/+$/u, '')
    .split('/')
    .at(-1) || 'index.html';

function downloads(path: string, command: Command, look: Look): void {
  look.write(path, command);
  look.wrote(path, command, DOWNLOADED);
}

function judgeCurlFiles(parsed: Parsed, command: Command, look: Look): void {
  for (const { name, value } of optionsNamed(parsed, ...CURL_DATA)) {
    const file =
      name === '-T' || '--upload-file'.startsWith(name)
        ? value
        : name === '--data-raw' || name === '--form-string'
          ? null
          : fileIn(value ?? '');
    if (file && file !== '-' && file !== '.') look.read(file, command);
  }
  for (const { value } of optionsNamed(parsed, '-H', '--header', '--proxy-header'))
    if (value?.startsWith('@')) look.read(value.slice(1), command);
  for (const { value } of optionsNamed(
    parsed,
    '-b',
    '--cookie',
    '--cacert',
    '-E',
    '--cert',
    '--key',
    '--netrc-file',
    '-K',
    '--config',
  ))
    if (value && !value.includes('=')) look.read(value, command);
  const directory = optionsNamed(parsed, '--output-dir')[0]?.value;
  for (const { value } of optionsNamed(
    parsed,
    '-o',
    '--output',
    '-D',
    '--dump-header',
    '-c',
    '--cookie-jar',
    '--trace',
    '--trace-ascii',
    '--stderr',
    '--etag-save',
    '--libcurl',
    '--hsts',
    '--alt-svc',
  ))
    if (value !== null && value !== '-')
      downloads(directory && !value.startsWith('/') ? `${directory}/${value}` : value, command, look);
  if (has(parsed, '-O', '--remote-name', '--remote-name-all', '-J'))
    for (const url of parsed.operands) downloads(`${directory ?? '.'}/${fileOf(url)}`, command, look);
}

const judgeCurl: Judge = (command, look) => {
  const parsed = parseOptions(command.argv.slice(1), { short: 'AbcCdDeEFHKmoPQrtTuUwxXyYz', long: CURL_VALUES });
  const urls = [...parsed.operands, ...optionsNamed(parsed, '--url', '--expand-url').map(({ value }) => value ?? ANY)];
  const methods = optionsNamed(parsed, '-X', '--request').map(({ value }) => value ?? ANY);
  const sends = has(parsed, ...CURL_DATA) || methods.some((method) => !SAFE_METHOD.test(method));
  if (urls.length === 0 && !has(parsed, '-K', '--config')) {
    look.find('read', 'version', 'Shows help or a version.');
    return undefined;
  }
  const local =
    urls.map((url) => judgeUrl(url, command, look, sends)).every(Boolean) && !has(parsed, '-L', '--location');
  look.find('medium', 'network', `Fetches ${plain(urls.join(' ')).slice(0, 160)} from the network.`);
  if (sends && !local) look.find('high', 'sends', 'Sends data to another machine.', SENT);
  judgeCurlFiles(parsed, command, look);
  if (has(parsed, '-n', '--netrc', '--netrc-optional', '--netrc-file'))
    look.find('critical', 'credentials', 'Uses the stored passwords of this machine.');
  const signs = parsed.options.some(
    ({ name, value }) => /^(?:-H|--header)$/u.test(name) && /^(?:authorization|cookie|x-api-key)/iu.test(value ?? ''),
  );
  if (
    !local &&
    (signs || has(parsed, '-u', '--user', '--oauth2-bearer', '--aws-sigv4', '-b', '--cookie', '-E', '--cert', '--key'))
  )
    look.find('high', 'sends_credentials', 'Sends a password, key or cookie.', SENT);
  if (
    has(
      parsed,
      '-x',
      '--proxy',
      '--preproxy',
      '--socks4',
      '--socks5',
      '--socks5-hostname',
      '--resolve',
      '--connect-to',
      '--doh-url',
      '--dns-servers',
      '-K',
      '--config',
      '-Q',
      '--quote',
    )
  )
    look.find('high', 'leads_elsewhere', 'Connects somewhere else than the address says.');
  for (const { value } of optionsNamed(parsed, '--resolve', '--connect-to', '-x', '--proxy', '--socks5', '--preproxy'))
    judgeHost('', value ?? '', look, sends);
  if (optionsNamed(parsed, '-w', '--write-out').some(({ value }) => /%output\{|^@/u.test(value ?? '')))
    look.find('high', 'runs_option', 'Writes or reads a file by its output format.');
  for (const { value } of optionsNamed(parsed, '--unix-socket', '--abstract-unix-socket')) {
    look.write(value ?? ANY, command);
    look.find(
      /docker|containerd|podman/u.test(value ?? '') ? 'critical' : 'high',
      'socket',
      `Talks to the socket ${plain(value ?? '')}.`,
    );
  }
  if (parsed.options.some(({ value }) => value !== null && !isExact(value) && value.includes(ANY)))
    look.find('high', 'carries_data', 'Sends something that is only known when it runs.', SENT);
  return DOWNLOADED;
};

const judgeWget: Judge = (command, look) => {
  const parsed = parseOptions(command.argv.slice(1), {
    short: 'oaeiBtOTwQPURDlAXI',
    long: [
      '--output-document',
      '--output-file',
      '--append-output',
      '--directory-prefix',
      '--post-data',
      '--post-file',
      '--body-data',
      '--body-file',
      '--method',
      '--header',
      '--user',
      '--password',
      '--execute',
      '--input-file',
      '--timeout',
      '--tries',
      '--use-askpass',
      '--config',
      '--load-cookies',
      '--save-cookies',
      '--user-agent',
      '--referer',
      '--level',
      '--accept',
      '--reject',
    ],
  });
  const bodies = ['--post-data', '--post-file', '--body-data', '--body-file'];
  const sends =
    has(parsed, ...bodies) || optionsNamed(parsed, '--method').some(({ value }) => !SAFE_METHOD.test(value ?? ''));
  const local = parsed.operands.map((url) => judgeUrl(url, command, look, sends)).every(Boolean);
  look.find('medium', 'network', `Fetches ${plain(parsed.operands.join(' ')).slice(0, 160)} from the network.`);
  if (sends && !local) look.find('high', 'sends', 'Sends data to another machine.', SENT);
  if (has(parsed, '--user', '--password', '--header', '--load-cookies') && !local)
    look.find('high', 'sends_credentials', 'Sends a password, header or cookie.', SENT);
  if (has(parsed, '-e', '--execute', '--use-askpass', '--config'))
    look.find('high', 'runs_option', 'Takes settings that can run a program.');
  for (const { value } of optionsNamed(
    parsed,
    '--post-file',
    '--body-file',
    '-i',
    '--input-file',
    '--load-cookies',
    '--config',
  ))
    look.read(value ?? ANY, command);
  const outputs = optionsNamed(
    parsed,
    '-O',
    '--output-document',
    '-o',
    '--output-file',
    '-a',
    '--append-output',
    '--save-cookies',
    '--rejected-log',
    '--warc-file',
    '--hsts-file',
  );
  for (const { value } of outputs) if (value !== '-') downloads(value ?? ANY, command, look);
  if (!has(parsed, '-O', '--output-document'))
    for (const url of parsed.operands)
      downloads(`${optionsNamed(parsed, '-P', '--directory-prefix')[0]?.value ?? '.'}/${fileOf(url)}`, command, look);
  return DOWNLOADED;
};

/** `http POST host field=value`: a method or a field means that it sends. */
const judgeHttpie: Judge = (command, look) => {
  const { operands } = parseOptions(command.argv.slice(1), {
    short: 'oaAp',
    long: ['--output', '--auth', '--session'],
  });
  const method = /^[A-Z]+$/u.test(operands[0] ?? '') ? operands[0] : undefined;
  const [url = ANY, ...items] = method === undefined ? operands : operands.slice(1);
  const sends =
    (method !== undefined && !SAFE_METHOD.test(method)) ||
    items.some((item) => !item.includes('==')) ||
    command.stdin.kind !== 'nothing';
  const local = judgeUrl(url.startsWith(':') ? `localhost${url}` : url, command, look, sends);
  look.find(
    sends && !local ? 'high' : 'medium',
    sends ? 'sends' : 'network',
    `${sends ? 'Sends data to' : 'Fetches'} ${plain(url)}.`,
    sends ? SENT : {},
  );
  return DOWNLOADED;
};

export const curlJudges: readonly (readonly [string, Judge])[] = [
  ['curl', judgeCurl],
  ['wget', judgeWget],
  ...['http', 'https', 'xh', 'xhs'].map((name) => [name, judgeHttpie] as const),
];
