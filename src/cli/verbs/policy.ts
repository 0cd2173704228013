import { z } from 'zod';
import type { InputOf } from '../../shared/contract/index.ts';
import { DraftCall, type DraftVerdict, MOST_CALLS } from '../../shared/contract/policy.ts';
import { TenureError } from '../../shared/errors.ts';
import { issueWords } from '../../shared/issue-words.ts';
import { governorOf, LEVELS } from '../../shared/policy.ts';
import { RISK_NAMES } from '../../shared/words.ts';
import { projectNamed } from '../project-ref.ts';
import { list, readable } from '../text.ts';
import { type Cli, defineVerb, oneOf, UsageError, wholeNumber } from '../verb.ts';

/** Characters of one question, and of one call: well under what the gateway takes. */
const MOST_AT_ONCE = 256 << 10;
const MOST_OF_ONE = 900 << 10;

type Wanted = Omit<InputOf<'policy.check'>, 'calls'>;
type Failed = { error: { kind: string; message: string } };

const told = ({ risk, verdict, reasons }: DraftVerdict) => ({ risk, verdict, reasons });

const VERDICTS = { allow: 'Allow', deny: 'Deny', ask: 'Ask a person' } as const;

function describe({ risk, verdict, steps, reasons, level }: DraftVerdict): string {
  return list([
    ['Verdict', `${VERDICTS[verdict]}${steps === 2 ? ', in two steps' : ''}`],
    ['Risk', RISK_NAMES[risk]],
    ['Level', `${level} (${governorOf(level, true)})`],
    ['Because', reasons.map(({ text }) => readable(text)).join(' ')],
  ]);
}

/** What can be read is not yet what can be written again: nested deep enough, it takes the whole stack. */
function isFlat(value: unknown): boolean {
  try {
    return JSON.stringify(value) !== undefined;
  } catch {
    return false;
  }
}

/** One line of standard input: a tool call, or why it is none. */
function lineOf(text: string, n: number): DraftCall | Failed {
  const failed = (why: string): Failed => ({ error: { kind: 'invalid', message: `Line ${n} ${why}` } });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return failed('is no JSON; expected {"tool": …, "input": …, "cwd": …}.');
  }
  if (text.length > MOST_OF_ONE) return failed(`has ${text.length} characters; a call may have ${MOST_OF_ONE}.`);
  const call = DraftCall.safeParse(value, { error: issueWords });
  if (call.success) return isFlat(call.data) ? call.data : failed('is nested too deep to be handed on.');
  return failed(`is no tool call: ${z.prettifyError(call.error).replaceAll(/\s+/g, ' ')}`);
}

/** Asks about all of them, many at a time; one answer for each, in their order. */
async function answersTo(cli: Cli, wanted: Wanted, lines: readonly (DraftCall | Failed)[]) {
  const answers: (ReturnType<typeof told> | Failed)[] = [];
  let calls: DraftCall[] = [];
  let places: number[] = [];
  let size = 0;
  const ask = async (): Promise<void> => {
    if (calls.length === 0) return;
    const [asked, at] = [calls, places];
    [calls, places, size] = [[], [], 0];
    const { verdicts } = await cli.call('policy.check', { ...wanted, calls: asked });
    for (const [i, verdict] of verdicts.entries()) answers[at[i] ?? -1] = told(verdict);
  };
  for (const [n, line] of lines.entries()) {
    if ('error' in line) {
      answers[n] = line;
      continue;
    }
    const more = JSON.stringify(line).length;
    if (calls.length >= MOST_CALLS || size + more > MOST_AT_ONCE) await ask();
    calls.push(line);
    places.push(n);
    size += more;
  }
  await ask();
  return answers;
}

export const policyCheck = defineVerb({
  name: 'policy check',
  summary: 'What the gate would say to a command or to tool calls; nothing is run, recorded or counted.',
  takes: ['command?'],
  options: {
    project: { type: 'string', value: '<name>', help: 'the project in which it would run' },
    session: { type: 'string', value: '<id>', help: 'as in that session: its work tree, branch and record' },
    stdin: {
      type: 'boolean',
      help: 'one tool call a line, {"tool", "input", "cwd"}; one answer a line, with --json too',
    },
    level: { type: 'string', value: '<level>', help: `as if the level were ${LEVELS.join(', ')}` },
    'agent-score': { type: 'string', value: '<0-1000>', help: 'as if the agent had this score' },
    history: { type: 'string', value: '<new|clean>', help: 'as if the agent had never done it, or had done it well' },
  },
  example: 'tenure policy check --project shop "rm -rf dist" --level moderate',
  async run(cli, [command = ''], values) {
    if (values.project === undefined)
      throw new UsageError('"tenure policy check" needs --project <name>; see "tenure policy check --help".');
    if ((values.stdin ?? false) === (command !== ''))
      throw new UsageError('"tenure policy check" takes either one command or --stdin.');
    const level = oneOf(values.level, 'level', LEVELS);
    const agentScore = wholeNumber(values['agent-score'], 'agent-score', 0, 1_000);
    const history = oneOf(values.history, 'history', ['new', 'clean']);
    const wanted: Wanted = {
      projectId: (await projectNamed(cli, values.project)).id,
      ...(values.session !== undefined && { sessionId: values.session }),
      ...(level !== undefined && { level }),
      ...(agentScore !== undefined && { agentScore }),
      ...(history !== undefined && { history }),
    };
    if (values.stdin) {
      const given = (await cli.stdin()).split('\n').filter((line) => line.trim() !== '');
      const lines = await answersTo(
        cli,
        wanted,
        given.map((text, i) => lineOf(text, i + 1)),
      );
      return { json: lines, text: '', lines, exitCode: lines.some((line) => 'error' in line) ? 1 : 0 };
    }
    const { verdicts } = await cli.call('policy.check', { ...wanted, calls: [{ tool: 'Bash', input: { command } }] });
    const [verdict] = verdicts;
    if (!verdict) throw new TenureError('internal', 'The gate gave no verdict.');
    return { json: told(verdict), text: describe(verdict) };
  },
});
