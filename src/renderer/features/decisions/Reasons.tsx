import type { Reason } from '../../../shared/contract/decisions.ts';
import { count } from '../../../shared/format.ts';

/** Why it is asked: the first reason, the others on demand. */
export function Reasons({ reasons }: { reasons: readonly Reason[] }) {
  const [first, ...others] = reasons;
  if (!first) return null;
  return (
    <div className="text-ink-2">
      <p>{first.text}</p>
      {others.length > 0 && (
        <details className="mt-0.5">
          <summary className="link inline text-small text-ink-3">{count(others.length, 'more reason')}</summary>
          <ReasonList reasons={others} />
        </details>
      )}
    </div>
  );
}

export function ReasonList({ reasons }: { reasons: readonly Reason[] }) {
  return (
    <ul className="mt-1 flex flex-col gap-0.5">
      {reasons.map((reason) => (
        <li key={`${reason.code} ${reason.text}`}>{reason.text}</li>
      ))}
    </ul>
  );
}
