import {
  type AndOr,
  type CommandNode,
  type Command as CommandSyntax,
  type CompoundList,
  type For,
  type Function as FunctionSyntax,
  forEachChild,
  type ParsedScript,
  type Pipeline,
  type PipelineNode,
  type Select,
  type Statement,
  type SyntaxNode,
} from 'unbash';
import { ANY, NUMBER } from './atoms.ts';
import { judgeEnvironment } from './commands/environment.ts';
import { type Flow, type Look, NOTHING, UNKNOWN } from './look.ts';
import { judgeRedirects } from './redirects.ts';
import { branchOf, mayHaveMoved, type Scope } from './scope.ts';
import { judgeSubscripts } from './subscripts.ts';
import type { WordReader } from './words.ts';

/** What the walker needs of the line that it walks. */
export interface Line {
  look: Look;
  words: WordReader;
  /** Runs a simple command: a name with words, assignments and redirections. */
  simple(node: CommandSyntax, scope: Scope): Flow;
  /** Judges that a function takes the name. */
  hides(name: string): void;
  /** Runs what is looked at but not shown, like a test. */
  inTest(run: () => void): void;
}

/** Output of commands that run one after the other. */
export function joined(flows: readonly Flow[]): Flow {
  const said = flows.filter((flow) => flow.kind !== 'nothing');
  const [first] = said;
  if (!first || said.length === 1) return first ?? NOTHING;
  const worst = said.find((flow) => flow.kind === 'unknown' && flow.from !== 'program');
  if (worst) return worst;
  if (said.every((flow) => flow.kind === 'text'))
    return { kind: 'text', text: said.map((flow) => (flow.kind === 'text' ? flow.text : '')).join('') };
  if (said.every((flow) => flow.kind === 'names'))
    return { kind: 'names', values: said.flatMap((flow) => (flow.kind === 'names' ? flow.values : [])) };
  return UNKNOWN;
}

/** Walks a script as the shell would run it, every branch of it, and has each command judged. */
export function runScript(script: ParsedScript, scope: Scope, line: Line): Flow {
  return runList(script.commands, scope, line);
}

function runList(statements: readonly Statement[], scope: Scope, line: Line): Flow {
  const flows: Flow[] = [];
  for (const { command, background } of statements) {
    if (background) {
      flows.push(runPart(command, branchOf(scope, { background: scope.calls.length > 0 || scope.background }), line));
      continue;
    }
    const before = scope.cwd;
    flows.push(runPart(command, scope, line));
    if (scope.cwd !== before) mayHaveMoved(scope, before);
  }
  return joined(flows);
}

function runPart(node: PipelineNode | AndOr, scope: Scope, line: Line): Flow {
  if (node.type === 'AndOr') return runAndOr(node, scope, line);
  return node.type === 'Pipeline' ? runPipeline(node, scope, line) : runCommand(node, scope, line);
}

/** After `&&` the command before it worked; after `||` it may not have. */
function runAndOr(node: AndOr, scope: Scope, line: Line): Flow {
  const flows: Flow[] = [];
  const [start, defined] = [scope.cwd, new Set(scope.defined)];
  node.commands.forEach((command, index) => {
    if (index > 0 && node.operators[index - 1] === '||') mayHaveMoved(scope, start);
    flows.push(runPart(command, scope, line));
    if (index === 0) for (const name of scope.defined) defined.add(name);
  });
  scope.defined.clear();
  for (const name of defined) scope.defined.add(name);
  return joined(flows);
}

function runPipeline(node: Pipeline, scope: Scope, line: Line): Flow {
  const own = node.commands.flatMap((command) => (command.type === 'Command' ? [command.name?.value] : []));
  if (scope.calls.some((name) => own.filter((other) => other === name).length > 1)) bomb(line);
  if (node.commands.length === 1 && node.commands[0]) return runCommand(node.commands[0], scope, line);
  let flow = scope.stdin;
  for (const command of node.commands) {
    const part = branchOf(scope, { stdin: flow });
    flow = runCommand(command, part, line);
    // zsh runs the last part in the shell itself.
    if (part.cwd !== scope.cwd) mayHaveMoved(scope, part.cwd);
  }
  return flow;
}

function bomb({ look }: Line): void {
  look.find('critical', 'fork_bomb', 'Starts copies of itself without end.', { hardDeny: true });
}

const runBody = (body: CompoundList, scope: Scope, line: Line): Flow => runList(body.commands, scope, line);

function runCommand(node: CommandNode, scope: Scope, line: Line): Flow {
  switch (node.type) {
    case 'Command':
      return line.simple(node, scope);
    case 'Redirected': {
      const stdin = judgeRedirects(node.redirects, scope, line.words, line.look);
      const inner = branchOf(scope, stdin ? { stdin } : {});
      const flow = runCommand(node.command, inner, line);
      mayHaveMoved(scope, inner.cwd);
      return flow;
    }
    case 'Subshell':
      return runBody(node.body, branchOf(scope), line);
    case 'BraceGroup':
      return runBody(node.body, scope, line);
    case 'Function':
      return defineFunction(node, scope, line);
    case 'Coproc': {
      const inner = branchOf(scope, { background: true, stdin: UNKNOWN });
      return node.body.type === 'CompoundList' ? runBody(node.body, inner, line) : runCommand(node.body, inner, line);
    }
    case 'If': {
      const branches = [
        node.then,
        ...node.elif.flatMap((part) => [part.clause, part.then]),
        ...(node.else ? [node.else] : []),
      ];
      return runBranches([node.clause], branches, scope, line);
    }
    case 'Case':
      line.words.values(node.word, scope);
      for (const item of node.items) for (const word of item.pattern) line.words.values(word, scope);
      return runBranches(
        [],
        node.items.map((item) => item.body),
        scope,
        line,
      );
    case 'While':
      return runLoop([node.clause, node.body], scope, line);
    case 'For':
    case 'Select':
      return runFor(node, scope, line);
    case 'ArithmeticFor':
      for (const part of [node.initialize, node.test, node.update]) if (part) look(part, scope, line);
      countVariables(node, scope);
      return runLoop([node.body], scope, line);
    case 'TestCommand':
    case 'ArithmeticCommand':
      line.inTest(() => look(node, scope, line));
      countVariables(node, scope);
      return NOTHING;
  }
}

/** Judges the substitutions in whatever a node holds. */
function look(node: SyntaxNode, scope: Scope, line: Line): void {
  if (node.type === 'ArithmeticCommandExpansion') {
    if (node.script) runScript(node.script, branchOf(scope), line);
    return;
  }
  forEachChild(node, (child) => {
    if (child.type === 'Word') judgeSubscripts(line.words.values(child, scope), line.look);
    else if (child.type === 'ArithmeticWord') line.words.text(child.parts ?? [], scope);
    else look(child, scope, line);
  });
  if (node.type === 'ArithmeticWord') line.words.text(node.parts ?? [], scope);
}

/** Variables that arithmetic sets hold a number. */
function countVariables(node: SyntaxNode, scope: Scope): void {
  forEachChild(node, (child) => {
    const target =
      child.type === 'ArithmeticUnary' ? child.operand : child.type === 'ArithmeticBinary' ? child.left : null;
    const sets =
      child.type === 'ArithmeticUnary'
        ? /^(?:\+\+|--)$/u.test(child.operator)
        : child.type === 'ArithmeticBinary' && /^[^=!<>]?=$|^(?:<<|>>)=$/u.test(child.operator);
    if (sets && target?.type === 'ArithmeticWord') scope.variables.add(target.value, [NUMBER]);
    if (child.type.startsWith('Arithmetic')) countVariables(child, scope);
  });
}

/** Each branch may be the one that runs. */
function runBranches(
  clauses: readonly CompoundList[],
  bodies: readonly CompoundList[],
  scope: Scope,
  line: Line,
): Flow {
  for (const clause of clauses) runBody(clause, scope, line);
  const flows = bodies.map((body) => {
    const branch = branchOf(scope);
    const flow = runBody(body, branch, line);
    mayHaveMoved(scope, branch.cwd);
    return flow;
  });
  return joined(flows);
}

/** A body that changes the directory starts its next round somewhere else. */
function runLoop(bodies: readonly CompoundList[], scope: Scope, line: Line): Flow {
  const branch = branchOf(scope);
  const before = scope.cwd;
  let flows = bodies.map((body) => runBody(body, branch, line));
  if (branch.cwd.some((cwd) => !before.includes(cwd))) {
    branch.cwd = [ANY];
    flows = bodies.map((body) => runBody(body, branch, line));
    scope.cwd = [ANY];
  }
  return joined(flows);
}

function runFor(node: For | Select, scope: Scope, line: Line): Flow {
  const values = node.wordlist?.flatMap((word) => line.words.lists(word, scope).flat()) ?? scope.positional ?? [ANY];
  scope.variables.add(node.name.value, values);
  for (const value of values) judgeEnvironment(node.name.value, value, line.look);
  const branch = branchOf(scope);
  branch.defined.add(node.name.value);
  const flow = runLoop([node.body], branch, line);
  mayHaveMoved(scope, branch.cwd);
  return flow;
}

function defineFunction(node: FunctionSyntax, scope: Scope, line: Line): Flow {
  scope.functions.set(node.name.value, node);
  line.hides(node.name.value);
  callFunction(node, branchOf(scope, { positional: null, stdin: UNKNOWN }), line);
  return NOTHING;
}

/** Runs a function's body as a command of the line; where it goes is where the line goes on. */
export function callFunction(node: FunctionSyntax, scope: Scope, line: Line): Flow {
  const name = node.name.value;
  if (scope.calls.includes(name)) {
    if (scope.background) bomb(line);
    return UNKNOWN;
  }
  const inner = branchOf(scope, { calls: [...scope.calls, name], background: false });
  const flow = node.body.type === 'CompoundList' ? runBody(node.body, inner, line) : runCommand(node.body, inner, line);
  scope.cwd = inner.cwd;
  return flow;
}
