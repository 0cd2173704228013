import { when } from '../../shared/format.ts';
import { paragraphs, readable } from '../text.ts';
import { defineVerb } from '../verb.ts';

/** What happened while nobody looked. */
export const digest = defineVerb({
  name: 'digest',
  summary: "The day's digest: sessions, scores, price, services and what waits, since it was told last.",
  example: 'tenure digest --json',
  async run(cli) {
    const day = await cli.call('daily.get', {});
    const { dueAt, told, now } = day;
    const at = cli.now();
    const next = dueAt === null ? 'It is never told ("notifications.daily").' : `Told next: ${when(dueAt, at)}.`;
    return {
      json: day,
      text: paragraphs(
        now ? readable(`Since ${when(now.from, at)}: ${now.body}`) : 'Nothing has happened since it was told last.',
        [next, ...(told ? [readable(`Told ${when(told.to, at)}: ${told.title}. ${told.body}`)] : [])].join('\n'),
      ),
    };
  },
});
