import { type ParsedScript, parse } from 'unbash';
import { PROCESS, plain, withoutAtoms } from './atoms.ts';
import { judgeHiding } from './builtins.ts';
import { isKnownProgram, judgeCommand } from './commands.ts';
import type { Finding } from './findings.ts';
import { type ActionContext, type Command, type Flow, type Look, NOTHING, UNKNOWN } from './look.ts';
import { isWithin, spotsOf } from './paths.ts';
import { branchOf, firstScope, type Scope } from './scope.ts';
import { type Line, runScript } from './shell.ts';
import { type Runner, runSimple } from './simple-command.ts';
import { createTouch } from './touch.ts';
import { createWords } from './words.ts';

/** Beyond these a line is not followed any further, and so never harmless. */
const LONGEST_LINE = 64_000;
const DEEPEST = 20;
const MOST_STEPS = 1_000;
const MOST_PASSES = 5;
/** More words in one command than anybody writes; options are compared with one another. */
const MOST_WORDS = 2_000;
/** More commands than a person reads. */
const MOST_COMMANDS = 20;

class TooComplex extends Error {}

/** How much of a line has been followed, over all passes. */
interface Effort {
  steps: number;
}

type Find = Look['find'];

/** Judges shell text as it would run from `cwd`, every finding told. Pure but for `context.resolve`. */
export function judgeLine(text: string, cwd: string, context: ActionContext, tell: (finding: Finding) => void): void {
  if (text.length > LONGEST_LINE) {
    tell({ risk: 'critical', code: 'too_long', text: 'Is too long to be understood.' });
    return;
  }
  const source = withoutAtoms(text);
  const scope = firstScope(cwd);
  let findings: Finding[] = [];
  const effort: Effort = { steps: 0 };
  try {
    // Variables may be set after they are used (loops): go over the line until nothing new turns up.
    for (let pass = 0, known = -1; known !== scope.variables.size; pass += 1) {
      known = scope.variables.size;
      findings = [];
      const { runText, ended } = createLine(source, context, findings, effort);
      runText(source, { ...firstScope(cwd), variables: scope.variables });
      ended();
      if (pass === 2) scope.variables.settle();
      if (pass > MOST_PASSES) throw new TooComplex();
    }
  } catch (error) {
    if (!(error instanceof TooComplex)) throw error;
    tell({ risk: 'critical', code: 'too_complex', text: 'Is too complex to be understood.' });
  }
  for (const finding of findings) tell(finding);
}

/** One pass over a line: the shell that walks it and what its judges see. */
function createLine(source: string, context: ActionContext, findings: Finding[], effort: Effort) {
  const scripts = new Map<string, ParsedScript>();
  const counted = new Set<object>();
  const processes: Flow[] = [];
  const written = new Map<string, Flow>();
  let [quiet, suspecting, guessing, nested] = [0, 0, 0, 0];
  let current: Scope = firstScope('/');

  const find: Find = (risk, code, text, mark = {}) => {
    const denies = (mark.hardDeny ?? false) && (guessing === 0 || code !== 'deletes_disk');
    if (suspecting === 0) findings.push({ risk, code, text, ...mark, hardDeny: denies });
    // What merely looks like a command may be asked about.
    else if (risk === 'critical') findings.push({ risk, code, text, irreversible: mark.irreversible ?? false });
  };

  /** @throws TooComplex when the line takes too many steps, or goes too deep. */
  function step(scope: Scope): void {
    effort.steps += 1;
    if (effort.steps > MOST_STEPS || scope.depth > DEEPEST) throw new TooComplex();
  }

  /** Runs text as a script. What does not parse is judged in pieces as well: some shells would run them. */
  function runText(text: string, scope: Scope): Flow {
    step(scope);
    const script = scripts.get(text) ?? parse(text);
    scripts.set(text, script);
    if (script.errors?.length) judgeErrors(script, text, scope);
    return runScript(script, scope, line);
  }

  function judgeErrors(script: ParsedScript, text: string, scope: Scope): void {
    find(
      'high',
      'not_understood',
      `Is no shell command that can be understood (${script.errors?.[0]?.message ?? 'syntax'}).`,
    );
    // Text in text: its own pieces were looked at with the line around it.
    if (scope.depth > 2) return;
    const pieces = new Set(
      [/[;&\n(){}`]+/u, /[;&|\n(){}`]+/u].flatMap((separator) => text.split(separator).slice(0, 60)),
    );
    for (const piece of pieces) {
      if (piece.trim() === '' || piece === text) continue;
      const part = parse(piece);
      if (!part.errors?.length) runScript(part, branchOf(scope, { depth: scope.depth + 1 }), line);
    }
  }

  /** No finding is no pass. */
  function judged(command: Command): Flow {
    if (command.argv.length > MOST_WORDS) throw new TooComplex();
    const before = findings.length;
    const flow = judgeCommand(command, look);
    if (findings.length === before)
      find('high', 'not_understood', `Runs ${plain(command.argv[0] ?? '')} in a way that is not understood.`);
    return flow;
  }

  const look: Look = {
    context,
    knows: (name) => isKnownProgram(name, look),
    line: source,
    find,
    ...createTouch(context, find),
    run(argv, from) {
      step(current);
      // Words cost as well: a wrapper in a wrapper goes over all of them again.
      effort.steps += argv.length / 100;
      if (argv.length === 0) return NOTHING;
      nested += 1;
      if (nested > DEEPEST) throw new TooComplex();
      const flow = judged({ ...from, argv });
      nested -= 1;
      return flow;
    },
    script(text, from, positional) {
      // A new shell: it has only those variables that were exported, and none for certain.
      const inner = branchOf(current, {
        depth: current.depth + 1,
        cwd: from.cwd,
        stdin: from.stdin,
        positional: positional ?? null,
        defined: new Set(),
        calls: [],
      });
      return within(inner, () => runText(text, inner));
    },
    glimpse(path, from) {
      suspecting += 1;
      look.read(path, from);
      suspecting -= 1;
    },
    suspect(text, from) {
      suspecting += 1;
      look.read(text, from);
      look.write(text, from);
      look.script(text, from);
      suspecting -= 1;
    },
    wrote(path, command, flow) {
      for (const { real, open } of spotsOf(path, command.cwd, context)) if (!open) written.set(real, flow);
    },
    written: (real) => [...written].findLast(([place]) => isWithin(real, place, context))?.[1] ?? null,
    substituted: (word) => (word.startsWith(PROCESS) ? (processes[Number(word.slice(1)) - 1] ?? UNKNOWN) : null),
  };

  function within<T>(scope: Scope, run: () => T): T {
    const before = current;
    current = scope;
    try {
      return run();
    } finally {
      current = before;
    }
  }

  const words = createWords({
    context,
    find,
    shows: () => quiet === 0,
    substitute(script, text, scope) {
      step(scope);
      if (!script) return UNKNOWN;
      const inner = branchOf(scope, { depth: scope.depth + 1 });
      if (script.errors?.length) judgeErrors(script, text, inner);
      return runScript(script, inner, line);
    },
    processOf: (flow) => `${PROCESS}${processes.push(flow)}`,
  });

  const line: Line = {
    look,
    words,
    simple: (node, scope) => runSimple(node, scope, runner),
    hides: (name) => judgeHiding(name, look),
    inTest(run) {
      quiet += 1;
      run();
      quiet -= 1;
    },
  };
  const runner: Runner = {
    line,
    judge: (command, scope) => within(scope, () => judged(command)),
    count(node, scope) {
      counted.add(node);
      step(scope);
    },
    guess(unsure, run) {
      guessing += unsure ? 1 : 0;
      const result = run();
      guessing -= unsure ? 1 : 0;
      return result;
    },
    evaluate: (text, scope) => {
      const inner = { ...scope, depth: scope.depth + 1 };
      const flow = within(inner, () => runText(text, inner));
      scope.cwd = inner.cwd;
      return flow;
    },
  };

  return {
    runText,
    ended(): void {
      if (counted.size > MOST_COMMANDS) find('high', 'many_commands', `Runs ${counted.size} commands in one line.`);
    },
  };
}
