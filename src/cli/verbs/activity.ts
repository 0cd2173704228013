import { activityCsv, everyEntry } from '../../shared/activity-export.ts';
import { AREAS, type Area } from '../../shared/contract/activity.ts';
import { count, when } from '../../shared/format.ts';
import { table } from '../text.ts';
import { defineVerb, UsageError, wholeNumber } from '../verb.ts';

const HOUR_MS = 3_600_000;
const isArea = (word: string): word is Area => AREAS.some((area) => area === word);

/** @throws UsageError naming what is none. */
function areasOf(text: string): Area[] {
  return text.split(',').map((word) => {
    if (!isArea(word)) throw new UsageError(`--area takes ${AREAS.join(', ')}; "${word}" is none of them.`);
    return word;
  });
}

export const activity = defineVerb({
  name: 'activity',
  summary: 'Show the log of everything, newest first.',
  options: {
    search: { type: 'string', value: '<words>', help: 'only entries that have all of these words' },
    area: { type: 'string', value: '<areas>', help: `some of ${AREAS.join(', ')}, with commas between` },
    about: { type: 'string', value: '<name>', help: 'only what is about that project or service' },
    hours: { type: 'string', value: '<n>', help: 'only the last so many hours' },
    routine: { type: 'boolean', help: 'also what the gate let through by itself' },
    limit: {
      type: 'string',
      value: '<number>',
      help: 'the newest so many, at most 1000; default 50, and with --csv all',
    },
    csv: { type: 'boolean', help: 'as comma-separated values' },
  },
  example: 'tenure activity --search "push" --hours 12',
  async run(cli, _given, values) {
    const limit = wholeNumber(values.limit, 'limit', 1, 1_000);
    const hours = wholeNumber(values.hours, 'hours', 1, 100_000);
    const now = cli.now();
    const filter = {
      ...(values.search !== undefined && { text: values.search }),
      ...(values.area !== undefined && { areas: areasOf(values.area) }),
      ...(values.about !== undefined && { subject: values.about }),
      ...(hours !== undefined && { since: now - hours * HOUR_MS }),
      ...(values.routine !== undefined && { routine: values.routine }),
    };
    const found = await cli.call('activity.list', { ...filter, limit: limit ?? 50 });
    const { total } = found;
    const isWhole = !values.csv || limit !== undefined || total <= found.entries.length;
    const entries = isWhole
      ? found.entries
      : await everyEntry((look) => cli.call('activity.list', { ...filter, ...look }));
    const text = values.csv
      ? activityCsv(entries).trimEnd()
      : table(
          ['when', 'about', 'what'],
          entries.map(({ at, subject, sentence }) => [when(at, now), subject ?? '', sentence]),
          'Nothing matches.',
        ) + (total > entries.length ? `\n${count(total - entries.length, 'more entry', 'more entries')}.` : '');
    return { json: { ...found, entries }, text };
  },
});
