import { isExact, plain } from '../atoms.ts';
import type { Command, Look } from '../look.ts';
import { has, optionsNamed, parseOptions } from '../options.ts';

/** Settings that make git run a program, or lead it to other servers. */
const RUNS =
  /^(?:core\.(?:hookspath|sshcommand|fsmonitor|pager|editor|gitproxy|askpass|attributesfile|excludesfile|worktree|alternaterefscommand)|alias\..+|pager\..+|credential\..*|filter\..+|diff\..*(?:external|command|textconv)|merge\..+\.driver|mergetool\..+|difftool\..+|browser\..+|gpg\..*program|gpg\..*command|include(?:if)?\..*path|init\.templatedir|url\..+|remote\..+|sequence\.editor|uploadpack\..+|sendemail\..+|http\..*(?:proxy|sslverify|cookiefile|extraheader)|submodule\..+|interactive\.difffilter|man\..+|web\.browser|instaweb\..+|protocol\..+|safe\.directory|ssh\.variant|extensions\..+|trailer\..+|hook\..+|maintenance\..+|lfs\..+)$/iu;
const HARMLESS =
  /^(?:color\..*|core\.(?:quotepath|autocrlf|eol|ignorecase|filemode|abbrev|precomposeunicode|symlinks|preloadindex|longpaths|commentchar)|advice\..*|log\.(?:date|decorate|showsignature)|diff\.(?:algorithm|context|renames|noprefix|mnemonicprefix|colormoved|renamelimit)|init\.defaultbranch|commit\.(?:gpgsign|verbose)|tag\.gpgsign|gc\.auto|grep\..*|status\..*|column\..*|user\.(?:name|email)|rebase\.(?:autostash|autosquash)|pull\.(?:rebase|ff)|merge\.(?:conflictstyle|ff)|push\.(?:default|autosetupremote)|rerere\..*|fetch\.(?:prune|parallel)|pack\..*|stash\..*|versionsort\..*)$/iu;

/** `git -c key=value`: holds for one command. */
export function judgeSetting(setting: string, look: Look): void {
  const key = setting.split('=')[0] ?? '';
  const value = setting.slice(key.length + 1);
  if (RUNS.test(key) && !/^(?:core\.pager|pager\..+)=(?:cat|less|)$/iu.test(setting))
    look.find('critical', 'git_settings', `Makes git run or reach something else (${plain(setting).slice(0, 120)}).`);
  else if (!HARMLESS.test(key) && !/^(?:core\.)?pager/iu.test(key))
    look.find('high', 'git_settings', `Changes a setting of git (${plain(setting).slice(0, 120)}).`);
  // Git itself once ran what stood in a name or an address.
  if (/[$`;|&<>\n]/u.test(value) && /^user\./iu.test(key))
    look.find('high', 'git_settings', 'Puts a command where a name belongs.');
}

const READS = [
  '--get',
  '--get-all',
  '--get-regexp',
  '--list',
  '-l',
  '--get-urlmatch',
  '--get-color',
  '--show-origin',
  '--show-scope',
  '--name-only',
];
const CHANGES = [
  '--add',
  '--unset',
  '--unset-all',
  '--replace-all',
  '--rename-section',
  '--remove-section',
  '--edit',
  '-e',
];

/** `git config`: reading is harmless, setting outlives the session. */
export function judgeConfig(words: readonly string[], command: Command, look: Look): void {
  const parsed = parseOptions(words, {
    short: 'f',
    long: ['--file', '--blob', '--type', '--default', '--value', '--comment', '--url'],
  });
  const [first = '', ...rest] = parsed.operands;
  const verb = /^(?:get|list|set|unset|edit|rename-section|remove-section)$/u.test(first) ? first : null;
  const names = verb ? rest : parsed.operands;
  const key = names[0] ?? '';
  for (const { value } of optionsNamed(parsed, '-f', '--file')) look.read(value ?? '', command);
  const reads = verb
    ? /^(?:get|list)$/u.test(verb)
    : !has(parsed, ...CHANGES) && (has(parsed, ...READS) || names.length <= 1);
  const shown = plain(words.join(' ')).slice(0, 120);
  if (reads) {
    if (/token|password|extraheader|credential/iu.test(names.join(' ')))
      look.find('critical', 'credentials', `Shows a stored credential (${shown}).`);
    else look.find('read', 'reads', `Shows settings of git (${shown}).`);
    return;
  }
  const wide = has(parsed, '--global', '--system', '-f', '--file') || has(parsed, '--edit', '-e') || verb === 'edit';
  const grave = wide || RUNS.test(key) || !isExact(key);
  const text = `Changes settings of git that outlive the session (${shown}).`;
  look.find(grave ? 'critical' : 'high', 'git_settings', text);
  for (const { value } of optionsNamed(parsed, '-f', '--file')) look.write(value ?? '', command);
}
