/** Down: something opens here. */
export function Chevron({ className = '' }: { className?: string }) {
  return (
    <svg viewBox="0 0 8 5" aria-hidden="true" className={`h-1.5 w-2 ${className}`}>
      <path d="m1 1 3 3 3-3" fill="none" stroke="currentColor" strokeWidth="1.4" strokeLinecap="round" />
    </svg>
  );
}

/** Chosen. */
export function Tick() {
  return (
    <svg viewBox="0 0 10 8" aria-hidden="true" className="h-2 w-2.5">
      <path
        d="m1 4.2 2.7 2.6L9 1.2"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.6"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
