import { absolute, when } from '../../shared/format.ts';
import { LEVEL_WORDS } from '../../shared/policy.ts';
import { SEVERE_WORDS } from '../../shared/trust-words.ts';
import { list, oneLine, paragraphs, table } from '../text.ts';
import { defineVerb, oneOf, UsageError, type Verb, wholeNumber } from '../verb.ts';
import { describeTrust } from './trust.ts';

const KINDS = ['hostile', 'secret', 'outage', 'lost_work'] as const;
const WOULD = { allow: 'let it through', ask: 'asked you', deny: 'refused it' } as const;

const events = defineVerb({
  name: 'trust events',
  summary: 'Everything that trust rests on, newest first, each with where it comes from.',
  options: { limit: { type: 'string', value: '<n>', help: 'at most so many; default: 50' } },
  example: 'tenure trust events --json',
  async run(cli, _given, values) {
    const found = await cli.call('trust.events', {
      limit: wholeNumber(values.limit, 'limit', 1, 500) ?? 50,
      offset: 0,
    });
    const rows = found.map(({ at, kind, level, text, source }) => [
      absolute(at),
      LEVEL_WORDS[level].name,
      kind,
      oneLine(text),
      source ? `${source.kind} ${source.id}` : '',
    ]);
    return { json: found, text: table(['when', 'level', 'kind', 'what', 'from'], rows, 'Nothing yet.') };
  },
});

const report = defineVerb({
  name: 'trust report',
  summary: 'Report something severe that Tenure could not see: it empties the window and may lower the level.',
  takes: [KINDS.join('|'), 'what'],
  options: { session: { type: 'string', value: '<session>', help: 'in which it happened' } },
  example: 'tenure trust report lost_work "It dropped my stash" --session ses_k3v9m2',
  async run(cli, [word = '', text = ''], values) {
    const kind = oneOf(word, 'kind', KINDS);
    if (kind === undefined) throw new UsageError(`It takes a kind: one of ${KINDS.join(', ')}.`);
    const session = values.session === undefined ? {} : { sessionId: values.session };
    const record = await cli.call('trust.report', { kind, text, ...session });
    return { json: record, text: `${SEVERE_WORDS[kind]}: recorded.\n\n${describeTrust(record, cli.now())}` };
  },
});

const shadows = defineVerb({
  name: 'trust shadows',
  summary: 'What the gate would have done at Cautious with what was asked at Observe.',
  options: { limit: { type: 'string', value: '<n>', help: 'at most so many; default: 50' } },
  example: 'tenure trust shadows',
  async run(cli, _given, values) {
    const found = await cli.call('trust.shadows', { limit: wholeNumber(values.limit, 'limit', 1, 500) ?? 50 });
    const { figures } = found;
    const rows = found.shadows.map((one) => [
      one.decisionId,
      when(one.at, cli.now()),
      one.risk,
      oneLine(`${one.project}: ${one.summary}`),
      `would have ${WOULD[one.would]}`,
      one.agrees === null ? '' : one.agrees ? 'agreed' : 'disagreed',
    ]);
    return {
      json: found,
      text: paragraphs(
        list([
          ['Recorded', String(figures.recorded)],
          ['Would have', `let ${figures.allow} through, asked ${figures.ask}, refused ${figures.deny}`],
          ['You', `agreed with ${figures.agreed}, disagreed with ${figures.disagreed}`],
          [
            'Answered',
            `${figures.allowedAsYou} that it would have let through approved, ${figures.allowedUnlikeYou} denied`,
          ],
        ]),
        table(['decision', 'when', 'risk', 'what', 'the gate', 'you'], rows, 'Nothing was asked at Observe yet.'),
      ),
    };
  },
});

const mark = defineVerb({
  name: 'trust mark',
  summary: 'Say whether you agree with what the gate would have done.',
  takes: ['decision', 'agree|disagree|none'],
  example: 'tenure trust mark dec_k3v9m2 agree',
  async run(cli, [decisionId = '', word = '']) {
    const verdict = oneOf(word, 'verdict', ['agree', 'disagree', 'none'] as const);
    const agrees = verdict === 'agree' ? true : verdict === 'disagree' ? false : null;
    const shadow = await cli.call('trust.markShadow', { decisionId, agrees });
    return { json: shadow, text: agrees === null ? 'Not marked.' : agrees ? 'Agreed.' : 'Disagreed.' };
  },
});

export const trustRecordVerbs: readonly Verb[] = [events, report, shadows, mark];
