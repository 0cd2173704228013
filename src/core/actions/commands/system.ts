import { isExact, plain } from '../atoms.ts';
import type { Command, Judge, Look } from '../look.ts';
import { parseOptions } from '../options.ts';
import { judgeShellText } from '../programs/shells.ts';
import { namesTenurePort } from './addresses.ts';

const shown = (argv: readonly string[]): string => plain(argv.join(' ')).slice(0, 120);

/** Does the line speak of Tenure's own processes or services? */
const aboutTenure = (command: Command, look: Look): boolean =>
  /tenure/iu.test(command.argv.join(' ')) ||
  (/tenure/iu.test(look.line) && !command.argv.every(isExact)) ||
  namesTenurePort(look.line, look);

const judgeKill: Judge = (command, look) => {
  const name = command.argv[0] ?? '';
  const words = command.argv.slice(1);
  if (words.some((word) => /^-(?:l|L|0)$/u.test(word))) {
    look.find('read', 'reads', 'Asks about a process.');
    return undefined;
  }
  const targets = words.filter(
    (word) =>
      !/^-(?:\d+|[A-Z]+|s|n|SIG\w+)$/u.test(word) &&
      !/^(?:SIG)?(?:TERM|KILL|INT|HUP|STOP|CONT|QUIT|USR[12])$/u.test(word),
  );
  if (aboutTenure(command, look)) look.find('critical', 'touches_tenure', 'Ends or signals Tenure itself.');
  if (words.some((word, at) => word === '-1' && (at > 0 || words.length === 1)) || targets.includes('1'))
    look.find('critical', 'ends_processes', 'Ends every process of the person.', { irreversible: true });
  if (name === 'kill' && targets.length > 0 && targets.every((word) => /^%(?!self)/u.test(word)))
    look.find('medium', 'ends_processes', 'Ends a job that it started itself.');
  else if (
    /^(?:electron|claude|node|-u|launchd|loginwindow|finder|windowserver|systemd)/iu.test(targets[0] ?? '') &&
    name !== 'kill'
  )
    look.find(
      'critical',
      'ends_processes',
      `Ends processes by name, Tenure's and other agents' among them (${shown(command.argv)}).`,
    );
  else look.find('high', 'ends_processes', `Ends other processes (${shown(command.argv)}).`);
  return undefined;
};

/** Programs of which some words only show something. */
interface Service {
  /** Its first word when it only shows something; all of its words with `whole`. */
  reads: RegExp;
  whole?: true;
  risk: 'high' | 'critical';
  code: string;
  text: string;
}

const persists = (reads: RegExp): Service => ({
  reads,
  risk: 'critical',
  code: 'startup',
  text: 'Makes something run by itself later, outside the gate',
});
const machine = (reads: RegExp): Service => ({
  reads,
  risk: 'critical',
  code: 'system',
  text: 'Changes the machine itself',
});
const secrets: Service = {
  reads: /^(?:--version|--help|version|help)$/u,
  risk: 'critical',
  code: 'credentials',
  text: 'Reaches stored credentials',
};
const personal = (reads: RegExp): Service => ({
  reads,
  risk: 'high',
  code: 'personal',
  text: "Reaches the person's own things outside the project",
});

const NEVER = /^(?!)/u;
const HELP = /^(?:--version|--help|-h|-V)$/u;

// biome-ignore format: one kind of program a line
const SERVICES: Readonly<Record<string, Service>> = {
  launchctl: persists(/^(?:list|print|blame|help|version)$/u),
  systemctl: persists(/^(?:status|list-.*|show|is-.*|cat|--version|get-default)$/u),
  service: persists(/^(?:--status-all)$/u),
  crontab: persists(/^-l$/u),
  at: persists(/^-l$/u), batch: persists(NEVER), atq: persists(/^$/u), anacron: persists(NEVER), 'systemd-run': persists(NEVER), chkconfig: persists(/^--list$/u), loginctl: persists(/^(?:list-.*|show-.*)$/u),
  shutdown: machine(NEVER), reboot: machine(NEVER), halt: machine(NEVER), poweroff: machine(NEVER), pmset: machine(/^-g$/u), nvram: machine(/^-p$/u), csrutil: machine(/^status$/u),
  spctl: machine(/^(?:--status|-a)$/u), tccutil: machine(NEVER), scutil: machine(/^(?:--dns|--proxy|--get)$/u), networksetup: machine(/^-(?:list|get)/u), ifconfig: { ...machine(/^(?:-[al]|[a-z]+\d+)?$/u), whole: true },
  ip: { ...machine(/^(?:--version|(?:-(?:br(?:ief)?|[46sdjpo]|c(?:olor)?(?:=\w+)?) )*(?:a|addr|address|r|route|l|link|n|neigh)(?: (?:show|list|ls|lst|get)(?: .*)?)?)$/u), whole: true }, pfctl: { ...machine(/^-s ?\w+$/u), whole: true }, iptables: machine(/^-(?:L|S)$/u), nft: machine(/^list$/u), ufw: machine(/^status$/u),
  useradd: machine(NEVER), userdel: machine(NEVER), usermod: machine(NEVER), groupadd: machine(NEVER), passwd: machine(NEVER), chpasswd: machine(NEVER), visudo: machine(NEVER), dscl: { ...machine(/^\S+ -list(?: [^-\s]\S*)*$/u), whole: true },
  sysadminctl: machine(NEVER), dseditgroup: machine(NEVER), fdesetup: machine(/^status$/u), mount: machine(/^(?:-l|--version)$/u), umount: machine(NEVER), swapoff: machine(NEVER), modprobe: machine(NEVER), insmod: machine(NEVER), kextload: machine(NEVER), kmutil: machine(NEVER),
  setcap: machine(NEVER), chroot: machine(NEVER), nsenter: machine(NEVER), unshare: machine(NEVER), installer: machine(NEVER), softwareupdate: machine(/^-l$|^--list$/u), hdiutil: machine(/^info$/u), bless: machine(NEVER), setenforce: machine(NEVER), auditctl: machine(NEVER),
  hostnamectl: machine(/^status$/u), timedatectl: machine(/^(?:status|show)$/u), localectl: machine(/^status$/u), systemsetup: machine(/^-get/u), 'update-alternatives': machine(/^--(?:list|display|query)$/u), bpftrace: machine(NEVER), dtrace: machine(NEVER), gdb: machine(HELP), lldb: machine(HELP),
  security: secrets, pass: secrets, gopass: secrets, op: secrets, bw: secrets, lpass: secrets, vault: secrets, keyring: secrets, 'secret-tool': secrets, 'aws-vault': secrets, chamber: secrets, doppler: secrets, infisical: secrets, sops: secrets, age: secrets, 'ansible-vault': secrets,
  gpg: { ...secrets, reads: /^(?:--version|--help|(?:--list-(?:public-)?keys|-k|--verify)(?: [^-\s]\S*)*)$/u, whole: true }, gpg2: secrets, 'ssh-keygen': { ...secrets, reads: /^-l[vf]*(?: (?:-[fEv]|[^-\s]\S*))*$/u, whole: true }, 'ssh-add': { ...secrets, reads: /^-l$/u, whole: true }, 'ssh-agent': secrets, kinit: secrets, 'git-credential': secrets,
  code: personal(/^(?:--version|-v|--list-extensions)$/u), subl: personal(NEVER), cursor: personal(NEVER), idea: personal(NEVER), zed: personal(NEVER),
  osascript: personal(NEVER), open: personal(NEVER), 'xdg-open': personal(NEVER), pbpaste: personal(NEVER), xclip: personal(NEVER), xsel: personal(NEVER), 'wl-paste': personal(NEVER), screencapture: personal(NEVER), scrot: personal(NEVER), imagesnap: personal(NEVER), rec: personal(NEVER),
  defaults: { ...personal(/^(?:domains|help|read (?:-g|-globalDomain|NSGlobalDomain|com\.apple\.(?:dock|finder))(?: \w+)?)$/u), whole: true }, mdfind: personal(NEVER), locate: personal(NEVER), xattr: personal(/^-l|^-p/u), codesign: personal(/^(?:-d|-v|--display|--verify|-dv.*)$/u), automator: personal(NEVER), shortcuts: personal(/^list$/u), tmutil: personal(/^(?:status|list.*)$/u), brctl: personal(/^status$/u), dconf: personal(/^(?:read|list|dump)$/u), gsettings: personal(/^(?:get|list.*)$/u), xdotool: personal(NEVER), cliclick: personal(NEVER), adb: personal(/^(?:devices|version)$/u), tmux: personal(/^(?:ls|list-.*|-V)$/u), screen: personal(/^-(?:ls|list|v)$/u), say: personal(NEVER), qlmanage: personal(NEVER),
};

const judgeService =
  (spec: Service): Judge =>
  (command, look) => {
    const words = command.argv.slice(1);
    const verb = words[0] ?? '';
    const reads =
      (spec.reads.test(spec.whole ? words.join(' ') : verb) || HELP.test(verb)) &&
      !(words.length > 1 && HELP.test(verb));
    if (/tenure/iu.test(words.join(' ')) && !reads)
      look.find('critical', 'touches_tenure', `Changes how Tenure itself runs (${shown(command.argv)}).`);
    if (
      reads ||
      (words.length === 0 &&
        /^(?:mount|ip|ifconfig|atq|crontab)$/u.test(command.argv[0] ?? '') &&
        command.stdin.kind === 'nothing')
    )
      look.find(
        spec.code === 'credentials' ? 'medium' : 'read',
        'reads',
        `Shows something of the machine (${shown(command.argv)}).`,
      );
    else look.find(spec.risk, spec.code, `${spec.text} (${shown(command.argv)}).`);
    for (const word of words) if (/^[/~]/u.test(word) && spec.code === 'personal') look.read(word, command);
    if (/^(?:unshare|nsenter|chroot|gdb|systemd-run)$/u.test(command.argv[0] ?? ''))
      look.run(
        words.filter((word) => !word.startsWith('-')),
        command,
      );
    if (command.argv[0] === 'osascript')
      for (const [, text = ''] of words.join(' ').matchAll(/do shell script "([^"]*)"/gu))
        judgeShellText(text, command, look);
    return undefined;
  };

/** Clipboard and other small things that a person would not mind. */
const judgeCopy: Judge = (command, look) => {
  parseOptions(command.argv.slice(1));
  look.find('low', 'clipboard', 'Copies to the clipboard.');
  return undefined;
};

export const systemJudges: readonly (readonly [string, Judge])[] = [
  ...['kill', 'pkill', 'killall', 'skill', 'xkill', 'fuser', 'kill-port', 'fkill'].map(
    (name) => [name, judgeKill] as const,
  ),
  ...Object.entries(SERVICES).map(([name, spec]) => [name, judgeService(spec)] as const),
  ...['pbcopy', 'wl-copy'].map((name) => [name, judgeCopy] as const),
];
