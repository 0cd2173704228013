import type { ScorePreview } from '../../shared/contract/agents.ts';
import type { ScoreSettings } from '../../shared/score-settings.ts';
import type { LedgerEvent } from '../kernel/ledger-ports.ts';
import { type States, step } from './replay.ts';
import { effectiveScoreAt, newAgent, scoreAt, tierAt } from './rules.ts';

/** A question, or a yes of the gate's own, where the table says *if eligible*. */
export interface Asked {
  id: string;
  sessionId: string;
  agent: string;
  at: number;
  summary: string;
  /** Something else than the score stood against it. */
  blocked: boolean;
}

interface PreviewFacts {
  /** Everything that was seen, oldest first. */
  events: Iterable<LedgerEvent>;
  /** Oldest first. */
  asked: readonly Asked[];
  now: number;
  /** The least score of an agent that acts by itself. */
  minScore: number;
  rules: ScoreSettings;
  draft: ScoreSettings;
}

export const PREVIEW_DAYS = 30;
const MOST_SHOWN = 20;

/** The same record under two sets of rules, side by side, in one pass. */
export function previewOf({ events, asked, now, minScore, rules, draft }: PreviewFacts): ScorePreview {
  const [current, drafted]: [States, States] = [new Map(), new Map()];
  const newly: ScorePreview['decisions']['newly'] = [];
  const counts = { now: 0, draft: 0 };
  let next = 0;

  const acts = (states: States, settings: ScoreSettings, { agent, at, blocked }: Asked): boolean =>
    !blocked && effectiveScoreAt(states.get(agent) ?? newAgent(at), at, settings) >= minScore;

  function answer(until: number): void {
    for (let one = asked[next]; one && one.at < until; one = asked[(next += 1)]) {
      const [as, wouldBe] = [acts(current, rules, one), acts(drafted, draft, one)];
      if (as) counts.now += 1;
      if (wouldBe) counts.draft += 1;
      const { blocked: _blocked, ...shown } = one;
      if (wouldBe && !as) newly.push(shown);
    }
  }

  for (const event of events) {
    answer(event.at);
    step(current, event, rules);
    step(drafted, event, draft);
  }
  answer(Number.POSITIVE_INFINITY);

  const moves = [...current].flatMap(([agent, state]) => {
    const other = drafted.get(agent) ?? state;
    const as = { score: scoreAt(state, now, rules), tier: tierAt(state, now, rules) };
    const wouldBe = { score: scoreAt(other, now, draft), tier: tierAt(other, now, draft) };
    return as.score === wouldBe.score && as.tier === wouldBe.tier ? [] : [{ agent, now: as, draft: wouldBe }];
  });
  const size = ({ now: a, draft: b }: (typeof moves)[number]): number =>
    Math.abs(a.score - b.score) + (a.tier === b.tier ? 0 : 1_000);
  return {
    moves: moves.toSorted((a, b) => size(b) - size(a) || a.agent.localeCompare(b.agent)),
    agents: current.size,
    decisions: { days: PREVIEW_DAYS, of: asked.length, ...counts, newly: newly.toReversed().slice(0, MOST_SHOWN) },
  };
}
