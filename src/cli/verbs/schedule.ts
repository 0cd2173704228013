import { absolute } from '../../shared/format.ts';
import { paragraphs, table } from '../text.ts';
import { defineVerb, wholeNumber } from '../verb.ts';

export const schedule = defineVerb({
  name: 'schedule',
  summary: 'Show what the clock will do in the next days.',
  options: { days: { type: 'string', value: '<n>', help: 'how far ahead; default 7, at most 31' } },
  example: 'tenure schedule --days 1',
  async run(cli, _given, values) {
    const days = wholeNumber(values.days, 'days', 1, 31);
    const found = await cli.call('schedule.upcoming', days === undefined ? {} : { days });
    const rows = found.runs.map(({ at, kind, project, prompt }) => [
      absolute(at),
      kind === 'session' ? (project ?? '') : 'look whether a promotion was earned',
      prompt ?? '',
    ]);
    const text = paragraphs(
      found.paused ? 'Everything is paused: sessions wait until you resume.' : null,
      table(['when', 'what', 'prompt'], rows, 'Nothing. Plan sessions with "tenure project schedule".'),
      found.cut ? 'There is more than fits here.' : null,
    );
    return { json: found, text };
  },
});
