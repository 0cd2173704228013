import type { AgentView } from '../../../shared/contract/agents.ts';
import { TOP_SCORE } from '../../../shared/tiers.ts';
import { Sparkline } from '../../ui/Sparkline.tsx';

/** How the score went over two weeks, one figure a day. */
export function Trend({ trend }: { trend: AgentView['trend'] }) {
  const [first, last] = [trend[0]?.score, trend.at(-1)?.score];
  const way = first === last ? 'as it was' : `from ${first} to ${last}`;
  return (
    <Sparkline
      values={trend.map(({ score }) => score / TOP_SCORE)}
      label={`Score over two weeks: ${way}`}
      className="h-4 w-16"
    />
  );
}
