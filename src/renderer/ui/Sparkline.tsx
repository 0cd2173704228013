const WIDTH = 60;
const HEIGHT = 16;
const LOWEST_TOP = 0.4;

interface SparklineProps {
  /** Oldest first, 0 to 1; null is a gap and drawn as one. */
  values: readonly (number | null)[];
  /** What it shows, in words. */
  label: string;
  className?: string;
}

/** A line from zero up to the highest value, at least to `LOWEST_TOP`: a quiet machine looks quiet. */
export function Sparkline({ values, label, className = '' }: SparklineProps) {
  return (
    <svg
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
      className={`text-work ${className}`}
    >
      <path
        d={pathOf(values)}
        fill="none"
        stroke="currentColor"
        strokeWidth="1.4"
        strokeLinecap="round"
        strokeLinejoin="round"
        vectorEffect="non-scaling-stroke"
      />
    </svg>
  );
}

/** The path through the values, lifted anew after each gap. One value alone is a point. */
export function pathOf(values: readonly (number | null)[]): string {
  const top = Math.max(LOWEST_TOP, ...values.map((value) => Math.min(1, value ?? 0)));
  const step = WIDTH / Math.max(1, values.length - 1);
  let pen = 'M';
  let path = '';
  for (const [n, value] of values.entries()) {
    if (value === null) {
      pen = 'M';
      continue;
    }
    const y = HEIGHT - 1 - (Math.min(1, Math.max(0, value)) / top) * (HEIGHT - 2);
    path += `${pen}${round(n * step)} ${round(y)}`;
    if (pen === 'M') path += 'h0';
    pen = 'L';
  }
  return path;
}

const round = (n: number) => Math.round(n * 10) / 10;
