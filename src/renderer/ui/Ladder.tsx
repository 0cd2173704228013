import { LEVELS, type Level } from '../../shared/policy.ts';

/** The mark: four steps, filled as far as the level. The word stands beside it. */
export function Ladder({ level, className = 'h-5 w-6' }: { level: Level | null; className?: string }) {
  const reached = level === null ? -1 : LEVELS.indexOf(level);
  return (
    <svg viewBox="0 0 24 20" aria-hidden="true" className={`shrink-0 ${className}`}>
      {LEVELS.map((step, n) => (
        <rect
          key={step}
          x={n * 6.4}
          y={14 - n * 4.6}
          width="4.6"
          height={6 + n * 4.6}
          rx="1.4"
          className={n <= reached ? 'fill-trust' : 'fill-track'}
        />
      ))}
    </svg>
  );
}
