import type { Config } from '../../../shared/config.ts';
import type { Promotion, Thresholds } from '../../../shared/contract/trust.ts';
import { type PromotionEffect, TRUST_CONDITIONS, type TrustPreview } from '../../../shared/contract/trust-preview.ts';
import { type Level, nextLevel } from '../../../shared/policy.ts';
import { coverageOf, type LevelRecord, lackOf, meanOf, thresholdsFor } from '../rules.ts';
import { type Look, looksAt, type RecordFacts } from './replay.ts';

const DAY_MS = 86_400_000;
export const PREVIEW_DAYS = 30;

/** By what the level rises. */
export type Rules = Pick<Config['trust'], 'enabled' | 'thresholds' | 'window'>;

type Name = (typeof TRUST_CONDITIONS)[number];
interface Condition {
  have: number | null;
  need: number;
  holds: boolean;
}

interface PreviewFacts extends RecordFacts {
  /** Proposed in these days, newest first. */
  proposals: readonly Promotion[];
  /** One is open; or this stay's was declined or ran out, and is not asked again yet. */
  open: boolean;
  answered: boolean;
  rules: Rules;
  draft: Rules;
}

/** Each condition of a promotion by itself; all hold exactly where `lackOf` names nothing. */
export function conditionsOf(record: LevelRecord, thresholds: Thresholds): Record<Name, Condition> {
  const { window, probation } = record;
  const least = (have: number | null, need: number, unknown: number): Condition => ({
    have,
    need,
    holds: (have ?? unknown) >= need,
  });
  return {
    sessions: least(record.sessions, thresholds.minSessions, 0),
    evaluations: least(record.evaluations, thresholds.minEvaluations, 0),
    score: least(meanOf(record.sumScores, record.evaluations), thresholds.minAvgScore, 0),
    // Where nothing has ended nothing is left out; where nothing is in the window its number lacks, not its mean.
    coverage: least(coverageOf(record).ratio, thresholds.minCoverage, 1),
    days: least(record.days, thresholds.minDaysAtLevel, 0),
    window: least(window.scored, window.needed, 0),
    windowScore: least(window.mean, thresholds.minAvgScore, thresholds.minAvgScore),
    probation: { have: probation.length, need: 0, holds: probation.length === 0 },
  };
}

interface Judged {
  at: number;
  level: Level;
  stay: number;
  conditions: Record<Name, Condition> | null;
  lack: string[] | null;
}

function judge({ at, stay, record }: Look, { thresholds, window }: Rules): Judged {
  const { level, id } = stay;
  const needs = thresholdsFor(level, thresholds);
  if (needs === null) return { at, level, stay: id, conditions: null, lack: null };
  const then = record(window, needs.minEvaluations);
  return { at, level, stay: id, conditions: conditionsOf(then, needs), lack: lackOf(then, needs) };
}

/** Newest last. Epoch ms of the look since which a condition is as it is now; null: at all looks. */
function sinceWhen(looks: readonly Judged[], name: Name): number | null {
  const now = looks.at(-1);
  const other = looks.findLastIndex(
    ({ level, conditions }) => level !== now?.level || conditions?.[name].holds !== now.conditions?.[name].holds,
  );
  return other === -1 ? null : (looks[other + 1]?.at ?? null);
}

function effectOf(lack: readonly string[] | null, enabled: boolean, facts: PreviewFacts): PromotionEffect {
  if (lack === null) return 'none';
  if (facts.open) return lack.length === 0 ? 'stays' : 'withdrawn';
  if (!enabled) return 'off';
  if (lack.length > 0) return 'lacks';
  return facts.answered ? 'answered' : 'proposed';
}

/**
 * The same record under two sets of rules: as it stands now, at the same hour of each of the last 30 days,
 * and when something was proposed in them. Each look is by itself, on what really happened up to it.
 */
export function previewOf(facts: PreviewFacts): TrustPreview {
  const { now, rules, draft, proposals } = facts;
  const daily = Array.from({ length: PREVIEW_DAYS + 1 }, (_, i) => now - (PREVIEW_DAYS - i) * DAY_MS);
  const proposedAt = new Set(proposals.map((one) => Math.min(one.proposedAt, now)));
  const times = [...new Set([...daily, ...proposedAt])].toSorted((a, b) => a - b);
  const seen = [...looksAt(facts, times)].map((look) => ({
    at: look.at,
    before: judge(look, rules),
    after: judge(look, draft),
  }));
  const isDaily = new Set(daily);
  const looks = seen.filter(({ at }) => isDaily.has(at));
  const [befores, afters] = [looks.map(({ before }) => before), looks.map(({ after }) => after)];
  const [before, after] = [befores.at(-1), afters.at(-1)];
  if (!before || !after) throw new Error('No level is in force, although the first start sets one.');

  const then = (at: number) => seen.find((look) => look.at === Math.min(at, now))?.after.lack ?? [];
  return {
    days: PREVIEW_DAYS,
    looks: looks.length,
    level: before.level,
    to: before.lack === null ? null : nextLevel(before.level),
    effect: {
      before: effectOf(before.lack, rules.enabled, facts),
      after: effectOf(after.lack, draft.enabled, facts),
    },
    conditions: TRUST_CONDITIONS.flatMap((name) => {
      const [was, is] = [before.conditions?.[name], after.conditions?.[name]];
      if (!was || !is) return [];
      return [
        { name, before: { ...was, since: sinceWhen(befores, name) }, after: { ...is, since: sinceWhen(afters, name) } },
      ];
    }),
    lack: { before: before.lack ?? [], after: after.lack ?? [] },
    proposals: proposals.map(({ id, proposedAt: at, from, to, state }) => ({
      id,
      at,
      from,
      to,
      state,
      lack: then(at),
    })),
    newly: newlyEarned(looks.map(({ before: was, after: is }) => ({ was, is }))),
  };
}

/** The first look of each stay that the draft calls earned, where the rules in force did not. */
function newlyEarned(looks: readonly { was: Judged; is: Judged }[]): TrustPreview['newly'] {
  const told = new Set<number>();
  return looks
    .flatMap(({ was, is }) => {
      const to = nextLevel(is.level);
      if (to === null || is.lack?.length !== 0 || was.lack?.length === 0 || told.has(is.stay)) return [];
      told.add(is.stay);
      return [{ at: is.at, from: is.level, to }];
    })
    .toReversed();
}
