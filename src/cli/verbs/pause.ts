import type { Answer, Cli } from '../verb.ts';
import { defineVerb } from '../verb.ts';

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
  summary: 'Let sessions start again after a pause.',
  example: 'tenure go-on',
  run: (cli) => setPaused(cli, false),
});
