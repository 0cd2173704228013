import type { Trust } from '../../../shared/contract/trust.ts';
import { count, cut, cutShort, whole } from '../../../shared/format.ts';
import { LEVEL_WORDS } from '../../../shared/policy.ts';

export interface Measure {
  name: string;
  /** As on screen: `27 / 30`, `3.7 ≥ 3.5`, `none yet`. */
  figure: string;
  /** The same as a sentence. */
  words: string;
  /** 0 to 1, how much of what is needed; null where nothing is needed or nothing was measured. */
  part: number | null;
}

/** Sessions, score and days of the record at this level, beside what the next level needs. */
export function measuresOf(trust: Trust): Measure[] {
  const { thresholds: need } = trust;
  return [
    {
      name: 'Sessions',
      figure: need ? `${whole(trust.sessions)} / ${whole(need.minSessions)}` : whole(trust.sessions),
      words: need ? `${trust.sessions} of ${count(need.minSessions, 'session')}` : count(trust.sessions, 'session'),
      part: need ? partOf(trust.sessions, need.minSessions) : null,
    },
    scoreOf(trust),
    {
      name: 'Days',
      figure: need ? `${cutShort(trust.days)} / ${cutShort(need.minDaysAtLevel)}` : cutShort(trust.days),
      words: need
        ? `${cutShort(trust.days)} of ${cutShort(need.minDaysAtLevel)} days at ${LEVEL_WORDS[trust.level].name}`
        : `${cutShort(trust.days)} days at ${LEVEL_WORDS[trust.level].name}`,
      part: need ? partOf(trust.days, need.minDaysAtLevel) : null,
    },
  ];
}

function scoreOf({ avgScore, evaluations, unscored, thresholds: need }: Trust): Measure {
  const seen = `${count(evaluations, 'scored session')}${unscored > 0 ? `, ${unscored} unscored` : ''}`;
  if (avgScore === null) {
    const wanted = need ? `; ${cut(need.minAvgScore)} of 5 is needed` : '';
    return { name: 'Score', figure: 'none yet', words: `No session was scored yet${wanted}`, part: null };
  }
  if (!need)
    return { name: 'Score', figure: cut(avgScore), words: `${cut(avgScore)} of 5, mean of ${seen}`, part: null };
  const met = avgScore >= need.minAvgScore;
  return {
    name: 'Score',
    figure: `${cut(avgScore)} ${met ? '≥' : '<'} ${cut(need.minAvgScore)}`,
    words: `${cut(avgScore)} of 5, mean of ${seen}; ${cut(need.minAvgScore)} is needed`,
    part: partOf(avgScore, need.minAvgScore),
  };
}

/** Nothing needed is all of it. */
function partOf(got: number, need: number): number {
  return need <= 0 ? 1 : Math.min(1, Math.max(0, got / need));
}

/** What else stands between the record and the next level, or null. */
export function lackOf({ evaluations, thresholds: need }: Trust): string | null {
  if (!need || evaluations >= need.minEvaluations) return null;
  return `${evaluations} of ${count(need.minEvaluations, 'scored session')} so far.`;
}
