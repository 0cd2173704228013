import type { ActivityEntry } from './contract/activity.ts';
import { csv, csvTime } from './csv.ts';

/** Entries of one look, the most that there may be. */
const PAGE = 1_000;

interface Look {
  limit: number;
  /** Only what is older than this entry. */
  before?: number;
}

/** Every entry that a filter leaves, newest first, page after page; what comes in meanwhile is left out. */
export async function everyEntry(
  page: (look: Look) => Promise<{ entries: ActivityEntry[] }>,
): Promise<ActivityEntry[]> {
  const found: ActivityEntry[] = [];
  for (;;) {
    const last = found.at(-1);
    const { entries } = await page({ limit: PAGE, ...(last && { before: last.seq }) });
    found.push(...entries);
    if (entries.length < PAGE) return found;
  }
}

/** Entries as a file for a spreadsheet, times in UTC. */
export const activityCsv = (entries: readonly ActivityEntry[]): string =>
  csv(
    ['time', 'area', 'about', 'what'],
    entries.map(({ at, area, subject, sentence }) => [csvTime(at), area, subject, sentence]),
  );
