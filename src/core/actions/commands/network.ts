import { ANY, isExact, plain } from '../atoms.ts';
import { setOf } from '../list.ts';
import type { Flow, Judge } from '../look.ts';
import { optionsNamed, parseOptions } from '../options.ts';
import { judgeShellText } from '../programs/shells.ts';
import { judgeHost, judgeUrl, touchesTenure } from './addresses.ts';

const DOWNLOADED: Flow = { kind: 'unknown', from: 'network' };
const SENT = { irreversible: true };

/** Looks something up on the network: what is asked for is sent. */
const judgeLookup: Judge = (command, look) => {
  const { argv } = command;
  const words = argv.slice(1);
  look.find('medium', 'network', `Asks the network (${plain(argv.join(' ')).slice(0, 120)}).`);
  for (const [at, word] of words.entries())
    if (
      /^--(?:exec\S*|on-\S+|downloader\S*|config-locations?|conf-path|ppa|postprocessor-args|netrc-cmd|plugin-dirs)(?:=|$)/u.test(
        word,
      )
    ) {
      look.find('high', 'runs_option', `Runs a program by the option ${plain(word)}.`);
      judgeShellText(word.includes('=') ? word.slice(word.indexOf('=') + 1) : (words[at + 1] ?? ANY), command, look);
    }
  if (words.some((word) => !isExact(word) || word.length > 120))
    look.find('high', 'carries_data', 'Asks for a name that may carry data out.', SENT);
  if (/^(?:aria2c|yt-dlp)$/u.test(argv[0] ?? '')) look.wrote('.', command, DOWNLOADED);
  return DOWNLOADED;
};

const judgeSocket: Judge = (command, look) => {
  const { argv, stdin } = command;
  const words = argv.slice(1);
  const line = words.join(' ');
  for (const word of words)
    if (word.includes('://')) judgeUrl(word, command, look, true);
    else if (!word.startsWith('-'))
      judgeHost(word.replace(/:\d+$/u, ''), /(\d+)$/u.exec(word)?.[1] ?? '', look, stdin.kind !== 'nothing');
  const runs =
    words.some((word) => /^-[a-zA-Z]*[ec]$|^--(?:exec|sh-exec|lua-exec)|^(?:EXEC|SYSTEM|SHELL):/iu.test(word)) ||
    /exec:|system:/iu.test(line);
  if (runs) look.find('critical', 'remote_shell', 'Lets another machine run commands here.', SENT);
  const probes =
    /^-[a-zA-Z]*z/u.test(words.find((word) => word.startsWith('-')) ?? '') &&
    words.every((word) => word.startsWith('-') || /^(?:localhost|127\.0\.0\.1|::1|\d+)$/u.test(word));
  if (probes) look.find('low', 'network', 'Looks whether a port on this machine is open.');
  else look.find('high', 'sends', `Opens a connection (${plain(line).slice(0, 120)}).`, SENT);
  return DOWNLOADED;
};

const judgeRemote: Judge = (command, look) => {
  const words = command.argv.slice(1);
  if (words.length === 1 && words[0] === '-V') {
    look.find('read', 'version', 'Shows the version of a program.');
    return undefined;
  }
  look.find('high', 'remote', `Works on another machine (${plain(command.argv.join(' ')).slice(0, 120)}).`, SENT);
  for (const [at, word] of words.entries()) {
    const setting = /^-o(.*)$/u.exec(word);
    const value = setting ? setting[1] || (words[at + 1] ?? '') : '';
    if (/proxycommand|localcommand|knownhostscommand|pkcs11|match/iu.test(value)) {
      look.find('high', 'runs_option', 'Runs a program of its own choice to connect.');
      judgeShellText(value.replace(/^[^= ]*[= ]/u, ''), command, look);
    }
    if (/^-[LRDW]/u.test(word) && /4517/u.test(`${word} ${words[at + 1] ?? ''}`)) touchesTenure(look, true);
    if (/^-[DLRW]/u.test(word)) look.find('critical', 'opens_port', 'Opens a way into this machine or its network.');
  }
  const copies = /^(?:scp|sftp)$/u.test(command.argv[0] ?? '');
  for (const word of words)
    if (copies && !word.startsWith('-') && !word.includes(':')) look.read(word, command, { recursive: true });
  return DOWNLOADED;
};

const judgeOpenssl: Judge = (command, look) => {
  const [, verb = '', ...words] = command.argv;
  const parsed = parseOptions(words, {
    oneDash: true,
    long: [
      '-in',
      '-out',
      '-key',
      '-inkey',
      '-keyout',
      '-pass',
      '-passin',
      '-passout',
      '-CAfile',
      '-connect',
      '-days',
      '-subj',
      '-config',
      '-k',
      '-kfile',
      '-engine',
      '-provider',
    ],
  });
  look.find('read', 'computes', `Runs openssl ${plain(verb)}.`);
  if (/^(?:s_client|s_server|s_time|ocsp)$/u.test(verb)) {
    look.find('high', 'sends', 'Opens a connection.', SENT);
    for (const { value } of optionsNamed(parsed, '-connect'))
      judgeHost((value ?? '').replace(/:\d+$/u, ''), /(\d+)$/u.exec(value ?? '')?.[1] ?? '', look);
  }
  for (const { name, value } of parsed.options) {
    if (/^-(?:in|key|inkey|kfile|CAfile|config)$/u.test(name)) look.read(value ?? ANY, command);
    if (/^-(?:out|keyout)$/u.test(name)) look.write(value ?? ANY, command);
    if (/^-(?:engine|provider)$/u.test(name)) look.find('high', 'runs_option', 'Loads code of its own choice.');
  }
  return { kind: 'unknown', from: 'decoder' };
};

const TELLS = setOf('mail mailx sendmail mutt msmtp swaks telegram-send slack terminal-notifier notify-send twilio');
const TUNNELS = setOf(
  'ngrok cloudflared localtunnel lt bore frpc tailscale zrok localhost.run serveo chisel sshuttle croc wormhole transfer',
);
const SCANNERS = setOf(
  'nmap masscan tcpdump tshark wireshark nikto sqlmap hydra john hashcat aircrack-ng ettercap bettercap dsniff mitmproxy mitmdump rustscan zmap',
);

const judgeAlways =
  (code: string, text: (line: string) => string): Judge =>
  ({ argv }, look) => {
    look.find('high', code, text(plain(argv.join(' ')).slice(0, 120)), SENT);
    return undefined;
  };

export const networkJudges: readonly (readonly [string, Judge])[] = [
  ...[
    'dig',
    'nslookup',
    'host',
    'ping',
    'ping6',
    'traceroute',
    'mtr',
    'whois',
    'drill',
    'aria2c',
    'yt-dlp',
    'git-lfs',
  ].map((name) => [name, judgeLookup] as const),
  ...['nc', 'ncat', 'netcat', 'socat', 'telnet', 'websocat', 'wscat', 'nc.traditional'].map(
    (name) => [name, judgeSocket] as const,
  ),
  ...[
    'ssh',
    'scp',
    'sftp',
    'ftp',
    'lftp',
    'mosh',
    'rclone',
    'autossh',
    'rsh',
    'rlogin',
    'rexec',
    'smbclient',
    'ssh-copy-id',
    'tftp',
  ].map((name) => [name, judgeRemote] as const),
  ['openssl', judgeOpenssl],
  ...[...TELLS].map(
    (name) => [name, judgeAlways('tells', (line) => `Sends a message to somebody (${line}).`)] as const,
  ),
  ...[...TUNNELS].map(
    (name) => [name, judgeAlways('opens_port', (line) => `Opens this machine to others (${line}).`)] as const,
  ),
  ...[...SCANNERS].map(
    (name) => [name, judgeAlways('scans', (line) => `Listens to or probes other machines (${line}).`)] as const,
  ),
];
