/** The shape of rows that are on their way. It shows only when that takes long enough to be seen, and never turns. */
export function Skeleton({ rows = 4, label = 'Loading' }: { rows?: number; label?: string }) {
  return (
    <div role="status" aria-busy="true" aria-label={label} className="late card divide-y divide-line">
      {Array.from({ length: rows }, (_, n) => (
        <div key={n} className="flex min-h-11.5 items-center gap-3 px-3">
          <span className="skeleton size-2.5" />
          <span className="skeleton h-2.5" data-width={n % 3} />
        </div>
      ))}
    </div>
  );
}
