import type { Agreement, Share } from '../../../shared/contract/evaluations.ts';
import { count, percent } from '../../../shared/format.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { useMirror } from '../../mirror.ts';
import { Problem } from '../../ui/Field.tsx';
import { Facts, Nothing, Part } from '../../ui/Screen.tsx';

/** How far the judge and the scores can be relied on: against what the person said of the same sessions. */
export function AgreementPart() {
  const rated = useMirror((snapshot) => snapshot.sessions.map(({ evaluation }) => evaluation?.rating?.at ?? '').join());
  const { data, error } = useQuery('evaluations.agreement', {}, rated);
  return (
    <Part title="Agreement with you">
      <Problem text={error} />
      {data?.alarm && (
        <p role="status" className="card p-3 text-human">
          {data.alarm}
        </p>
      )}
      {data?.score.n === 0 && data.judge.n === 0 && (
        <Nothing>You have rated no session yet. A rating of 1 to 5 stands at each session's evaluation.</Nothing>
      )}
      {data && data.score.n + data.judge.n > 0 && (
        <Facts
          facts={[
            ...factsOf('The judge', data.judge),
            ...factsOf('The score', data.score),
            ['Needed for an alarm', `${count(data.least, 'rating')}; the last ${data.window} count`],
          ]}
        />
      )}
    </Part>
  );
}

const shareOf = (share: Share | null): string | null =>
  share && `${percent(share.share)} (${percent(share.low)} to ${percent(share.high)})`;

function factsOf(who: string, { n, exact, withinOne, bias }: Agreement): [string, string | null][] {
  return [
    [`${who}: compared`, count(n, 'session')],
    [`${who}: the same`, shareOf(exact)],
    [`${who}: within one point`, shareOf(withinOne)],
    [`${who}: on average`, bias === null ? null : biasOf(bias)],
  ];
}

function biasOf(bias: number): string {
  if (Math.abs(bias) < 0.05) return 'as you';
  return `${Math.abs(bias).toFixed(1)} ${bias > 0 ? 'kinder' : 'harder'} than you`;
}
