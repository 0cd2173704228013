import { defineVerb, UsageError } from '../verb.ts';
import { describeTrust } from './trust.ts';

export const promotion = defineVerb({
  name: 'promotion',
  summary: 'Show the open promotion, if there is one.',
  options: { check: { type: 'boolean', help: 'look now whether one is due instead of at the daily hour' } },
  example: 'tenure promotion --check',
  async run(cli, _given, values) {
    if (values.check) await cli.call('trust.check', {});
    const record = await cli.call('trust.get', {});
    const none = record.promotion?.state === 'open' ? '' : 'No promotion is open.\n\n';
    return { json: { promotion: record.promotion }, text: none + describeTrust(record, cli.now()) };
  },
});

export const approvePromotion = defineVerb({
  name: 'promotion approve',
  summary: 'Approve the open promotion; refused when its evidence no longer holds.',
  takes: ['promotion?'],
  example: 'tenure promotion approve',
  async run(cli, [id = '']) {
    const record = await cli.call('trust.approvePromotion', id ? { id } : {});
    return { json: record, text: describeTrust(record, cli.now()) };
  },
});

export const declinePromotion = defineVerb({
  name: 'promotion decline',
  summary: 'Decline the open promotion, until the level changes or a date.',
  takes: ['promotion?'],
  options: {
    reason: { type: 'string', help: 'kept in the history' },
    again: {
      type: 'string',
      value: '<date>',
      help: 'when it may be asked again, as 2026-12-24; default: once the level changes',
    },
  },
  example: 'tenure promotion decline --reason "Two more weeks" --again 2026-12-24',
  async run(cli, [id = ''], values) {
    const reason = values.reason === undefined ? {} : { reason: values.reason };
    const again = values.again === undefined ? {} : { askAgainAt: dayOf(values.again) };
    const record = await cli.call('trust.declinePromotion', { ...(id && { id }), ...reason, ...again });
    return { json: record, text: describeTrust(record, cli.now()) };
  },
});

/** The beginning of a day in the person's zone, epoch ms. @throws UsageError */
function dayOf(text: string): number {
  const [, year = 0, month = 0, day = 0] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text)?.map(Number) ?? [];
  const date = new Date(year, month - 1, day);
  const isDay = year > 0 && date.getMonth() === month - 1 && date.getDate() === day;
  if (!isDay) throw new UsageError(`--again takes a day such as 2026-12-24, but got "${text}".`);
  return date.getTime();
}
