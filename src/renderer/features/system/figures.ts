import type { SystemSample } from '../../../shared/contract/system.ts';
import { absolute, bytes, percent } from '../../../shared/format.ts';

export interface Figure {
  name: string;
  value: string;
  /** The whole truth on hover. */
  words: string;
}

/** CPU, memory and disk as of the newest sample; what could not be measured is unknown. */
export function figuresOf(sample: SystemSample | undefined): Figure[] {
  const at = sample ? `, as of ${absolute(sample.at)}` : '';
  const used = (name: string, part: number | null | undefined, total: number | null | undefined): Figure => ({
    name,
    value: percent(partOf(part, total)),
    words: `${name}: ${bytes(part ?? null)} of ${bytes(total ?? null)} used${at}`,
  });
  return [
    { name: 'CPU', value: percent(sample?.cpu ?? null), words: `CPU: over all cores${loadOf(sample)}${at}` },
    withFormula(used('Memory', sample?.memoryUsedBytes, sample?.memoryTotalBytes)),
    used('Disk', sample?.diskUsedBytes, sample?.diskTotalBytes),
  ];
}

/** What is counted, for whoever compares it with another program. */
const withFormula = (figure: Figure): Figure => ({
  ...figure,
  words: `${figure.words}. Used is what no program could get: on a Mac app memory, wired and compressed, as Activity Monitor counts.`,
});

function partOf(part: number | null | undefined, total: number | null | undefined): number | null {
  return part == null || !total ? null : part / total;
}

function loadOf(sample: SystemSample | undefined): string {
  return sample?.load1 == null ? '' : `, load ${sample.load1.toFixed(2)}`;
}

/** What a CPU line shows, for whoever does not see it. */
export function cpuWords(samples: readonly SystemSample[]): string {
  const known = samples.flatMap(({ cpu }) => cpu ?? []);
  if (known.length === 0) return 'CPU: nothing measured yet';
  return `CPU over the last ${known.length} samples: between ${percent(Math.min(...known))} and ${percent(Math.max(...known))}`;
}
