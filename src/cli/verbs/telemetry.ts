import type { Rate, SpawnCounts } from '../../shared/contract/telemetry.ts';
import { absolute, dollars, percent, span } from '../../shared/format.ts';
import { list, oneLine, paragraphs, table } from '../text.ts';
import { defineVerb, UsageError, wholeNumber } from '../verb.ts';

const rate = (success: Rate | null): string =>
  success === null
    ? 'none finished'
    : `${percent(success.rate)} of ${success.n} (${percent(success.low)} to ${percent(success.high)})`;
const HEAD = ['spawns', 'running', 'done', 'failed', 'blocked', 'unknown', 'success', 'mean price', 'mean time'];
const cells = (c: SpawnCounts): string[] => [
  ...[c.spawns, c.running, c.completed, c.failed, c.blocked, c.unknown].map(String),
  rate(c.success),
  c.meanCostUsd === null ? 'unknown' : dollars(c.meanCostUsd),
  c.meanDurationMs === null ? 'unknown' : span(c.meanDurationMs),
];

const options = {
  days: { type: 'string', value: '<n>', help: 'the last n days only' },
  caste: { type: 'string', value: '<role>', help: 'one role only: session, judge, validator, brain' },
} as const;
const rangeOf = (values: { days?: string | undefined; caste?: string | undefined }) => {
  const days = wholeNumber(values.days, 'days', 1, 3_650);
  return { ...(days !== undefined && { days }), ...(values.caste !== undefined && { caste: values.caste }) };
};

const summary = defineVerb({
  name: 'telemetry summary',
  summary: 'Show every spawn of an agent in figures, and the last ten.',
  options,
  example: 'tenure telemetry summary --days 30',
  async run(cli, _given, values) {
    const found = await cli.call('telemetry.summary', rangeOf(values));
    const text = paragraphs(
      list([
        ['Since', found.since === null ? 'nothing yet' : absolute(found.since)],
        ['Success', rate(found.success)],
        ['Not recorded', found.lost.count === 0 ? 'none' : `${found.lost.count}: ${oneLine(found.lost.problem ?? '')}`],
      ]),
      table(
        ['model', ...HEAD],
        found.models.map((one) => [one.model, ...cells(one)]),
        'Nothing was spawned yet.',
      ),
      table(
        ['last', 'role', 'model', 'by', 'outcome', 'task'],
        found.recent.map((s) => [absolute(s.startedAt), s.caste, s.model, s.source, s.outcome ?? 'running', s.task]),
        '',
      ),
    );
    return { json: found, text };
  },
});

const models = defineVerb({
  name: 'telemetry models',
  summary: 'Show how each model, or the one that is named, has done by role and by kind of task.',
  takes: ['model?'],
  options,
  example: 'tenure telemetry models claude-opus-5-5 --caste session',
  async run(cli, [model = ''], values) {
    const range = rangeOf(values);
    const found = model
      ? [await cli.call('telemetry.model', { model, ...range })].filter((one) => one !== null)
      : (await cli.call('telemetry.summary', range)).models;
    const rows = found.flatMap((one) => [
      [one.model, 'all', ...cells(one)],
      ...one.byCaste.map((part) => [one.model, part.caste, ...cells(part)]),
      ...one.byTaskClass.map((part) => [one.model, `tasks: ${part.taskClass}`, ...cells(part)]),
    ]);
    return { json: found, text: table(['model', 'of', ...HEAD], rows, 'No such model has run.') };
  },
});

const routing = defineVerb({
  name: 'telemetry routing',
  summary: 'Show which models were chosen, and what chose them.',
  options,
  example: 'tenure telemetry routing --days 7 --caste session',
  async run(cli, _given, values) {
    const found = await cli.call('telemetry.routing', rangeOf(values));
    const from = found.from === null ? 'nothing' : absolute(found.from);
    const text = paragraphs(
      list([
        ['Decisions', String(found.decisions)],
        ['From', from],
      ]),
      table(
        ['chosen by', ...HEAD],
        found.bySource.map((one) => [one.source, ...cells(one)]),
        'None in that range.',
      ),
      table(
        ['model', ...HEAD],
        found.byModel.map((one) => [one.model, ...cells(one)]),
        '',
      ),
    );
    return { json: found, text };
  },
});

const exportAll = defineVerb({
  name: 'telemetry export',
  summary: 'Print telemetry in the exchange form, or write it to telemetry.json in the data directory.',
  options: { write: { type: 'boolean', help: 'write the file, readable by you alone, and say where' } },
  example: 'tenure telemetry export > telemetry.json',
  async run(cli, _given, values) {
    if (values.write) {
      const { path, decisions, of } = await cli.call('telemetry.write', {});
      return { json: { path, decisions, of }, text: `${path}: the last ${decisions} of ${of} decisions.` };
    }
    const document = await cli.call('telemetry.export', {});
    return { json: document, text: JSON.stringify(document, null, 2) };
  },
});

const correct = defineVerb({
  name: 'telemetry correct',
  summary: 'Correct the outcome of a spawn; the first one and your reason are kept.',
  takes: ['spawn', 'completed|failed|blocked'],
  options: { reason: { type: 'string', help: 'why; kept with it' } },
  example: 'tenure telemetry correct spn_1 failed --reason "It did not build"',
  async run(cli, [id = '', given = ''], values) {
    const outcome = oneOf(given, ['completed', 'failed', 'blocked'] as const);
    const spawn = await cli.call('telemetry.correct', { id, outcome, reason: values.reason ?? 'No reason was given.' });
    return { json: spawn, text: `${spawn.id} is ${spawn.outcome} (was ${spawn.firstOutcome}).` };
  },
});

function oneOf<T extends string>(text: string, words: readonly T[]): T {
  const word = words.find((known) => known === text);
  if (word !== undefined) return word;
  throw new UsageError(`The outcome is one of ${words.join(', ')}, but got "${text}".`);
}

export const telemetryVerbs = [summary, models, routing, exportAll, correct];
