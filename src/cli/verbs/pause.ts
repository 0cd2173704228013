import { when } from '../../shared/format.ts';
import { oneLine } from '../text.ts';
import { quietFor } from '../until.ts';
import type { Answer, Cli } from '../verb.ts';
import { defineVerb } from '../verb.ts';
import { stateOf } from './sessions.ts';

async function setPaused(cli: Cli, paused: boolean): Promise<Answer> {
  const json = await cli.call('sessions.pauseAll', { paused });
  const text = json.paused
    ? 'Paused: nothing new starts. What runs keeps running; "tenure stop --all" stops it.'
    : 'Going on: what is queued starts.';
  return { json, text };
}

export const pause = defineVerb({
  name: 'pause',
  summary: 'Let nothing new start.',
  example: 'tenure pause',
  run: (cli) => setPaused(cli, true),
});

export const goOn = defineVerb({
  name: 'go-on',
  summary:
    'Let sessions start again after a pause; with a session: start that waiting one now, or let a held one go on.',
  takes: ['session?'],
  example: 'tenure go-on ses_k3v9',
  async run(cli, [id = '']) {
    if (id === '') return setPaused(cli, false);
    const session = await cli.call('sessions.goOn', { id });
    return { json: session, text: `${id}: ${oneLine(stateOf(session, cli.now()))}.` };
  },
});

const USUAL_MS = 10 * 60_000;

export const snooze = defineVerb({
  name: 'snooze',
  summary: 'Give a silent session more time before it is shown as stalled again, and ended.',
  takes: ['session', 'until?'],
  options: { minutes: { type: 'string', value: '<1-1440>', help: '10 unless given' } },
  example: 'tenure snooze ses_k3v9 17:30',
  async run(cli, [id = '', until = ''], values) {
    const ms = (await quietFor(until, values.minutes, cli.now())) ?? USUAL_MS;
    const session = await cli.call('sessions.snooze', { id, ms });
    return { json: session, text: `${id} has until ${when(cli.now() + ms, cli.now())}.` };
  },
});
