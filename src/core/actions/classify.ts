import { posix } from 'node:path';
import type { Reason, TextChange } from '../../shared/contract/decisions.ts';
import type { Form, Mention } from '../../shared/contract/standing.ts';
import type { Risk } from '../../shared/policy.ts';
import type { Operands } from '../kernel/binding.ts';
import { viewOf } from './claude-tools.ts';
import { type Finding, settle } from './findings.ts';
import { formOf, mentionsOf } from './form.ts';
import { judgeLine } from './line.ts';
import { type ActionContext, type Look, NOTHING } from './look.ts';
import { namedFiles } from './named-files.ts';
import { createOperandBook, type OperandBook } from './operands.ts';
import { canonicalJson, hasHidden, oneLine, visible } from './text.ts';
import { createTouch } from './touch.ts';

export type { ActionContext } from './look.ts';

export interface ToolCall {
  tool: string;
  input: unknown;
  cwd: string;
}

export interface ClassifiedAction {
  tool: string;
  /** One line, control and bidirectional characters made visible. */
  summary: string;
  /** Exactly what an approval is about; control and bidirectional characters made visible, lines kept. */
  detail: string;
  /** What of a file is replaced by what, made visible; empty: nothing, or more than the detail holds. */
  changes: readonly TextChange[];
  /** What a command names, made visible; see `namedFiles`. */
  files: readonly string[];
  cwd: string;
  risk: Risk;
  /** Every reason, gravest first. */
  reasons: Reason[];
  /** Something could be lost that nothing brings back. */
  irreversible: boolean;
  /** Set when nobody can be asked about it: it never runs. */
  hardDeny: Reason | null;
  /** The bytes that an approval is bound to: tool, structured input and directory. */
  canonical: string;
  /** What of it a standing rule can be about. */
  form: Form;
  /** The commands that it names, for what a person has forbidden. */
  mentions: readonly Mention[];
  /** What it runs and reads, to which an approval is bound. */
  operands: Operands;
}

const LONGEST_DETAIL = 64_000;

/** `resolve` once a path, noting what is looked at. */
function remembering(context: ActionContext, operands: OperandBook): ActionContext {
  const known = new Map<string, string>();
  const tidy = (path: string): string => (path.length > 1 ? path.replace(/\/+$/u, '') : path);
  const resolve = (path: string): string => {
    const found = known.get(path) ?? tidy(context.resolve(path));
    known.set(path, found);
    operands.resolved(path, found);
    return found;
  };
  return {
    ...context,
    resolve,
    note: operands.note,
    worktree: tidy(context.worktree),
    project: tidy(context.project),
    home: tidy(context.home),
    tenurePaths: [...new Set(context.tenurePaths.flatMap((path) => [tidy(path), resolve(tidy(path))]))],
  };
}

/** A look for tools that run no shell text. */
function lookFor(context: ActionContext, findings: Finding[]): Look {
  const find: Look['find'] = (risk, code, text, mark = {}) => {
    findings.push({ risk, code, text, ...mark });
  };
  return {
    context,
    knows: () => false,
    line: '',
    find,
    ...createTouch(context, find),
    run: () => NOTHING,
    script: () => NOTHING,
    glimpse: () => undefined,
    suspect: () => undefined,
    substituted: () => null,
    wrote: () => undefined,
    written: () => null,
  };
}

function findingsOf(
  call: ToolCall,
  given: ActionContext,
  operands: OperandBook,
): { findings: Finding[]; summary: string; detail: string; changes: readonly TextChange[] } {
  const context = remembering(given, operands);
  operands.begin();
  const findings: Finding[] = [];
  const look = lookFor(context, findings);
  const view = viewOf(call.tool, call.input);
  const hidden = view.shown.some(hasHidden) || hasHidden(call.cwd) || hasHidden(call.tool);
  if (hidden)
    look.find(
      'high',
      'hidden_characters',
      'Contains characters that a person cannot see or that change the order of what is shown.',
    );
  const verifies =
    view.shell !== null &&
    view.shell.trim() === context.verifyCommand?.trim() &&
    context.resolve(call.cwd) === context.worktree;
  const relative = !posix.isAbsolute(call.cwd);
  if (relative) look.find('high', 'not_understood', 'Runs in a directory that is not known.');
  view.judge(look, call.cwd);
  if (view.shell !== null && verifies && !hidden)
    look.find('low', 'verify_command', "Runs the project's verify command.");
  else if (view.shell !== null) judgeLine(view.shell, call.cwd, context, (finding) => findings.push(finding));
  // A shell line without a command does nothing.
  if (view.shell !== null && findings.length === 0) look.find('read', 'no_effect', 'Runs nothing.');
  return { findings, summary: view.summary, detail: view.detail, changes: view.changes ?? [] };
}

/** What rules can be about; what cannot even be looked at is nothing of the kind. */
function formed(call: ToolCall, context: ActionContext): Pick<ClassifiedAction, 'form' | 'mentions'> {
  try {
    return { form: formOf(call, (path) => treePathOf(path, call.cwd, context)), mentions: mentionsOf(call) };
  } catch {
    return { form: { kind: 'none', why: 'It could not be understood.' }, mentions: [] };
  }
}

/** Where a path lies relative to the work tree, symlinks followed; null: outside of it, or not to be told. */
function treePathOf(path: string, cwd: string, context: ActionContext): string | null {
  try {
    const real = context.resolve(posix.resolve(cwd, path));
    const relative = posix.relative(context.resolve(context.worktree), real);
    return relative === '..' || relative.startsWith('../') || posix.isAbsolute(relative) ? null : relative;
  } catch {
    return null;
  }
}

/**
 * Says what a tool call would do and how grave that is. Total: whatever comes, there is an answer, and
 * what cannot be understood is high at least. Pure but for `context.resolve`.
 */
export function classify(call: ToolCall, context: ActionContext): ClassifiedAction {
  let canonical = '';
  const operands = createOperandBook();
  let seen: ReturnType<typeof findingsOf>;
  try {
    seen = findingsOf(call, context, operands);
  } catch {
    const finding: Finding = { risk: 'critical', code: 'not_understood', text: 'Could not be understood at all.' };
    seen = { findings: [finding], summary: `${call.tool} (not understood)`, detail: '', changes: [] };
  }
  try {
    canonical = canonicalJson({ tool: call.tool, input: call.input, cwd: call.cwd });
  } catch {
    const text = 'Cannot be written down exactly, so that nobody could approve it.';
    seen.findings.push({ risk: 'critical', code: 'not_understood', text, hardDeny: true });
  }
  const isCut = seen.detail.length > LONGEST_DETAIL;
  const detail = isCut
    ? `${seen.detail.slice(0, LONGEST_DETAIL)}\n… ${seen.detail.length - LONGEST_DETAIL} more characters`
    : seen.detail;
  const reasons = settle(seen.findings, context.risks);
  const read = { ...formed(call, context), operands: operands.all(call.tool) };
  return {
    tool: oneLine(call.tool, 100),
    summary: oneLine(seen.summary),
    detail: visible(detail),
    changes: isCut
      ? []
      : seen.changes.map(({ before, after }) => ({
          before: before === null ? null : visible(before),
          after: visible(after),
        })),
    cwd: visible(call.cwd),
    ...reasons,
    reasons: reasons.reasons.map(({ code, text }) => ({ code, text: oneLine(text, 400) })),
    canonical,
    ...read,
    files: namedFiles(read.operands, read.mentions, call.cwd),
  };
}
