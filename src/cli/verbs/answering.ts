import { DENY_REASONS } from '../../shared/deny-words.ts';
import { absolute, count, span, when } from '../../shared/format.ts';
import { whoWords } from '../../shared/words.ts';
import { oneLine, paragraphs, readable, table } from '../text.ts';
import { quietFor } from '../until.ts';
import { defineVerb, oneOf, UsageError, type Verb } from '../verb.ts';

/** The kinds of a no, for the help. */
export const DENY_CODES = DENY_REASONS.join(', ');

const undo = defineVerb({
  name: 'undo',
  summary: 'Take an answer back that the agent has not got yet; the question waits again.',
  takes: ['decision'],
  example: 'tenure undo dec_4k2m',
  async run(cli, [id = '']) {
    const undone = await cli.call('decisions.undo', { id });
    return { json: undone, text: `${id} waits for you again.` };
  },
});

const quiet = defineVerb({
  name: 'decision snooze',
  summary: 'Keep a question quiet for a while; its deadline stays.',
  takes: ['decision', 'until?'],
  options: { minutes: { type: 'string', value: '<1-1440>', help: '15 unless given' } },
  example: 'tenure decision snooze dec_4k2m "in 2h"',
  async run(cli, [id = '', until = ''], values) {
    const ms = await quietFor(until, values.minutes, cli.now());
    const snoozed = await cli.call('decisions.snooze', { id, ...(ms !== undefined && { ms }) });
    return { json: snoozed, text: `${id} is quiet until ${when(snoozed.until, cli.now())}.` };
  },
});

const alike = defineVerb({
  name: 'answer-alike',
  summary: 'Answer a question and every other that asks the very same; each is checked and recorded by itself.',
  takes: ['decision'],
  options: {
    approve: { type: 'boolean', help: 'yes to all of them' },
    acknowledge: { type: 'boolean', help: 'of a yes to high risk: you have seen what they do' },
    deny: { type: 'boolean', help: 'no to all of them' },
    code: { type: 'string', help: `of a no: ${DENY_CODES}` },
    reason: { type: 'string', help: 'what the agents are told' },
  },
  example: 'tenure answer-alike dec_4k2m --approve',
  async run(cli, [id = ''], values) {
    if ((values.approve ?? false) === (values.deny ?? false))
      throw new UsageError('"tenure answer-alike" takes either --approve or --deny.');
    const code = oneOf(values.code, 'code', DENY_REASONS);
    const result = await cli.call('decisions.answerAlike', {
      id,
      answer: values.approve ? 'approve' : 'deny',
      ...(values.acknowledge && { acknowledge: true }),
      ...(code !== undefined && { code }),
      ...(values.reason !== undefined && { reason: values.reason }),
    });
    const refused = result.refused.map((one) => `${one.id}: ${one.why}`);
    return {
      json: result,
      text: paragraphs(`${count(result.answered.length, 'question')} answered.`, refused.join('\n') || null),
      exitCode: result.refused.length > 0 ? 1 : 0,
    };
  },
});

const abort = defineVerb({
  name: 'abort',
  summary: 'Emergency: end an action that runs, with its whole session; takes the second step --confirm.',
  takes: ['decision'],
  options: { confirm: { type: 'boolean', help: 'the second step' } },
  example: 'tenure abort dec_4k2m --confirm',
  async run(cli, [id = ''], values) {
    const report = await cli.call('decisions.abort', { id, ...(values.confirm && { confirm: true }) });
    return {
      json: report,
      text: report.stopped
        ? `Aborted: every process of session ${report.sessionId} is gone after ${span(report.tookMs)}.`
        : `Aborted, but pid ${report.stillAlive.join(', ')} of session ${report.sessionId} is still alive: end it by hand.`,
      exitCode: report.stopped ? 0 : 1,
    };
  },
});

const log = defineVerb({
  name: 'decision log',
  summary: 'What was done about a decision, and by whom.',
  takes: ['decision'],
  example: 'tenure decision log dec_4k2m',
  async run(cli, [id = '']) {
    const acts = await cli.call('decisions.acts', { id });
    const rows = acts.map(({ at, by, act, detail }) => [
      absolute(at),
      act.replaceAll('_', ' '),
      oneLine(whoWords(by)),
      oneLine(detail ?? ''),
    ]);
    return { json: acts, text: table(['at', 'what', 'by', 'detail'], rows, 'Nothing was done about it yet.') };
  },
});

const alerts = defineVerb({
  name: 'decision alerts',
  summary: 'What the gate found out of order.',
  options: {
    all: { type: 'boolean', help: 'those that are over or were seen too' },
    seen: { type: 'string', value: '<alert>', help: 'acknowledge one' },
  },
  example: 'tenure decision alerts',
  async run(cli, _given, values) {
    if (values.seen !== undefined) {
      const alert = await cli.call('analytics.acknowledge', { id: values.seen });
      return { json: alert, text: `Seen: ${alert.text}` };
    }
    const found = await cli.call('analytics.alerts', { ...(values.all && { all: true }) });
    const rows = found.map(({ id, severity, subject, text }) => [id, severity, subject, readable(text)]);
    return { json: found, text: table(['id', 'severity', 'about', 'what'], rows, 'Nothing is out of order.') };
  },
});

/** What is done about decisions beside yes and no. */
export const answeringVerbs: readonly Verb[] = [undo, quiet, alike, abort, log, alerts];
