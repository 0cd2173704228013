import { list, oneLine, paragraphs, table } from '../text.ts';
import { defineVerb, UsageError, type Verb } from '../verb.ts';
import { changesIn } from './changes-text.ts';

/** How the gate is set, one key a line. */
const described = (settings: Record<string, unknown>): string =>
  list(Object.entries(settings).map(([key, value]) => [key, JSON.stringify(value)]));

const preview = defineVerb({
  name: 'policy preview',
  summary: 'What other settings of the gate would have made of the last 30 days; nothing is changed.',
  takes: ['changes'],
  options: { project: { type: 'string', value: '<id>', help: 'only of that project' } },
  example: `tenure policy preview '{"auto.perHour": 10, "quietHours": {"from": "22:00", "to": "07:00"}}'`,
  async run(cli, [text = ''], values) {
    const changes = changesIn('policy preview', text);
    const found = await cli.call('policy.preview', {
      changes,
      ...(values.project !== undefined && { projectId: values.project }),
    });
    const both = ({ before, after }: { before: number; after: number }): string => `${before} → ${after}`;
    return {
      json: found,
      text: paragraphs(
        list([
          ['Decisions compared', `${found.compared}${found.unknown > 0 ? `, ${found.unknown} could not be` : ''}`],
          ['Reach you', both(found.asked)],
          ['Go ahead unasked', both(found.unasked)],
          ['Refused', both(found.refused)],
          ['Begin with more than the badge', both(found.told)],
          ['Answered too late', String(found.tooLate)],
          ['Kept quiet', String(found.quiet)],
        ]),
        found.samples.length === 0
          ? null
          : table(
              ['decision', 'was', 'would be', 'action'],
              found.samples.map((one) => [one.decisionId, one.before, one.after, oneLine(one.summary)]),
              '',
            ),
      ),
    };
  },
});

const set = defineVerb({
  name: 'policy set',
  summary: 'Set keys of the gate: thresholds, times, paths, risk classes; see "policy preview" first.',
  takes: ['changes'],
  example: `tenure policy set '{"risks": {"network": "high"}, "paths.normal.louder": true}'`,
  async run(cli, [text = '']) {
    const found = await cli.call('policy.set', { changes: changesIn('policy set', text) });
    return { json: found, text: described(found.settings) };
  },
});

const reset = defineVerb({
  name: 'policy reset',
  summary: 'Put one key of the gate, or with --all every one, back to the default.',
  takes: ['key?'],
  options: { all: { type: 'boolean', help: 'every key' } },
  example: 'tenure policy reset auto.perHour',
  async run(cli, [key], values) {
    if ((key === undefined) === (values.all !== true))
      throw new UsageError('"policy reset" takes the key to put back, or --all for every one');
    const found = await cli.call('policy.reset', key === undefined ? {} : { keys: [key] });
    return { json: found, text: described(found.settings) };
  },
});

const settings = defineVerb({
  name: 'policy settings',
  summary: 'How the gate is set.',
  example: 'tenure policy settings --json',
  async run(cli) {
    const found = await cli.call('policy.settings', {});
    return { json: found, text: described(found.settings) };
  },
});

/** How the gate is set, and what other settings would have done. */
export const gateSettingsVerbs: readonly Verb[] = [settings, preview, set, reset];
