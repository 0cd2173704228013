import type { Session } from '../../shared/contract/sessions.ts';
import { count } from '../../shared/format.ts';
import { lineageWords } from '../../shared/words.ts';
import { oneLine, readable, table } from '../text.ts';
import { type Answer, defineVerb, UsageError } from '../verb.ts';
import { stateOf } from './sessions.ts';

/** Which session goes on, and from where. */
function going(session: Session, now: number): Answer {
  const from = session.lineage ? `  ${lineageWords(session.lineage)} ${session.lineage.from}` : '';
  return { json: session, text: `${session.id}  ${oneLine(stateOf(session, now))}${from}` };
}

const prompted = (prompt: string | undefined, verb: string): string => {
  if (prompt?.trim()) return prompt;
  throw new UsageError(`"tenure ${verb}" needs --prompt with what the agent shall do.`);
};

export const followUp = defineVerb({
  name: 'say',
  summary: 'Give a session a further prompt: told at the end of its turn, or by a new session when it has ended.',
  takes: ['session'],
  options: { prompt: { type: 'string', help: 'what the agent is told' } },
  example: 'tenure say ses_k3v9 --prompt "Add a test for the empty cart too."',
  async run(cli, [id = ''], values) {
    const session = await cli.call('sessions.followUp', { id, prompt: prompted(values.prompt, 'say') });
    if (session.id !== id) return going(session, cli.now());
    const waiting = count(session.waitingPrompts, 'prompt waits', 'prompts wait');
    return { json: session, text: `${session.id}  ${waiting} for the end of its turn.` };
  },
});

export const resume = defineVerb({
  name: 'resume',
  summary: 'Go on with an ended session: the same conversation and work tree, as a new session.',
  takes: ['session'],
  options: { prompt: { type: 'string', help: 'what the agent is told; default: to go on' } },
  example: 'tenure resume ses_k3v9',
  async run(cli, [id = ''], values) {
    return going(
      await cli.call('sessions.resume', { id, ...(values.prompt !== undefined && { prompt: values.prompt }) }),
      cli.now(),
    );
  },
});

export const retry = defineVerb({
  name: 'retry',
  summary: 'Begin an ended session anew: its prompt and limits, a new conversation in a new work tree.',
  takes: ['session'],
  options: { prompt: { type: 'string', help: 'what the agent is told; default: the same prompt' } },
  example: 'tenure retry ses_k3v9',
  async run(cli, [id = ''], values) {
    return going(
      await cli.call('sessions.retry', { id, ...(values.prompt !== undefined && { prompt: values.prompt }) }),
      cli.now(),
    );
  },
});

export const fork = defineVerb({
  name: 'fork',
  summary: 'Copy the conversation of an ended session into a new one, in a new work tree from its branch.',
  takes: ['session'],
  options: { prompt: { type: 'string', help: 'what the agent is told' } },
  example: 'tenure fork ses_k3v9 --prompt "Try it without the cache."',
  async run(cli, [id = ''], values) {
    return going(await cli.call('sessions.fork', { id, prompt: prompted(values.prompt, 'fork') }), cli.now());
  },
});

export const prompts = defineVerb({
  name: 'prompts',
  summary: 'List the further prompts of a session; change one that waits, or take it back.',
  takes: ['session'],
  options: {
    change: { type: 'string', value: '<id>', help: 'change that one; needs --prompt' },
    prompt: { type: 'string', help: 'what it shall say' },
    'take-back': { type: 'string', value: '<id>', help: 'take that one back' },
  },
  example: 'tenure prompts ses_k3v9 --take-back msg_7f2a',
  async run(cli, [id = ''], values) {
    if (values.change !== undefined) {
      await cli.call('sessions.editFollowUp', {
        id: values.change,
        prompt: prompted(values.prompt, 'prompts --change'),
      });
    } else if (values.prompt !== undefined) {
      throw new UsageError('--prompt only means something with --change; "tenure say" adds a prompt.');
    }
    if (values['take-back'] !== undefined) await cli.call('sessions.removeFollowUp', { id: values['take-back'] });
    const found = await cli.call('sessions.followUps', { id });
    const rows = found.map((one) => [one.id, one.state, oneLine(one.prompt)]);
    return { json: found, text: table(['id', 'state', 'prompt'], rows, 'No further prompts.') };
  },
});

export const answer = defineVerb({
  name: 'answer',
  summary: 'Answer what an agent asks: --say once for each question, in their order.',
  takes: ['decision'],
  options: { say: { type: 'string', multiple: true, value: '<text>', help: "an option's label, or any text" } },
  example: 'tenure answer dec_4k2m --say "Blue" --say "All of them"',
  async run(cli, [id = ''], values) {
    const answers = values.say ?? [];
    if (answers.length === 0)
      throw new UsageError('"tenure answer" needs --say with the answer, once for each question.');
    const decision = await cli.call('decisions.answer', { id, answers });
    const said = (decision.action.questions ?? []).map(
      (one) => `${readable(one.question)}\n  ${readable(one.answer ?? '')}`,
    );
    return { json: decision, text: said.join('\n') };
  },
});
