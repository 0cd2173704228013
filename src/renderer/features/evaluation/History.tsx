import type { EvaluationDetail } from '../../../shared/contract/evaluations.ts';
import { whoWords } from '../../../shared/words.ts';
import { useAct } from '../../hooks/use-act.ts';
import { useAway } from '../../hooks/use-away.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { Button } from '../../ui/Button.tsx';
import { Problem } from '../../ui/Field.tsx';
import { Part } from '../../ui/Screen.tsx';
import { Moment } from '../../ui/Time.tsx';

/** Every evaluation and rating of a session, what was seen of its work later, and which score counts. */
export function History({ sessionId, version }: { sessionId: string; version: string }) {
  const { data, error, reload } = useQuery('evaluations.get', { sessionId }, version);
  const rescore = useAct('evaluations.rescore');
  const away = useAway();
  return (
    <Part
      title="Its evaluations"
      actions={
        <Button
          kind="quiet"
          busy={rescore.busy}
          why={away}
          onClick={() => void rescore.run({ sessionId }).then((done) => done && reload())}
        >
          {rescore.busy ? 'Judging…' : 'Judge again'}
        </Button>
      }
    >
      <Problem text={rescore.error ?? error} />
      {data && (
        <>
          <ul className="card divide-y divide-line">{rowsOf(data).map(row)}</ul>
          <p className="text-small text-ink-3">
            {data.counts === null
              ? 'It counts for nothing: it is unscored.'
              : `For trust it counts ${data.counts} of 5.`}{' '}
            Judging again never changes that; your rating does.
          </p>
        </>
      )}
    </Part>
  );
}

interface Row {
  key: string;
  at: number;
  what: string;
  more: string | null;
}

const row = ({ key, at, what, more }: Row) => (
  <li key={key} className="flex flex-wrap justify-between gap-x-3 px-3 py-2">
    <span className="min-w-0 wrap-anywhere">
      {what}
      {more && <span className="text-ink-2"> {more}</span>}
    </span>
    <span className="text-ink-2">
      <Moment at={at} />
    </span>
  </li>
);

const points = (score: number | null): string => (score === null ? 'unscored' : `${score} of 5`);

/** Newest first. */
function rowsOf({ history, ratings, observations }: EvaluationDetail): Row[] {
  return [
    ...history.map(({ id, at, score, evidenceScore, requestedBy, judge }) => ({
      key: id,
      at,
      what: `${requestedBy === null ? 'Evaluated' : 'Judged again'}: ${points(score)}`,
      more: [
        evidenceScore !== score && `the evidence says ${points(evidenceScore)}`,
        judge?.state === 'answered' && `${judge.model ?? 'a model'} says ${points(judge.score)}`,
        judge?.state === 'failed' && 'the judge failed',
      ]
        .filter(Boolean)
        .join(', '),
    })),
    ...ratings.map(({ at, rating, note, by }, n) => ({
      key: `rating ${n} ${at}`,
      at,
      what: rating === null ? 'Rating taken back' : `Rated ${rating} of 5`,
      more: `by ${whoWords(by)}${note ? `: “${note}”` : ''}`,
    })),
    ...observations.map(({ kind, text, at }) => ({ key: kind, at, what: text, more: null })),
  ].toSorted((a, b) => b.at - a.at);
}
