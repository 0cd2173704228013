import type { Agreement, EvaluationDetail, EvaluationRecord, Share } from '../../shared/contract/evaluations.ts';
import { count, percent, when } from '../../shared/format.ts';
import { projectFilter } from '../project-ref.ts';
import { list, oneLine, paragraphs, readable, table } from '../text.ts';
import { defineVerb, UsageError, wholeNumber } from '../verb.ts';

const points = (score: number | null): string => (score === null ? 'unscored' : `${score} of 5`);

export const evaluationsList = defineVerb({
  name: 'evaluations list',
  summary: 'List evaluated sessions with their scores and what should come next.',
  options: {
    project: { type: 'string', value: '<project>', help: 'only of that project' },
    limit: { type: 'string', value: '<number>', help: 'the newest so many; default 50' },
  },
  example: 'tenure evaluations list --project shop --json',
  async run(cli, _given, values) {
    const limit = wholeNumber(values.limit, 'limit', 1, 1_000) ?? 50;
    const found = await cli.call('evaluations.list', { limit, ...(await projectFilter(cli, values.project)) });
    const now = cli.now();
    const rows = found.map(({ sessionId, project: name, evaluation }) => [
      sessionId,
      name,
      when(evaluation.at, now),
      points(evaluation.score),
      evaluation.rating === null ? '–' : points(evaluation.rating.rating),
      evaluation.recommendation ?? 'unknown',
      evaluation.reason,
    ]);
    const head = ['session', 'project', 'evaluated', 'score', 'yours', 'next', 'why'];
    return { json: found, text: table(head, rows, 'No session was evaluated yet.') };
  },
});

/** A detail as a page for a person: the newest evaluation with its steps, then what came before it. */
export function describeEvaluations(detail: EvaluationDetail, now: number): string {
  const [newest, ...older] = detail.history;
  const [rating] = detail.ratings;
  return paragraphs(
    list([
      ['Session', `${detail.sessionId} on ${oneLine(detail.project)}`],
      ['Counts for trust', points(detail.counts)],
      ['Your rating', rating ? `${points(rating.rating)}${rating.note ? `: ${oneLine(rating.note)}` : ''}` : 'none'],
    ]),
    newest ? describe(newest, now) : 'It was not evaluated yet.',
    older.length > 0
      ? table(
          ['earlier', 'score', 'by'],
          older.map((one) => [when(one.at, now), points(one.score), one.requestedBy ?? 'Tenure itself']),
          '',
        )
      : null,
    detail.observations.map((one) => `${when(one.at, now)}: ${readable(one.text)}`).join('\n') || null,
  );
}

const setUpOf = ({ setUp }: NonNullable<EvaluationRecord['evidence']['verify']>): string =>
  setUp ? ` (set up in ${(setUp.durationMs / 1_000).toFixed(1)} s)` : '';

function describe(record: EvaluationRecord, now: number): string {
  const { judge, dimensions, evidence } = record;
  const verify = (result: typeof evidence.verify): string =>
    result === null
      ? 'not run'
      : `${result.timedOut ? 'timed out' : `exit code ${result.exitCode ?? 'unknown'}`}${setUpOf(result)}`;
  const sentences = (name: string, some: readonly string[]): string | null =>
    some.length === 0 ? null : [`${name}:`, ...some.map((one) => `- ${readable(one)}`)].join('\n');
  return paragraphs(
    list([
      ['Score', `${points(record.score)}, ${when(record.at, now)}`],
      ['By the evidence', points(record.evidenceScore)],
      ['Next', record.recommendation],
      ['Verify', `before: ${verify(evidence.verifyBefore)}, after: ${verify(evidence.verify)}`],
      ['Judge', judge && [judge.state, judge.model, judge.detail && oneLine(judge.detail)].filter(Boolean).join(', ')],
      [
        'Dimensions',
        dimensions &&
          Object.entries(dimensions)
            .map(([name, value]) => `${name} ${value}`)
            .join(', '),
      ],
    ]),
    [readable(record.reason), ...evidence.steps.map((step) => `- ${readable(step)}`)].join('\n'),
    sentences('Accomplished', record.accomplishments),
    sentences('Failed', record.failures),
    sentences('Open', record.openQuestions),
    sentences(
      'To look at',
      evidence.flags.map(({ text, paths }) => [text, paths.join(', ')].filter(Boolean).join(' ')),
    ),
    judge?.reasoning ? `The judge said (its words, not ours):\n${readable(judge.reasoning)}` : null,
  );
}

export const evaluationsShow = defineVerb({
  name: 'evaluations show',
  summary: 'Show how a session was evaluated: every step, flag, judgement, rating and later observation.',
  takes: ['session'],
  example: 'tenure evaluations show ses_k3v9',
  async run(cli, [sessionId = '']) {
    const detail = await cli.call('evaluations.get', { sessionId });
    return { json: detail, text: describeEvaluations(detail, cli.now()) };
  },
});

export const evaluationsRate = defineVerb({
  name: 'evaluations rate',
  summary: "Rate a session's work 1 to 5; your rating counts for trust instead of the score.",
  takes: ['session', 'rating?'],
  options: {
    note: { type: 'string', help: 'why, in a sentence' },
    'take-back': { type: 'boolean', help: 'take your rating back: the score counts again' },
  },
  example: 'tenure evaluations rate ses_k3v9 4 --note "Works, but slow"',
  async run(cli, [sessionId = '', given = ''], values) {
    const back = values['take-back'] ?? false;
    if (back === (given !== '')) throw new UsageError('Give a rating from 1 to 5, or --take-back.');
    const rating = back ? null : (wholeNumber(given, 'rating', 1, 5) ?? null);
    const note = values.note === undefined ? {} : { note: values.note };
    const detail = await cli.call('evaluations.rate', { sessionId, rating, ...note });
    return { json: detail, text: `For trust it counts ${points(detail.counts)}.` };
  },
});

export const evaluationsRescore = defineVerb({
  name: 'evaluations rescore',
  summary: 'Judge a session again by the evidence that is stored: a further row; trust stays as it is.',
  takes: ['session'],
  example: 'tenure evaluations rescore ses_k3v9',
  async run(cli, [sessionId = '']) {
    const detail = await cli.call('evaluations.rescore', { sessionId });
    return { json: detail, text: describeEvaluations(detail, cli.now()) };
  },
});

export const evaluationsAgreement = defineVerb({
  name: 'evaluations agreement',
  summary: 'Show how far the judge and the scores agree with your ratings.',
  example: 'tenure evaluations agreement --json',
  async run(cli) {
    const report = await cli.call('evaluations.agreement', {});
    const share = (one: Share | null): string =>
      one === null ? 'unknown' : `${percent(one.share)} (${percent(one.low)} to ${percent(one.high)})`;
    const words = ({ n, exact, withinOne, bias }: Agreement): string =>
      n === 0
        ? 'no session has both'
        : `${count(n, 'session')}, the same in ${share(exact)}, within one point in ${share(withinOne)}, on average ${bias === null ? 'unknown' : bias.toFixed(1)} above you`;
    return {
      json: report,
      text: paragraphs(
        list([
          ['Judge', words(report.judge)],
          ['Score', words(report.score)],
          ['Lately', words(report.recent)],
        ]),
        report.alarm,
      ),
      exitCode: report.alarm === null ? 0 : 1,
    };
  },
});
