import type { TrustPreview } from '../../shared/contract/trust-preview.ts';
import { absolute } from '../../shared/format.ts';
import { LEVEL_WORDS } from '../../shared/policy.ts';
import { CONDITION_WORDS, conditionWords, effectWords, pastWords } from '../../shared/trust-preview-words.ts';
import { paragraphs, table } from '../text.ts';
import { defineVerb, UsageError } from '../verb.ts';
import { changesIn } from './changes-text.ts';

const PREFIX = 'trust.';

const holds = (name: TrustPreview['conditions'][number]['name'], side: TrustPreview['conditions'][number]['before']) =>
  `${side.holds ? 'holds' : 'lacks'}: ${conditionWords(name, side)}${side.since === null ? '' : ` (since ${absolute(side.since)})`}`;

function described(preview: TrustPreview): string {
  const step = ({ from, to }: { from: keyof typeof LEVEL_WORDS; to: keyof typeof LEVEL_WORDS }): string =>
    `${LEVEL_WORDS[from].name} → ${LEVEL_WORDS[to].name}`;
  const past = [
    ...preview.proposals.map((one) => [
      absolute(one.at),
      step(one),
      one.lack.length === 0 ? 'proposed all the same' : `not proposed: ${one.lack.join('; ')}`,
    ]),
    ...preview.newly.map((one) => [absolute(one.at), step(one), 'earned by then']),
  ];
  return paragraphs(
    effectWords(preview),
    preview.conditions.length === 0
      ? null
      : table(
          ['condition', 'by the rules in force', 'by these'],
          preview.conditions.map(({ name, before, after }) => [
            CONDITION_WORDS[name],
            holds(name, before),
            holds(name, after),
          ]),
          '',
        ),
    pastWords(preview),
    past.length === 0 ? null : table(['when', 'promotion', 'by these rules'], past, ''),
  );
}

export const trustPreview = defineVerb({
  name: 'trust preview',
  summary: 'What other rules of the level would make of the record and of the last 30 days; nothing is changed.',
  takes: ['changes'],
  example: `tenure trust preview '{"thresholds.cautious_to_moderate.minSessions": 50, "window.days": 7}'`,
  async run(cli, [text = '']) {
    const wanted = Object.entries(changesIn('trust preview', text));
    if (wanted.length === 0) throw new UsageError('"tenure trust preview" needs at least one key to change.');
    // As in the file: null puts a key back to its default.
    const changes = wanted.map(([key, value]) => ({
      key: key.startsWith(PREFIX) ? key : `${PREFIX}${key}`,
      ...(value !== null && { value }),
    }));
    const preview = await cli.call('trust.preview', { changes });
    return { json: preview, text: described(preview) };
  },
});
