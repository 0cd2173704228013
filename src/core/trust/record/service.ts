import type { Config } from '../../../shared/config.ts';
import type { LevelInterval, Thresholds, Trust } from '../../../shared/contract/trust.ts';
import type { TrustWindow } from '../../../shared/contract/trust-record.ts';
import { LEVELS } from '../../../shared/policy.ts';
import { SEVERE_WORDS } from '../../../shared/trust-words.ts';
import type { Clock } from '../../kernel/ports.ts';
import type { createMarkStorage } from '../marks/storage.ts';
import { viewOf } from '../promotion.ts';
import {
  coverageOf,
  type LevelRecord,
  lackOf,
  meanOf,
  progressOf,
  shownDays,
  shownMean,
  thresholdsFor,
} from '../rules.ts';
import { POOR_IN_ROW, poorRun } from '../severe.ts';
import type { createTrustStorage, StoredInterval } from '../storage.ts';
import { beatMs, probationOf, windowNeeds, windowOf } from '../window.ts';
import type { createRecordStorage } from './storage.ts';

const DAY_MS = 86_400_000;

interface RecordDeps {
  storage: ReturnType<typeof createTrustStorage>;
  records: ReturnType<typeof createRecordStorage>;
  marks: ReturnType<typeof createMarkStorage>;
  clock: Clock;
  config(): Config['trust'];
}

/** The record of the level in force: gathered from what is stored, never counted up. */
export function createRecordView({ storage, records, marks, clock, config }: RecordDeps) {
  let beatAt = clock.monotonic();
  let counted: { version: string; runs: ReturnType<typeof count> } | null = null;

  function current(): StoredInterval {
    const interval = storage.openInterval();
    if (!interval) throw new Error('No level is in force, although the first start sets one.');
    return interval;
  }

  /** Time of the stay that lasts which no beat has written down yet, ms. */
  const sinceBeat = (): number => beatMs(clock.monotonic() - beatAt);

  /** Where the window begins, and why it began anew within the stay. */
  function windowBegins({ id, afterSeq }: StoredInterval): { after: number; reset: TrustWindow['reset'] } {
    const severe = marks.newestSevere();
    const isOfStay = severe !== null && severe.intervalId === id;
    return {
      after: Math.max(afterSeq, severe?.afterSeq ?? 0),
      reset: isOfStay ? { at: severe.at, why: `${SEVERE_WORDS[severe.kind]}: ${severe.text}` } : null,
    };
  }

  function count(stay: StoredInterval, after: number, since: number, size: number) {
    const { level, afterSeq } = stay;
    return {
      totals: records.totals(level),
      window: records.runs(level, after, size).filter(({ isSevere }) => isSevere === 0),
      poor: poorRun(records.runs(level, afterSeq, POOR_IN_ROW)),
      agents: records.agents({ level, after, since }),
    };
  }

  function look() {
    const stay = current();
    const { level } = stay;
    const { window: rules, thresholds: configured } = config();
    const thresholds = thresholdsFor(level, configured);
    const now = clock.now();
    const { after, reset } = windowBegins(stay);
    const before = storage.intervals()[1]?.level ?? level;
    const fell = LEVELS.indexOf(before) > LEVELS.indexOf(level);
    const needed = windowNeeds(rules.sessions, thresholds?.minEvaluations ?? null, fell);
    // A score that is severe takes a place of the window, so that more are looked at than it holds.
    const size = Math.max(rules.sessions, needed) * 2 + 50;
    const day = Math.floor(now / DAY_MS);
    const version = `${records.version()} ${stay.id} ${size} ${rules.days} ${day}`;
    if (counted?.version !== version) {
      counted = { version, runs: count(stay, after, now - rules.days * DAY_MS, size) };
    }
    const { totals, window: runs, poor, agents } = counted.runs;
    const record: LevelRecord = {
      ...totals,
      days: (marks.timeAt(level) + sinceBeat()) / DAY_MS,
      window: windowOf(runs, { after, now, rules, needed }),
      probation: probationOf(agents, needed),
    };
    return { stay, record, thresholds, noEvidence: totals.noEvidence, poor, reset, days: rules.days };
  }

  return {
    current,
    sinceBeat,
    /** What was counted is counted anew. */
    forget: (): void => void (counted = null),
    recordNow(): { record: LevelRecord; thresholds: Thresholds | null } {
      const { record, thresholds } = look();
      return { record, thresholds };
    },
    /** The newest poor scores in a row of this stay, newest last. */
    poor: () => look().poor,

    view(): Trust {
      const { stay, record, thresholds, noEvidence, poor, reset, days } = look();
      const { level, enteredAt, id } = stay;
      const { window, probation } = record;
      const open = storage.openPromotion();
      return {
        level,
        since: enteredAt,
        sessions: record.sessions,
        evaluations: record.evaluations,
        unscored: record.unscored,
        noEvidence,
        avgScore: shownMean(meanOf(record.sumScores, record.evaluations)),
        days: shownDays(record.days),
        window: {
          needed: window.needed,
          scored: window.scored,
          avgScore: shownMean(window.mean),
          days,
          reset,
          probation: [...probation],
        },
        coverage: coverageOf(record),
        severe: marks.severeOfStay(id),
        poorInRow: poor.length,
        alerts: records.alerts(level),
        lack: thresholds === null ? null : lackOf(record, thresholds),
        thresholds,
        promotionProgress: progressOf(level, record, thresholds),
        promotion: open ? viewOf(open) : null,
      };
    },

    /** Inside a commit: the machine has run up to now; what is longer than a beat was sleep. */
    beat(): void {
      const ms = sinceBeat();
      beatAt = clock.monotonic();
      if (ms > 0) marks.ran(current().id, ms, clock.now());
    },

    /** Stays, newest first, each with the days in which the machine ran. */
    stays(): LevelInterval[] {
      const times = marks.timeOfStays();
      return storage.intervals().map(({ id, afterSeq: _seq, ...stay }) => ({
        ...stay,
        days: shownDays(((times.get(id) ?? 0) + (stay.leftAt === null ? sinceBeat() : 0)) / DAY_MS),
      }));
    },
  };
}

export type RecordView = ReturnType<typeof createRecordView>;
