import { absolute, clockTime } from '../../shared/format.ts';
import { everyWords, foldRuns, runWords } from '../../shared/upcoming.ts';
import { paragraphs, table } from '../text.ts';
import { defineVerb, wholeNumber } from '../verb.ts';

export const schedule = defineVerb({
  name: 'schedule',
  summary: 'Show what the clock will do in the next days.',
  options: { days: { type: 'string', value: '<n>', help: 'how far ahead; default 7, at most 31' } },
  example: 'tenure schedule --days 1',
  async run(cli, _given, values) {
    const ahead = wholeNumber(values.days, 'days', 1, 31);
    const found = await cli.call('schedule.upcoming', ahead === undefined ? {} : { days: ahead });
    const days = [...Map.groupBy(found.runs, ({ at }) => new Date(at).toDateString()).values()];
    const rows = days
      .flatMap(foldRuns)
      .map(({ run, repeats }) => [
        absolute(run.at),
        repeats ? `${everyWords(repeats.everyMs)} until ${clockTime(repeats.until)}` : '',
        runWords(run),
        run.prompt ?? '',
      ]);
    const text = paragraphs(
      found.paused ? 'Everything is paused: sessions wait until you resume.' : null,
      table(['when', 'again', 'what', 'prompt'], rows, 'Nothing. Plan sessions with "tenure project schedule".'),
      found.cut ? 'There is more: at most the next 200 runs of each plan are looked up.' : null,
    );
    return { json: found, text };
  },
});
