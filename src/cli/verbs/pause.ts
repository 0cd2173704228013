import { count } from '../../shared/format.ts';
import { oneLine } from '../text.ts';
import type { Answer, Cli } from '../verb.ts';
import { defineVerb, wholeNumber } from '../verb.ts';
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

export const snooze = defineVerb({
  name: 'snooze',
  summary: 'Give a silent session more time before it is shown as stalled again, and ended.',
  takes: ['session'],
  options: { minutes: { type: 'string', value: '<number>', help: 'so many minutes more; default 10' } },
  example: 'tenure snooze ses_k3v9 --minutes 30',
  async run(cli, [id = ''], values) {
    const minutes = wholeNumber(values.minutes, 'minutes', 1, 1_440) ?? 10;
    const session = await cli.call('sessions.snooze', { id, ms: minutes * 60_000 });
    return { json: session, text: `${id} has ${count(minutes, 'minute')} more.` };
  },
});
