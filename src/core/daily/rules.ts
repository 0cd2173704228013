import { count, cut, dollars, firstOf } from '../../shared/format.ts';

/** What was stored in a while. */
export interface Figures {
  /** Sessions that ended, by how. */
  outcomes: Readonly<Record<string, number>>;
  commits: number;
  /** Of the ended sessions whose newest evaluation has a score, and the mean of it. */
  scored: number;
  score: number | null;
  unscored: number;
  /** What the runs that ended cost at list price, as far as it is known; null: of none. */
  costUsd: number | null;
  /** Runs of which the price is not, or only in part, known. */
  costUnknown: number;
  /** Incidents that began, by the name of what they are about. */
  incidents: readonly string[];
}

/** What holds now. */
export interface Standing {
  working: number;
  /** What waits for the person. */
  waits: { total: number; words: readonly string[] };
  /** Names of the services that are down. */
  down: readonly string[];
}

/** How sessions end well, or with nothing to do. */
const WELL: ReadonlySet<string> = new Set(['completed', 'nothing_to_do']);
/** Names that are told; the rest is counted. */
const MOST_NAMED = 3;

const named = (names: readonly string[]): string => firstOf(names, MOST_NAMED).join(', ');

function ofSessions({ outcomes, commits }: Figures): string | null {
  const ended = Object.values(outcomes).reduce((sum, n) => sum + n, 0);
  if (ended === 0) return null;
  const well = Object.entries(outcomes).reduce((sum, [how, n]) => sum + (WELL.has(how) ? n : 0), 0);
  return `${count(ended, 'session')} ended: ${well} completed, ${count(commits, 'commit')}.`;
}

function ofScores({ scored, score, unscored }: Figures): string | null {
  if (scored + unscored === 0) return null;
  if (score === null) return `${count(unscored, 'session')} not scored.`;
  const mean = `Scored ${cut(score)} of 5${scored > 1 ? ' on average' : ''}`;
  return unscored > 0 ? `${mean}, ${unscored} unscored.` : `${mean}.`;
}

function ofPrice({ costUsd, costUnknown }: Figures): string | null {
  if (costUsd === null) return costUnknown > 0 ? 'What it cost is unknown.' : null;
  return costUnknown > 0
    ? `At least ${dollars(costUsd)} at list price; of ${count(costUnknown, 'run')} it is not all known.`
    : `${dollars(costUsd)} at list price.`;
}

function ofServices({ incidents }: Figures, { down }: Standing): string | null {
  const now = down.length === 0 ? null : `Down now: ${named(down)}.`;
  const began = incidents.length === 0 ? null : `${count(incidents.length, 'incident')}: ${named(incidents)}.`;
  return [began, now].filter((part) => part !== null).join(' ') || null;
}

/** The day in a title and a body; null: nothing happened and nothing waits, so there is nothing to tell. Pure. */
export function dailyMessage(figures: Figures, standing: Standing): { title: string; body: string } | null {
  const { waits, down, working } = standing;
  const sentences = [ofSessions(figures), ofScores(figures), ofPrice(figures), ofServices(figures, standing)].filter(
    (sentence) => sentence !== null,
  );
  if (sentences.length === 0 && waits.total === 0) return null;
  const ended = Object.values(figures.outcomes).reduce((sum, n) => sum + n, 0);
  const heads = [
    ...(ended > 0 ? [`${count(ended, 'session')} ended`] : []),
    ...(down.length > 0 ? [`${count(down.length, 'service')} down`] : []),
    ...(waits.total > 0 ? [`${count(waits.total, 'thing')} ${waits.total === 1 ? 'waits' : 'wait'} for you`] : []),
  ];
  return {
    title: `The day: ${heads.length > 0 ? heads.join(', ') : 'nothing waits for you'}`,
    body: [
      ...sentences,
      ...(working > 0 ? [`${count(working, 'session')} working.`] : []),
      waits.total > 0 ? `Waiting for you: ${waits.words.join(', ')}.` : 'Nothing waits for you.',
    ].join(' '),
  };
}
