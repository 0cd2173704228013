import type { Decision } from '../../../shared/contract/decisions.ts';
import type { Finding, Vote } from '../../../shared/contract/tribunal.ts';
import { percent } from '../../../shared/format.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { Problem } from '../../ui/Field.tsx';

const VOTES: Readonly<Record<Vote['vote'], string>> = { yes: 'Yes', no: 'No', abstain: 'Abstained', failed: 'No vote' };
const FINDINGS: Readonly<Record<Finding, string>> = {
  unanimous: 'The tribunal agreed unanimously.',
  majority: 'A majority of the tribunal agreed.',
  split: 'The tribunal did not agree.',
  missing: 'The tribunal had too few votes.',
};

/** How the validators voted, and why; nothing where none sat. */
export function Tribunal({ decision: { id, tribunal } }: { decision: Pick<Decision, 'id' | 'tribunal'> }) {
  return tribunal === null ? null : <Votes id={id} state={tribunal} />;
}

function Votes({ id, state }: { id: string; state: NonNullable<Decision['tribunal']> }) {
  const { data, error } = useQuery('tribunal.get', { decisionId: id }, state);
  if (!data) return <Problem text={error} />;
  return (
    <section aria-label="Tribunal" className="flex flex-col gap-1 text-ink-2">
      <p>{data.finding === null ? 'The tribunal looks at it.' : FINDINGS[data.finding]}</p>
      <ul className="flex flex-col gap-0.5">
        {data.votes.map(({ validator, vote, confidence, reasoning }) => (
          <li key={validator} className="wrap-anywhere">
            <span className="font-strong">{VOTES[vote]}</span> · {validator}
            {(vote === 'yes' || vote === 'no') && confidence < 1 && ` (${percent(confidence)})`}: {reasoning}
          </li>
        ))}
      </ul>
    </section>
  );
}
