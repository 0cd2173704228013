import type { EvaluationView } from '../../shared/contract/evidence.ts';

const STEPS = [1, 2, 3, 4, 5];

/** One to five as dots with their words; `unscored` in words, because nothing is not a low score. */
export function Score({ evaluation }: { evaluation: EvaluationView | null }) {
  if (!evaluation) return null;
  const { score, reason } = evaluation;
  if (score === null) {
    return (
      <span className="text-small text-ink-3" title={reason}>
        unscored
      </span>
    );
  }
  return (
    <span title={reason} className="flex shrink-0">
      <svg viewBox="0 0 46 8" role="img" aria-label={`scored ${score} of 5`} className="h-2 w-11.5">
        {STEPS.map((step) => (
          <circle
            key={step}
            cx={4 + (step - 1) * 9.5}
            cy="4"
            r="3.5"
            className={step <= score ? 'fill-trust' : 'fill-track'}
          />
        ))}
      </svg>
    </span>
  );
}
