import type { StandingRule } from '../../shared/contract/standing.ts';
import { TenureError } from '../../shared/errors.ts';
import { absolute } from '../../shared/format.ts';
import { patternWords } from '../../shared/pattern-words.ts';
import { projectFilter } from '../project-ref.ts';
import { oneLine, paragraphs, table } from '../text.ts';
import { type Cli, defineVerb, wholeNumber } from '../verb.ts';

const DAY_MS = 86_400_000;

const stateOf = (rule: StandingRule, now: number): string => {
  if (rule.revokedAt !== null) return `revoked ${absolute(rule.revokedAt)}`;
  if (rule.expiresAt === null) return 'until revoked';
  return `${rule.expiresAt <= now ? 'ended' : 'until'} ${absolute(rule.expiresAt)}`;
};

function ruleTable(rules: readonly StandingRule[], now: number): string {
  const rows = rules.map((rule) => [
    rule.id,
    rule.effect,
    oneLine(patternWords(rule.pattern)),
    rule.project,
    stateOf(rule, now),
    `used ${rule.uses}×`,
  ]);
  return table(['id', 'effect', 'action', 'project', 'state', 'uses'], rows, 'There are no standing rules.');
}

export const rules = defineVerb({
  name: 'rules',
  summary: 'List what you have allowed or forbidden for good.',
  options: {
    project: { type: 'string', value: '<name>', help: 'only of that project' },
    all: { type: 'boolean', help: 'revoked and ended ones too' },
  },
  example: 'tenure rules --project shop',
  async run(cli, _given, values) {
    const found = await cli.call('rules.list', {
      ...(await projectFilter(cli, values.project)),
      ...(values.all && { all: true }),
    });
    return { json: found, text: ruleTable(found, cli.now()) };
  },
});

/** The pattern that the person means: the narrowest unless a wider one is named by its number. */
async function patternOf(cli: Cli, decisionId: string, number: number) {
  const { patterns, why } = await cli.call('rules.draft', { decisionId });
  const pattern = patterns[number - 1];
  if (pattern) return pattern;
  if (why !== null) throw new TenureError('refused', `No rule can be made of this decision: ${why}`);
  const choices = patterns.map((one, at) => `${at + 1}: ${patternWords(one)}`).join('; ');
  throw new TenureError('invalid', `There is no pattern ${number}; this decision offers ${choices}.`);
}

export const rulesAdd = defineVerb({
  name: 'rules add',
  summary: 'Allow (or forbid) for good, on its project, what a decision was about.',
  takes: ['decision'],
  options: {
    deny: { type: 'boolean', help: 'forbid it instead' },
    pattern: { type: 'string', value: '<number>', help: '1: exactly this (default); 2 and up: wider ones' },
    days: { type: 'string', value: '<number>', help: 'the rule ends after so many days' },
    preview: { type: 'boolean', help: 'only say what it would have matched in the last 30 days' },
  },
  example: 'tenure rules add dec_4k2m --pattern 2 --preview',
  async run(cli, [decisionId = ''], values) {
    const number = wholeNumber(values.pattern, 'pattern', 1, 9) ?? 1;
    const days = wholeNumber(values.days, 'days', 1, 365);
    const pattern = await patternOf(cli, decisionId, number);
    const { projectId } = await cli.call('rules.draft', { decisionId });
    const draft = { projectId, effect: values.deny ? ('deny' as const) : ('allow' as const), pattern };
    const seen = await cli.call('rules.preview', draft);
    const words = `It matches ${seen.matched} of the last ${seen.compared} decisions of 30 days; ${seen.asked} of them asked you.`;
    if (values.preview) {
      const samples = seen.samples.map((one) => [one.decisionId, oneLine(one.summary), one.state]);
      return {
        json: { ...draft, preview: seen },
        text: paragraphs(
          oneLine(patternWords(pattern)),
          words,
          samples.length > 0 ? table(['id', 'action', 'state'], samples, '') : null,
        ),
      };
    }
    const rule = await cli.call('rules.add', { ...draft, ...(days !== undefined && { expiresInMs: days * DAY_MS }) });
    return { json: rule, text: paragraphs(ruleTable([rule], cli.now()), words) };
  },
});

export const rulesRevoke = defineVerb({
  name: 'rules revoke',
  summary: 'Take a standing rule back.',
  takes: ['rule'],
  example: 'tenure rules revoke rul_8d1c',
  async run(cli, [id = '']) {
    const rule = await cli.call('rules.revoke', { id });
    return { json: rule, text: ruleTable([rule], cli.now()) };
  },
});

export const decisionWrong = defineVerb({
  name: 'decisions wrong',
  summary: 'Say that the gate should not have let something through by itself.',
  takes: ['decision'],
  options: { reason: { type: 'string', help: 'why' } },
  example: 'tenure decisions wrong dec_4k2m --reason "That file is generated."',
  async run(cli, [id = ''], values) {
    const decision = await cli.call('decisions.markWrong', {
      id,
      ...(values.reason !== undefined && { reason: values.reason }),
    });
    return {
      json: decision,
      text: `Noted: ${oneLine(decision.action.summary)} should not have been let through. What was recorded stays.`,
    };
  },
});
