import type { SessionDetail } from '../../shared/contract/sessions.ts';
import { TenureError } from '../../shared/errors.ts';
import { LEVELS } from '../../shared/policy.ts';
import { actWords, OUTCOME_TONE } from '../../shared/words.ts';
import { projectNamed } from '../project-ref.ts';
import { oneLine } from '../text.ts';
import { type Cli, defineVerb, oneOf, UsageError, wholeNumber } from '../verb.ts';
import { describeSession, stateOf } from './sessions.ts';

const LOOK_AGAIN_MS = 250;

/** Until it has ended and was measured. @throws TenureError `expired` after `limitMs`; the session goes on. */
async function ended(cli: Cli, id: string, limitMs: number): Promise<SessionDetail> {
  const until = cli.now() + limitMs;
  const told = new Set<string>();
  for (;;) {
    const session = await cli.call('sessions.get', { id });
    if (session.state === 'ended') return session;
    for (const decision of session.decisions) {
      if (decision.state !== 'pending' || told.has(decision.id)) continue;
      told.add(decision.id);
      cli.note(`Waits for you: ${oneLine(actWords(decision.action))} ("tenure approve ${decision.id}")`);
    }
    if (cli.now() >= until) {
      throw new TenureError(
        'expired',
        `Session ${id} has not ended within ${limitMs / 1_000} s (${stateOf(session, cli.now())}); it goes on.`,
      );
    }
    await cli.sleep(LOOK_AGAIN_MS);
  }
}

export const run = defineVerb({
  name: 'run',
  summary: 'Launch a session on a project, or queue it when as many run as may.',
  takes: ['project'],
  options: {
    prompt: { type: 'string', help: "what the agent shall do; default: the project's prompt" },
    model: { type: 'string', value: '<name>', help: "default: the project's" },
    'time-box': { type: 'string', value: '<minutes>', help: 'the session ends after that long' },
    ceiling: { type: 'string', value: '<level>', help: `the most it acts at: ${LEVELS.join(', ')}` },
    budget: { type: 'string', value: '<dollars>', help: 'it ends when so much is spent, at list price' },
    wait: { type: 'boolean', help: 'until it has ended and was measured; exit code 1 when it ended badly' },
    timeout: { type: 'string', value: '<seconds>', help: 'the most that --wait waits; the session goes on' },
  },
  example: 'tenure run shop --prompt "Fix the failing test in cart.test.ts" --wait --timeout 1800',
  async run(cli, [ref = ''], values) {
    const seconds = wholeNumber(values.timeout, 'timeout', 1, 604_800);
    const minutes = wholeNumber(values['time-box'], 'time-box', 1, 1_440);
    if (seconds !== undefined && !values.wait) throw new UsageError('--timeout only means something with --wait.');
    const ceiling = oneOf(values.ceiling, 'ceiling', LEVELS);
    const budgetUsd = values.budget === undefined ? undefined : Number(values.budget);
    if (budgetUsd !== undefined && !(budgetUsd > 0)) {
      throw new UsageError(`--budget takes dollars above 0, but got "${values.budget}".`);
    }
    const project = await projectNamed(cli, ref);
    const launched = await cli.call('sessions.launch', {
      projectId: project.id,
      ...(values.prompt !== undefined && { prompt: values.prompt }),
      ...(values.model !== undefined && { model: values.model }),
      ...(ceiling !== undefined && { ceiling }),
      ...(budgetUsd !== undefined && { budgetUsd }),
      ...(minutes !== undefined && { timeBoxMs: minutes * 60_000 }),
    });
    if (!values.wait) return { json: launched, text: `${launched.id}  ${oneLine(stateOf(launched, cli.now()))}` };
    const session = await ended(cli, launched.id, seconds === undefined ? Number.POSITIVE_INFINITY : seconds * 1_000);
    const good = session.outcome !== null && OUTCOME_TONE[session.outcome] === 'good';
    return { json: session, text: describeSession(session, cli.now()), exitCode: good ? 0 : 1 };
  },
});
