import type { Trust } from '../../shared/contract/trust.ts';
import type { AlertCounts } from '../../shared/contract/trust-record.ts';
import { absolute, count, cut, cutShort, heldFor, percent } from '../../shared/format.ts';
import { LEVEL_WORDS, LEVELS } from '../../shared/policy.ts';
import { CAUSE_WORDS, SEVERE_WORDS } from '../../shared/trust-words.ts';
import { PROMOTION_WORDS, whoWords } from '../../shared/words.ts';
import { list, oneLine, paragraphs, readable, table } from '../text.ts';
import { defineVerb, oneOf, UsageError } from '../verb.ts';

/** The record at the current level against what the next one needs. */
export function describeTrust(trust: Trust, now: number): string {
  const { thresholds, promotionProgress: progress, promotion } = trust;
  const of = (have: number, need: number | undefined, words: (n: number) => string = String): string =>
    need === undefined ? words(have) : have < need ? `${words(have)} of ${need}` : `${words(have)}, ${need} needed`;
  return paragraphs(
    list([
      ['Level', `${LEVEL_WORDS[trust.level].name}, ${heldFor(trust.since, now)}`],
      ['Sessions', of(trust.sessions, thresholds?.minSessions)],
      ['Scored', `${of(trust.evaluations, thresholds?.minEvaluations)}, unscored ${trust.unscored}`],
      ['Mean score', trust.avgScore === null ? 'none yet' : of(trust.avgScore, thresholds?.minAvgScore, cut)],
      ['Days', of(trust.days, thresholds?.minDaysAtLevel, cutShort)],
      ['Covered', coverageText(trust)],
      ['Window', windowText(trust)],
      ['Severe', trust.severe === 0 ? null : `${trust.severe} in this stay`],
      ['No evidence', trust.noEvidence === 0 ? null : count(trust.noEvidence, 'session')],
      ['Alerts', alertText(trust.alerts)],
      ['Next level', progress && LEVEL_WORDS[progress.nextLevel].name],
      ['Lacks', trust.lack && trust.lack.length > 0 ? oneLine(trust.lack.join('; ')) : null],
    ]),
    promotion?.state === 'open' ? `${readable(promotion.message)}\nNot yet: "tenure promotion decline".` : null,
  );
}

const coverageText = ({ coverage: { scored, of, ratio } }: Trust): string =>
  ratio === null ? 'unknown' : `${scored} of ${of} ended sessions scored (${percent(ratio)})`;

function windowText({ window: { scored, needed, avgScore, probation, reset } }: Trust): string {
  const mean = avgScore === null ? '' : `, mean ${cut(avgScore)}`;
  const fresh = probation.map((one) => `; ${one.agent} is new (${one.scored} of ${needed})`).join('');
  return oneLine(
    `${scored < needed ? `${scored} of ${needed} scored` : `${scored} scored, ${needed} needed`}${mean}${fresh}${reset ? `; began anew: ${reset.why}` : ''}`,
  );
}

/** `4 useful, 1 false (20 % false), 3 not judged` */
export function alertText({ useful, false: wrong, unjudged, falseRate }: AlertCounts): string {
  const rate = falseRate === null ? 'rate unknown' : `${percent(falseRate)} false`;
  return `${useful} useful, ${wrong} false (${rate}), ${unjudged} not judged`;
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
      cutShort(stay.days),
      `${whoWords(stay.by)}, ${CAUSE_WORDS[stay.cause]}: ${oneLine(stay.reason)}`,
    ]);
    const severe = history.severe.map(({ at, kind, text, source, by }) => [
      absolute(at),
      SEVERE_WORDS[kind],
      oneLine(text),
      `${source.kind} ${source.id}, by ${whoWords(by)}`,
    ]);
    const promotions = history.promotions.map((p) => [
      `${LEVEL_WORDS[p.from].name} → ${LEVEL_WORDS[p.to].name}`,
      absolute(p.proposedAt),
      PROMOTION_WORDS[p.state],
      `${count(p.evidence.sessions, 'session')}, score ${p.evidence.avgScore === null ? 'unknown' : cut(p.evidence.avgScore)}`,
    ]);
    return {
      json: history,
      text: paragraphs(
        table(['level', 'from', 'to', 'days', 'by'], stays, 'No stays yet.'),
        table(['promotion', 'proposed', 'state', 'evidence'], promotions, 'No promotions yet.'),
        table(['when', 'severe', 'what', 'from'], severe, 'Nothing severe happened.'),
      ),
    };
  },
});

export const level = defineVerb({
  name: 'level',
  summary: 'Show the level and what it allows, or set it: down any number of steps, up one that was earned.',
  options: {
    set: { type: 'string', value: '<level>', help: LEVELS.join(', ') },
    reason: { type: 'string', help: 'kept in the history' },
    override: {
      type: 'string',
      value: '<level>',
      help: 'the same level once more: raise it without the evidence, recorded as an override',
    },
  },
  example: 'tenure level --set cautious --reason "New machine"',
  async run(cli, _given, values) {
    const to = oneOf(values.set, 'set', LEVELS);
    for (const name of ['reason', 'override'] as const) {
      if (to === undefined && values[name] !== undefined) {
        throw new UsageError(`--${name} only means something with --set.`);
      }
    }
    const how = {
      ...(values.reason !== undefined && { reason: values.reason }),
      ...(values.override !== undefined && { override: { confirm: values.override } }),
    };
    const record =
      to === undefined ? await cli.call('trust.get', {}) : await cli.call('trust.setLevel', { level: to, ...how });
    const words = LEVEL_WORDS[record.level];
    const text = list([
      ['Level', `${words.name}, ${heldFor(record.since, cli.now())}`],
      ['Allows', oneLine(words.adds.join('; '))],
      ['Still asks', oneLine(words.stillAsks.join('; '))],
    ]);
    return { json: record, text };
  },
});
