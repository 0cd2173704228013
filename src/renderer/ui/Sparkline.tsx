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

/** A line from zero up to the highest value, at least to `LOWEST_TOP`: a quiet machine looks quiet. The newest value is a dot. */
export function Sparkline({ values, label, className = '' }: SparklineProps) {
  return (
    <svg
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
      className={`overflow-visible text-work ${className}`}
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
      <path
        d={newestOf(values)}
        stroke="currentColor"
        strokeWidth="3.4"
        strokeLinecap="round"
        vectorEffect="non-scaling-stroke"
      />
    </svg>
  );
}

/** The path through the values, lifted anew after each gap. One value alone is a point. */
export function pathOf(values: readonly (number | null)[]): string {
  let pen = 'M';
  let path = '';
  for (const at of placesOf(values)) {
    path += at === null ? '' : `${pen}${at}`;
    if (pen === 'M' && at !== null) path += 'h0';
    pen = at === null ? 'M' : 'L';
  }
  return path;
}

/** A point at the newest value; nothing where it was not measured. */
function newestOf(values: readonly (number | null)[]): string {
  const at = placesOf(values).at(-1) ?? null;
  return at === null ? '' : `M${at}h0`;
}

/** Where each value lies. */
function placesOf(values: readonly (number | null)[]): (string | null)[] {
  const top = Math.max(LOWEST_TOP, ...values.map((value) => Math.min(1, value ?? 0)));
  const step = WIDTH / Math.max(1, values.length - 1);
  return values.map((value, n) => {
    if (value === null) return null;
    const y = HEIGHT - 1 - (Math.min(1, Math.max(0, value)) / top) * (HEIGHT - 2);
    return `${round(n * step)} ${round(y)}`;
  });
}

const round = (n: number) => Math.round(n * 10) / 10;
