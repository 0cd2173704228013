import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type RevenueSource } from '../../shared/contract/revenue.ts';
import { SOURCE_KINDS } from '../../shared/contract/revenue-sources.ts';
import { TenureError } from '../../shared/errors.ts';
import { count, when } from '../../shared/format.ts';
import { amountWords } from '../../shared/money.ts';
import { changeWords, figureWords, KIND_WORDS, readingWords, totalWords } from '../../shared/revenue-words.ts';
import { projectNamed } from '../project-ref.ts';
import { oneLine, paragraphs, table } from '../text.ts';
import { type Cli, defineVerb, UsageError, type Verb } from '../verb.ts';
import { SETTING_OPTIONS, settingsGiven } from './revenue-settings.ts';

/** A source by its id or its name. @throws TenureError not_found */
async function sourceNamed(cli: Cli, given: string): Promise<RevenueSource> {
  const sources = await cli.call('revenue.sources', {});
  const found = sources.find(({ id }) => id === given) ?? sources.find(({ name }) => name === given);
  if (found) return found;
  const known = sources.map(({ name }) => `"${oneLine(name)}"`).join(', ') || 'none';
  throw new TenureError('not_found', `There is no revenue source "${given}"; there are: ${known}.`);
}

function stateOf(source: RevenueSource, now: number): string {
  if (source.paused) return 'paused';
  if (source.flag !== null && source.lastError === null) return source.flag;
  const seen = source.lastGoodAt === null ? 'not seen yet' : when(source.lastGoodAt, now);
  if (source.kind === 'manual' || source.kind === 'webhook') return '';
  const aged = source.stale ? `stale, ${seen}` : seen;
  return source.lastError === null ? aged : `${aged}; then: ${source.lastError}`;
}

const listing = (name: string): Verb =>
  defineVerb({
    name,
    summary: 'List the revenue sources with their last value, its age and the last error.',
    example: `tenure ${name} --json`,
    async run(cli) {
      const sources = await cli.call('revenue.sources', {});
      const week = await cli.call('revenue.week', {});
      const rows = sources.map((source) => {
        const figure = week.sources.find(({ sourceId }) => sourceId === source.id)?.figure;
        const { name: kind } = KIND_WORDS[source.kind];
        const value = readingWords(source.kind, source.reading) ?? '';
        return [source.name, kind, figure ? figureWords(figure) : '', value, stateOf(source, cli.now())];
      });
      const empty = 'No revenue sources yet: "tenure revenue add" adds one.';
      return {
        json: { sources, week },
        text: paragraphs(
          table(['source', 'kind', '7 days', 'last value', 'seen'], rows, empty),
          sources.length > 0 ? `In all: ${totalWords(week.total)} in 7 days.` : null,
        ),
      };
    },
  });

const add = defineVerb({
  name: 'revenue add',
  summary: `Add a revenue source of a kind: ${SOURCE_KINDS.join(', ')}.`,
  takes: ['kind', 'name'],
  options: {
    ...SETTING_OPTIONS,
    project: { type: 'string', value: '<project>', help: 'the project that it belongs to' },
    every: { type: 'string', value: '<seconds>', help: 'how often it is looked at' },
  },
  example: 'tenure revenue add pool "Mini" --url https://supportxmr.com/api --address env:XMR_WALLET',
  async run(cli, [kindGiven = '', name = ''], values) {
    const kind = SOURCE_KINDS.find((known) => known === kindGiven);
    if (!kind) throw new UsageError(`There is no kind "${kindGiven}"; there are ${SOURCE_KINDS.join(', ')}.`);
    const every = values.every === undefined ? null : Number(values.every);
    if (every !== null && !(every >= 10 && every <= 86_400)) {
      throw new UsageError(`--every takes 10 to 86400 seconds, but got "${values.every}".`);
    }
    const projectId = values.project === undefined ? null : (await projectNamed(cli, values.project)).id;
    const settings = settingsGiven(kind, values, (path) => resolve(cli.cwd, path));
    const made = await cli.call('revenue.add', {
      name,
      settings,
      projectId,
      ...(every !== null && { intervalMs: Math.round(every * 1_000) }),
    });
    const text = [
      `"${made.source.name}" was added.`,
      made.token === null
        ? null
        : `Its token, shown only now: ${made.token}\nPost to /ingest/revenue/${made.source.id} with "Authorization: Bearer <token>".`,
    ];
    return { json: made, text: paragraphs(...text) };
  },
});

const test = defineVerb({
  name: 'revenue test',
  summary: 'Look once at a source and say what it tells; nothing is counted.',
  takes: ['source'],
  example: 'tenure revenue test Mini',
  async run(cli, [given = '']) {
    const { id } = await sourceNamed(cli, given);
    const result = await cli.call('revenue.test', { id });
    return { json: result, text: oneLine(result.text), exitCode: result.ok ? 0 : 1 };
  },
});

const remove = defineVerb({
  name: 'revenue remove',
  summary: 'Remove a source; what it earned stays in the history.',
  takes: ['source'],
  example: 'tenure revenue remove Mini',
  async run(cli, [given = '']) {
    const { id, name } = await sourceNamed(cli, given);
    await cli.call('revenue.remove', { id });
    return { json: { id }, text: `"${name}" was removed.` };
  },
});

const enter = defineVerb({
  name: 'revenue enter',
  summary: 'Enter an amount by hand; a zero says that nothing was earned.',
  takes: ['source', 'amount'],
  options: {
    at: { type: 'string', value: '<day>', help: 'when it was earned, such as 2026-11-20; default: now' },
    note: { type: 'string', help: 'what it was for' },
  },
  example: 'tenure revenue enter Invoices 1200.00 --note "Site for Ada"',
  async run(cli, [given = '', amount = ''], values) {
    const { id } = await sourceNamed(cli, given);
    const at =
      values.at === undefined
        ? undefined
        : new Date(/^\d{4}-\d\d-\d\d$/.test(values.at) ? `${values.at}T00:00` : values.at).getTime();
    if (Number.isNaN(at)) throw new UsageError(`--at takes a day such as 2026-11-20, but got "${values.at}".`);
    const entry = await cli.call('revenue.enter', {
      id,
      amount,
      ...(at !== undefined && { at }),
      ...(values.note !== undefined && { note: values.note }),
    });
    return { json: entry, text: `${amountWords(BigInt(entry.amount), entry.asset)} was entered.` };
  },
});

const importing = defineVerb({
  name: 'revenue import',
  summary: 'Import a CSV with a date and an amount a row; the same row again is left alone.',
  takes: ['source', 'file'],
  options: { preview: { type: 'boolean', help: 'say what it would add and change nothing' } },
  example: 'tenure revenue import Invoices invoices.csv --preview',
  async run(cli, [given = '', file = ''], values) {
    const { id } = await sourceNamed(cli, given);
    const csv = await readFile(resolve(cli.cwd, file), 'utf8').catch((error: unknown) => {
      throw new UsageError(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}.`);
    });
    const report = await cli.call(values.preview ? 'revenue.previewImport' : 'revenue.import', { id, csv });
    const fresh = report.rows.length - report.known;
    const done = values.preview ? `${count(fresh, 'row')} would be added` : `${count(report.added, 'row')} added`;
    const summary = `${done}, ${report.known} known already, ${report.bad.length} not readable.`;
    const bad = report.bad.map(({ reason }) => oneLine(reason)).join('\n');
    return { json: report, text: paragraphs(summary, bad), exitCode: report.bad.length > 0 ? 1 : 0 };
  },
});

const week = defineVerb({
  name: 'revenue week',
  summary: 'Say what was earned in the last seven days, against the seven before, and beside what each project cost.',
  example: 'tenure revenue week --json',
  async run(cli) {
    const report = await cli.call('revenue.week', {});
    const projects = await cli.call('revenue.projects', {});
    const rows = report.sources.map(({ name, figure, previous, change }) => [
      name,
      figureWords(figure),
      figureWords(previous),
      changeWords(change),
    ]);
    const lines = projects.map((line) => [
      line.name,
      line.sources === 0 ? 'no source' : totalWords(line.revenue),
      line.costMicroUsd === null
        ? 'unknown'
        : `${line.costUnknown > 0 ? 'at least ' : ''}${amountWords(BigInt(line.costMicroUsd), 'USD')}`,
      line.netMicroUsd === null ? 'unknown' : amountWords(BigInt(line.netMicroUsd), 'USD'),
      line.commits === null ? 'unknown' : String(line.commits),
      line.meanScore === null ? 'unknown' : line.meanScore.toFixed(1),
      line.uptime === null ? 'unknown' : `${(line.uptime * 100).toFixed(2)} %`,
    ]);
    return {
      json: { ...report, projects },
      text: paragraphs(
        table(['source', '7 days', 'before', 'change'], rows, 'No revenue sources yet: "tenure revenue add" adds one.'),
        rows.length > 0
          ? `In all: ${totalWords(report.total)}. Before: ${totalWords(report.previous)}. ${changeWords(report.change)}`
          : null,
        table(['project', 'revenue', 'agent cost', 'net', 'commits', 'score', 'uptime'], lines, ''),
      ),
    };
  },
});

export const revenueVerbs: readonly Verb[] = [
  listing('revenue'),
  listing('revenue list'),
  add,
  test,
  enter,
  importing,
  week,
  remove,
];
