import { defineVerb } from '../verb.ts';
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
  summary: 'Decline the open promotion; remembered until the level changes.',
  takes: ['promotion?'],
  options: { reason: { type: 'string', help: 'kept in the history' } },
  example: 'tenure promotion decline --reason "Two more weeks"',
  async run(cli, [id = ''], values) {
    const reason = values.reason === undefined ? {} : { reason: values.reason };
    const record = await cli.call('trust.declinePromotion', { ...(id && { id }), ...reason });
    return { json: record, text: describeTrust(record, cli.now()) };
  },
});
