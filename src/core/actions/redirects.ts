import type { Redirection } from 'unbash';
import { isOpen, plain } from './atoms.ts';
import { judgeHost } from './commands/addresses.ts';
import { type Flow, type Look, UNKNOWN } from './look.ts';
import type { Scope } from './scope.ts';
import type { WordReader } from './words.ts';

const SOCKET = /^\/dev\/(?:tcp|udp)\/([^/]*)\/([^/]*)/u;

/**
 * Judges where a command's input comes from and where its output goes.
 * @returns what the command reads from its standard input, or null when no redirection sets it.
 */
export function judgeRedirects(
  redirects: readonly Redirection[],
  scope: Scope,
  words: WordReader,
  look: Look,
): Flow | null {
  let stdin: Flow | null = null;
  for (const redirect of redirects) {
    const fed =
      redirect.descriptor === undefined ||
      (redirect.descriptor.type === 'FileDescriptor' && redirect.descriptor.value === 0);
    if (redirect.type === 'HereDoc') {
      const { parts, text } = redirect.body;
      if (!redirect.closing) look.find('high', 'not_understood', 'Has a here-document without an end.');
      const texts = parts && !redirect.delimiter?.quoted ? words.text(parts, scope) : [text];
      if (fed) stdin = texts.length === 1 ? { kind: 'text', text: texts[0] ?? '' } : UNKNOWN;
    } else if (redirect.target === undefined) {
      look.find('high', 'not_understood', 'Redirects to nothing that could be read.');
    } else if (redirect.type === 'HereString') {
      const texts = words.values(redirect.target, scope);
      if (fed) stdin = texts.length === 1 ? { kind: 'text', text: texts[0] ?? '' } : UNKNOWN;
    } else {
      for (const target of words.values(redirect.target, scope)) {
        const flow = judgeTarget(redirect.operator, target, scope, look);
        if (fed && flow) stdin = flow;
      }
    }
  }
  return stdin;
}

/** @returns what can be read from the target, or null when it is for writing. */
function judgeTarget(operator: string, target: string, scope: Scope, look: Look): Flow | null {
  const reads = operator === '<' || operator === '<&';
  // What another descriptor holds is not followed.
  if (operator.endsWith('&') && /^(?:\d+-?|-)$/u.test(target)) return reads && target !== '-' ? UNKNOWN : null;
  const socket = SOCKET.exec(target);
  if (socket) {
    judgeHost(socket[1] ?? '', socket[2] ?? '', look);
    look.find('high', 'network', `Opens a connection to ${plain(`${socket[1]}:${socket[2]}`)}.`);
    return { kind: 'unknown', from: 'network' };
  }
  const substituted = look.substituted(target);
  if (substituted) return reads ? substituted : null;
  // `>! file` overwrites in zsh what bash takes for a file named "!".
  if (target.startsWith('!')) look.find('high', 'not_understood', 'Redirects in a way that shells read differently.');
  if (operator !== '<&' || isOpen(target)) {
    if (reads) look.read(target, scope);
    else look.write(target, scope);
  }
  return reads ? UNKNOWN : null;
}
