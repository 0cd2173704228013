import { isExact } from '../atoms.ts';
import { setOf } from '../list.ts';
import type { Judge, Look } from '../look.ts';

/** Options with which an agent asks nobody. */
const UNCHECKED =
  /^--?(?:(?:allow-)?dangerously-(?:skip-permissions|bypass-approvals-and-sandbox|allow-all|bypass\S*)|yolo|yes-always|full-auto|allow-all(?:-tools|-paths)?|trust-all-tools|always-approve|auto-approve(?:-all)?|no-permissions|skip-permissions\S*)(?:=|$)/u;
const MODE = /^(?:bypassPermissions|yolo|never|danger-full-access|dontAsk)$/u;

/** Do the words switch off the permission checks of an agent, whatever program they are given to? */
export function asksNobody(args: readonly string[]): boolean {
  return args.some(
    (word, at) =>
      /^--?(?:allow-)?dangerously-(?:skip-permissions|bypass-approvals)/u.test(word) ||
      (/^--permission-mode(?:=|$)/u.test(word) && /bypassPermissions/u.test(`${word} ${args[at + 1] ?? ''}`)),
  );
}

/** The same for a program that is an agent: each has its own words for it. */
const startsUnchecked = (args: readonly string[]): boolean =>
  args.some(
    (word, at) =>
      UNCHECKED.test(word) ||
      /bypassPermissions/u.test(word) ||
      /^--(?:permission|approval)-mode=(?:yolo|dontAsk)$/u.test(word) ||
      (/^(?:--(?:permission|approval)-mode|--ask-for-approval|--sandbox|-a|-s)$/u.test(word) &&
        MODE.test(args[at + 1] ?? '')),
  );

export function denyUnchecked(look: Look): void {
  const text = 'Starts an agent with its permission checks off.';
  look.find('critical', 'unchecked_agent', text, { hardDeny: true, irreversible: true });
}

/** Another coding agent: what it does would pass no gate. */
export const judgeAgent: Judge = ({ argv }, look) => {
  const args = argv.slice(1);
  if (args.length === 1 && /^(?:--version|-v|-V|--help|-h)$/u.test(args[0] ?? ''))
    look.find('read', 'version', 'Shows the version of a program.');
  else if (startsUnchecked(args)) denyUnchecked(look);
  else if (
    /^(?:config|mcp|settings|permissions|plugin|install|update|setup-token|login|logout|auth)$/u.test(args[0] ?? '')
  )
    look.find('critical', 'agent_settings', 'Changes the settings of an agent.');
  else look.find('critical', 'starts_agent', 'Starts another agent, whose actions would pass no gate.');
  if (args.some((word) => !isExact(word) && word.startsWith('-')))
    look.find('high', 'unknown_program', 'Has options that are only known when it runs.');
  return undefined;
};

export const AGENTS = setOf(
  'claude claude-code codex gemini aider cursor-agent opencode goose amp copilot qwen crush droid kiro-cli auggie cline roo openhands plandex kilocode',
);
