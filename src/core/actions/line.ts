import { type ParsedScript, parse } from 'unbash';
import { withoutAtoms } from './atoms.ts';
import { isKnownProgram, judgeCommand } from './commands.ts';
import type { Finding } from './findings.ts';
import { type ActionContext, type Flow, type Look, NOTHING, UNKNOWN } from './look.ts';
import { isWithin, spotsOf } from './paths.ts';
import { branchOf, firstScope, type Scope } from './scope.ts';
import { type Line, runScript } from './shell.ts';
import { type Runner, runSimple } from './simple-command.ts';
import { createTouch } from './touch.ts';
import { createWords } from './words.ts';

/** Beyond these a line is not followed any further, and so never harmless. */
const LONGEST_LINE = 100_000;
const DEEPEST = 12;
const MOST_STEPS = 2_000;
const MOST_COMMANDS = 20;
const MOST_PASSES = 5;

type Find = Look['find'];

/** Judges shell text as it would run from `cwd`. Every finding is told to `find`. */
export function judgeLine(text: string, cwd: string, context: ActionContext, tell: (finding: Finding) => void): void {
  if (text.length > LONGEST_LINE) {
    tell({ risk: 'critical', code: 'too_long', text: 'Is too long to be understood.' });
    return;
  }
  const source = withoutAtoms(text);
  const scope = firstScope(cwd);
  let findings: Finding[] = [];
  // Variables may be set after they are used (loops): go over the line until nothing new turns up.
  for (let pass = 0; ; pass += 1) {
    const known = scope.variables.size;
    findings = [];
    const { runText, ended } = createLine(source, context, findings);
    runText(source, { ...firstScope(cwd), variables: scope.variables });
    ended();
    if (scope.variables.size === known) break;
    if (pass === MOST_PASSES) {
      tell({ risk: 'high', code: 'not_understood', text: 'Sets its variables in a way that cannot be followed.' });
      break;
    }
  }
  for (const finding of findings) tell(finding);
}

function createLine(source: string, context: ActionContext, findings: Finding[]) {
  const scripts = new Map<string, ParsedScript>();
  const counted = new Set<object>();
  const processes: Flow[] = [];
  const written = new Map<string, Flow>();
  let [steps, quiet] = [0, 0];
  let current: Scope = firstScope('/');

  let [suspecting, guessing] = [0, 0];
  const find: Find = (risk, code, text, mark = {}) => {
    const denies = (mark.hardDeny ?? false) && (guessing === 0 || code !== 'deletes_disk');
    if (suspecting === 0) findings.push({ risk, code, text, ...mark, hardDeny: denies });
    // What merely looks like a command may be asked about.
    else if (risk === 'critical') findings.push({ risk, code, text, irreversible: mark.irreversible ?? false });
  };

  const spent = (): boolean => {
    steps += 1;
    if (steps === MOST_STEPS) find('critical', 'too_complex', 'Is too complex to be understood.');
    return steps >= MOST_STEPS;
  };

  /** Runs text as a script. What does not parse is judged in pieces as well: some shells would run them. */
  function runText(text: string, scope: Scope): Flow {
    if (scope.depth > DEEPEST) {
      find('critical', 'too_deep', 'Runs commands inside commands too deep to be understood.');
      return UNKNOWN;
    }
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
    for (const piece of text.split(/[;&|\n(){}`]+/u).slice(0, 200)) {
      if (piece.trim() === '' || piece === text) continue;
      const part = parse(piece);
      if (!part.errors?.length) runScript(part, branchOf(scope, { depth: scope.depth + 1 }), line);
    }
  }

  const look: Look = {
    context,
    knows: (name) => isKnownProgram(name, look),
    line: source,
    find,
    ...createTouch(context, find),
    run: (argv, from) => (argv.length === 0 || spent() ? NOTHING : judgeCommand({ ...from, argv }, look)),
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
    substituted: (word) => processes[Number(/^\/dev\/fd\/(\d+)$/u.exec(word)?.[1] ?? Number.NaN) - 63] ?? null,
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
    substitute(script, scope) {
      if (!script || spent()) return UNKNOWN;
      if (script.errors?.length) find('high', 'not_understood', 'Has a substitution that cannot be understood.');
      return runScript(script, branchOf(scope, { depth: scope.depth + 1 }), line);
    },
    processOf: (flow) => `/dev/fd/${62 + processes.push(flow)}`,
  });

  const line: Line = {
    look,
    words,
    simple: (node, scope) => runSimple(node, scope, runner),
    inTest(run) {
      quiet += 1;
      run();
      quiet -= 1;
    },
  };
  const runner: Runner = {
    line,
    judge: (command, scope) => within(scope, () => judgeCommand(command, look)),
    count(node) {
      counted.add(node);
      return !spent();
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
