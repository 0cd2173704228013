import type { Reason } from '../../../shared/contract/decisions.ts';
import { count } from '../../../shared/format.ts';

const SHOWN = 2;

/** Why it is asked: the first two reasons, the others on demand. */
export function Reasons({ reasons }: { reasons: readonly Reason[] }) {
  const others = reasons.slice(SHOWN);
  if (reasons.length === 0) return null;
  return (
    <div className="text-ink-2">
      <p>
        {reasons
          .slice(0, SHOWN)
          .map(({ text }) => text)
          .join(' ')}
      </p>
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
