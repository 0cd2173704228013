import type { Risk } from '../../../shared/policy.ts';
import { RISK_NAMES } from '../../../shared/words.ts';

/** The risk as a word; what is grave stands out, the rest does not. */
export function RiskChip({ risk }: { risk: Risk }) {
  const look =
    risk === 'critical'
      ? 'bg-bad-soft text-bad'
      : risk === 'high'
        ? 'bg-human-soft text-human'
        : 'bg-sunken text-ink-2';
  return (
    <span className={`shrink-0 rounded-[4px] px-1.5 text-small font-strong ${look}`}>
      {RISK_NAMES[risk]}
      <span className="sr-only"> risk</span>
    </span>
  );
}
