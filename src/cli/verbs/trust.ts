import type { Trust } from '../../shared/contract/trust.ts';
import { absolute, count, cut, cutShort, heldFor } from '../../shared/format.ts';
import { LEVEL_WORDS, LEVELS } from '../../shared/policy.ts';
import { list, oneLine, paragraphs, readable, table } from '../text.ts';
import { defineVerb, oneOf, UsageError } from '../verb.ts';

/** The record at the current level against what the next one needs. */
export function describeTrust(trust: Trust, now: number): string {
  const { thresholds, promotionProgress: progress, promotion } = trust;
  const of = (have: string, need: number | undefined): string => (need === undefined ? have : `${have} of ${need}`);
  return paragraphs(
    list([
      ['Level', `${LEVEL_WORDS[trust.level].name}, ${heldFor(trust.since, now)}`],
      ['Sessions', of(String(trust.sessions), thresholds?.minSessions)],
      ['Scored', `${of(String(trust.evaluations), thresholds?.minEvaluations)}, unscored ${trust.unscored}`],
      ['Mean score', of(trust.avgScore === null ? 'unknown' : cut(trust.avgScore), thresholds?.minAvgScore)],
      ['Days', of(cutShort(trust.days), thresholds?.minDaysAtLevel)],
      ['Next level', progress && LEVEL_WORDS[progress.nextLevel].name],
    ]),
    promotion?.state === 'open' ? `${readable(promotion.message)}\n"tenure promotion approve" or "… decline".` : null,
  );
}

export const trust = defineVerb({
  name: 'trust',
  summary: 'Show the trust record at the current level and the way to the next.',
  options: { history: { type: 'boolean', help: 'every stay at a level and every promotion instead' } },
  example: 'tenure trust --json',
  async run(cli, _given, values) {
    if (!values.history) {
      const record = await cli.call('trust.get', {});
      return { json: record, text: describeTrust(record, cli.now()) };
    }
    const history = await cli.call('trust.history', {});
    const stays = history.intervals.map((stay) => [
      LEVEL_WORDS[stay.level].name,
      absolute(stay.enteredAt),
      stay.leftAt === null ? 'until now' : absolute(stay.leftAt),
      `${stay.by}: ${stay.reason}`,
    ]);
    const promotions = history.promotions.map((p) => [
      `${LEVEL_WORDS[p.from].name} → ${LEVEL_WORDS[p.to].name}`,
      absolute(p.proposedAt),
      p.state,
      `${count(p.evidence.sessions, 'session')}, score ${p.evidence.avgScore === null ? 'unknown' : cut(p.evidence.avgScore)}`,
    ]);
    return {
      json: history,
      text: paragraphs(
        table(['level', 'from', 'to', 'by'], stays, 'No stays yet.'),
        table(['promotion', 'proposed', 'state', 'evidence'], promotions, 'No promotions yet.'),
      ),
    };
  },
});

export const level = defineVerb({
  name: 'level',
  summary: 'Show the level and what it allows, or set it: up one step at a time, down any number.',
  options: {
    set: { type: 'string', value: '<level>', help: LEVELS.join(', ') },
    reason: { type: 'string', help: 'kept in the history' },
  },
  example: 'tenure level --set cautious --reason "New machine"',
  async run(cli, _given, values) {
    const to = oneOf(values.set, 'set', LEVELS);
    if (to === undefined && values.reason !== undefined) {
      throw new UsageError('--reason only means something with --set.');
    }
    const reason = values.reason === undefined ? {} : { reason: values.reason };
    const record =
      to === undefined ? await cli.call('trust.get', {}) : await cli.call('trust.setLevel', { level: to, ...reason });
    const words = LEVEL_WORDS[record.level];
    const text = list([
      ['Level', `${words.name}, ${heldFor(record.since, cli.now())}`],
      ['Allows', oneLine(words.adds.join('; '))],
      ['Still asks', oneLine(words.stillAsks.join('; '))],
    ]);
    return { json: record, text };
  },
});
