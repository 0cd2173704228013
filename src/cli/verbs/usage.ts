import type { BudgetLimit, Limits, Usage, UsageSum } from '../../shared/contract/usage.ts';
import { absolute, count, percent, short } from '../../shared/format.ts';
import { costWords } from '../../shared/usage-words.ts';
import { projectFilter, projectNamed } from '../project-ref.ts';
import { list, oneLine, paragraphs, table } from '../text.ts';
import { defineVerb, UsageError, wholeNumber } from '../verb.ts';

const tokens = (n: number | null): string => (n === null ? 'unknown' : short(n));
const cells = (sum: UsageSum): string[] => [
  String(sum.runs),
  tokens(sum.inputTokens),
  tokens(sum.outputTokens),
  costWords(sum),
];
const HEAD = ['runs', 'in', 'out', 'list price'];

function describe(usage: Usage): string {
  const days = usage.byDay.filter(({ runs }) => runs > 0).toReversed();
  const budgets = usage.budgets.map(({ sentence }) => oneLine(sentence)).join('\n');
  return paragraphs(
    list([
      [`Last ${count(usage.days, 'day')}`, `${count(usage.total.runs, 'run')}, ${costWords(usage.total)}`],
      ['Days begin in', usage.timezone],
    ]),
    budgets || null,
    table(
      ['day', ...HEAD],
      days.map((day) => [day.day, ...cells(day)]),
      'Nothing has run in these days.',
    ),
    table(
      ['project', ...HEAD],
      usage.byProject.map((row) => [row.name, ...cells(row)]),
      '',
    ),
    table(
      ['model', ...HEAD],
      usage.byModel.map((row) => [row.model, ...cells(row)]),
      '',
    ),
  );
}

const usage = defineVerb({
  name: 'usage',
  summary: 'Show tokens and list-price cost by day, project and model, and what is left of budgets.',
  options: {
    days: { type: 'string', value: '<n>', help: 'how many days back, today included; default 30' },
    project: { type: 'string', value: '<project>', help: 'one project alone' },
  },
  example: 'tenure usage --days 7 --project shop',
  async run(cli, _given, values) {
    const days = wholeNumber(values.days, 'days', 1, 366);
    const found = await cli.call('usage.summary', {
      ...(days !== undefined && { days }),
      ...(await projectFilter(cli, values.project)),
    });
    return { json: found, text: describe(found) };
  },
});

/** `5`, `5.50` dollars or `none`. @throws UsageError */
function dollarsOf(text: string | undefined, option: string): number | null | undefined {
  if (text === undefined) return undefined;
  if (text === 'none') return null;
  const usd = Number(text);
  if (/^\d+(\.\d+)?$/.test(text) && usd > 0) return usd;
  throw new UsageError(`--${option} takes dollars above 0 or "none", but got "${text}".`);
}

function tokensOf(text: string | undefined, option: string): number | null | undefined {
  if (text === 'none') return null;
  const n = wholeNumber(text, option, 1, Number.MAX_SAFE_INTEGER);
  return n;
}

const merged = (was: BudgetLimit | null, usd?: number | null, most?: number | null): BudgetLimit | null => {
  const next = {
    usd: usd === undefined ? (was?.usd ?? null) : usd,
    tokens: most === undefined ? (was?.tokens ?? null) : most,
  };
  return next.usd === null && next.tokens === null ? null : next;
};

const usageBudget = defineVerb({
  name: 'usage budget',
  summary: "Show or set a project's own budgets. Those of everything stand in the configuration.",
  takes: ['project'],
  options: {
    session: { type: 'string', value: '<dollars>', help: 'for each session; "none" takes it away' },
    'session-tokens': { type: 'string', value: '<n>', help: 'the same in tokens' },
    day: { type: 'string', value: '<dollars>', help: 'for all its sessions of a day' },
    'day-tokens': { type: 'string', value: '<n>', help: 'the same in tokens' },
  },
  example: 'tenure usage budget shop --session 2 --day 10',
  async run(cli, [ref = ''], values) {
    const { id: projectId } = await projectNamed(cli, ref);
    const was = await cli.call('usage.projectBudgets', { projectId });
    const next = {
      projectId,
      session: merged(
        was.session,
        dollarsOf(values.session, 'session'),
        tokensOf(values['session-tokens'], 'session-tokens'),
      ),
      day: merged(was.day, dollarsOf(values.day, 'day'), tokensOf(values['day-tokens'], 'day-tokens')),
    };
    const asked = Object.values(values).some((value) => value !== undefined);
    const now = asked ? await cli.call('usage.setBudgets', next) : was;
    const words = (limit: BudgetLimit | null): string =>
      limit === null
        ? "the configuration's"
        : [limit.usd && `$${limit.usd}`, limit.tokens && `${limit.tokens} tokens`].filter(Boolean).join(' or ');
    return {
      json: now,
      text: list([
        ['Each session', words(now.session)],
        ['A day', words(now.day)],
      ]),
    };
  },
});

function describeLimits({ reached, windows }: Limits): string {
  return paragraphs(
    reached?.sentence ?? 'No limit is known to be reached.',
    table(
      ['window', 'state', 'used', 'resets', 'reported'],
      windows.map((w) => [
        w.label,
        w.status,
        percent(w.utilization),
        w.resetsAt === null ? 'unknown' : absolute(w.resetsAt),
        absolute(w.seenAt),
      ]),
      'No windows were reported: only a subscription has them, and only once a session has run.',
    ),
  );
}

const limits = defineVerb({
  name: 'limits',
  summary: "Show the windows of the agent's subscription as far as they were reported.",
  example: 'tenure limits --json',
  async run(cli) {
    const found = await cli.call('limits.current', {});
    return { json: found, text: describeLimits(found) };
  },
});

export const usageVerbs = [usage, usageBudget, limits];
