import { when } from '../../shared/format.ts';
import { LEVEL_WORDS, LEVELS } from '../../shared/policy.ts';
import { ALERT_WORDS } from '../../shared/trust-words.ts';
import { list, oneLine, paragraphs, table } from '../text.ts';
import { defineVerb, oneOf, type Verb, wholeNumber } from '../verb.ts';
import { alertText } from './trust.ts';

const VERDICTS = { useful: 'useful', false: 'false alarm' } as const;

const alerts = defineVerb({
  name: 'alerts',
  summary: 'List what asked for your attention, and how much of it was worth it at each level.',
  options: {
    unjudged: { type: 'boolean', help: 'only those that nobody has judged' },
    limit: { type: 'string', value: '<n>', help: 'at most so many; default: 50' },
    offset: { type: 'string', value: '<n>', help: 'pass over the newest so many' },
  },
  example: 'tenure alerts --unjudged',
  async run(cli, _given, values) {
    const limit = wholeNumber(values.limit, 'limit', 1, 500) ?? 50;
    const offset = wholeNumber(values.offset, 'offset', 0, Number.MAX_SAFE_INTEGER) ?? 0;
    const found = await cli.call('alerts.list', { unjudged: values.unjudged ?? false, since: 0, limit, offset });
    const rows = found.alerts.map(({ id, at, kind, subject, verdict }) => [
      id,
      when(at, cli.now()),
      ALERT_WORDS[kind],
      oneLine(subject),
      verdict === null ? '' : VERDICTS[verdict],
    ]);
    return {
      json: found,
      text: paragraphs(
        list(LEVELS.map((level) => [LEVEL_WORDS[level].name, alertText(found.levels[level])])),
        table(['alert', 'when', 'of', 'what', 'judged'], rows, 'Nothing asked for your attention.'),
      ),
    };
  },
});

const alertJudge = defineVerb({
  name: 'alerts judge',
  summary: 'Say whether an alert was useful or a false alarm; it counts in the trust record.',
  takes: ['alert', 'useful|false|none'],
  example: 'tenure alerts judge score:ses_k3v9m2 useful',
  async run(cli, [id = '', word = '']) {
    const verdict = oneOf(word, 'verdict', ['useful', 'false', 'none'] as const);
    const judged = await cli.call('alerts.judge', {
      id,
      verdict: verdict === 'useful' || verdict === 'false' ? verdict : null,
    });
    return { json: judged, text: judged.verdict === null ? 'Not judged.' : `Judged: ${VERDICTS[judged.verdict]}.` };
  },
});

export const alertVerbs: readonly Verb[] = [alerts, alertJudge];
