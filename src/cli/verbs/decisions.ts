import type { Decision } from '../../shared/contract/decisions.ts';
import { DENY_REASONS } from '../../shared/deny-words.ts';
import { remaining } from '../../shared/format.ts';
import { actWords, RISK_NAMES, settled } from '../../shared/words.ts';
import { list, oneLine, paragraphs, readable, table } from '../text.ts';
import { defineVerb, oneOf, wholeNumber } from '../verb.ts';
import { DENY_CODES } from './answering.ts';

const HEAD = ['id', 'risk', 'action', 'state'] as const;

/** `12:40 left`, or how it was settled. */
function stateOf(decision: Decision, now: number): string {
  if (decision.state !== 'pending') return settled(decision);
  return decision.deadline === null ? 'Waiting for you' : `Waiting for you, ${remaining(decision.deadline - now)} left`;
}

export function decisionTable(decisions: readonly Decision[], now: number, empty: string): string {
  const rows = decisions.map((d) => [d.id, RISK_NAMES[d.risk], actWords(d.action), stateOf(d, now)]);
  return table(HEAD, rows, empty);
}

/** Word for word; what a file tool replaces is told from what it writes. */
function exactly({ detail, changes = [] }: Decision['action']): string {
  if (changes.length === 0) return readable(detail);
  const marked = (mark: string, text: string | null) =>
    text === null ? [] : text.split('\n').map((line) => `${mark} ${line}`);
  const lines = changes.flatMap(({ before, after }) => [...marked('−', before), ...marked('+', after)]);
  return readable([detail.split('\n')[0] ?? '', ...lines].join('\n'));
}

/** What a person must have seen before an answer. */
function describe(decision: Decision, now: number): string {
  return list([
    ['Decision', decision.id],
    ['State', stateOf(decision, now)],
    ['Action', oneLine(actWords(decision.action))],
    ['Exactly', exactly(decision.action)],
    ['In', oneLine(decision.action.cwd)],
    ['Risk', RISK_NAMES[decision.risk]],
    ['Urgency', `${decision.urgency}${decision.escalations > 0 ? `, asked again ${decision.escalations}×` : ''}`],
    ['Because', decision.reasons.map(({ text }) => readable(text)).join(' ')],
    ['Session', `${decision.sessionId} on ${oneLine(decision.project)}`],
  ]);
}

export const decisions = defineVerb({
  name: 'decisions',
  summary: 'List what waits for you.',
  options: {
    all: { type: 'boolean', help: 'answered ones and those that the gate made by itself too' },
    session: { type: 'string', value: '<id>', help: 'only of that session' },
    limit: { type: 'string', value: '<number>', help: 'the newest so many' },
  },
  example: 'tenure decisions --all --limit 20',
  async run(cli, _given, values) {
    const limit = wholeNumber(values.limit, 'limit', 1, 1_000);
    const found = await cli.call('decisions.list', {
      ...(values.all !== undefined && { all: values.all }),
      ...(values.session !== undefined && { sessionId: values.session }),
      ...(limit !== undefined && { limit }),
    });
    const now = cli.now();
    const pending = found.filter(({ state }) => state === 'pending');
    const rest = found.filter(({ state }) => state !== 'pending');
    const text = paragraphs(
      ...pending.map((decision) => describe(decision, now)),
      rest.length > 0 ? decisionTable(rest, now, '') : null,
    );
    return { json: found, text: text || 'Nothing waits for you.' };
  },
});

export const approve = defineVerb({
  name: 'approve',
  summary: 'Approve a decision; one of high risk needs --acknowledge, a critical one the second step --confirm.',
  takes: ['decision'],
  options: {
    acknowledge: { type: 'boolean', help: 'you have seen what an action of high risk does' },
    confirm: { type: 'boolean', help: 'the second step of a critical action' },
  },
  example: 'tenure approve dec_4k2m',
  async run(cli, [id = ''], values) {
    const decision = await cli.call('decisions.approve', {
      id,
      ...(values.acknowledge && { acknowledge: true }),
      ...(values.confirm && { confirm: true }),
    });
    return { json: decision, text: describe(decision, cli.now()) };
  },
});

export const deny = defineVerb({
  name: 'deny',
  summary: 'Deny a decision; the reason reaches the agent.',
  takes: ['decision'],
  options: {
    code: { type: 'string', help: `the kind of the no: ${DENY_CODES}` },
    reason: { type: 'string', help: 'what the agent is told' },
  },
  example: 'tenure deny dec_4k2m --reason "Use the fixture, not the live database."',
  async run(cli, [id = ''], values) {
    const reason = values.reason === undefined ? {} : { reason: values.reason };
    const code = oneOf(values.code, 'code', DENY_REASONS);
    const decision = await cli.call('decisions.deny', { id, ...reason, ...(code !== undefined && { code }) });
    return { json: decision, text: describe(decision, cli.now()) };
  },
});
