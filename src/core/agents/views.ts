import type { AgentEvent, AgentView, Anomaly } from '../../shared/contract/agents.ts';
import { TenureError } from '../../shared/errors.ts';
import type { ScoreSettings } from '../../shared/score-settings.ts';
import type { Tier } from '../../shared/tiers.ts';
import type { Clock } from '../kernel/ports.ts';
import { ceilingOfRate, lowerBound, tallyOf } from './rate.ts';
import { ceilingsOf, effectiveScoreAt, scoreAt, tierAt, towards } from './rules.ts';
import type { AgentStorage, StoredAgent, StoredEvent } from './storage.ts';

interface ViewDeps {
  storage: AgentStorage;
  clock: Clock;
  rules(): ScoreSettings;
  stored(id: string): StoredAgent | null;
}

const DAY_MS = 86_400_000;
const TREND_MS = 14 * DAY_MS;
const CHART_PARTS = 400;
const NEWEST = 50;
const NEWEST_IN_LIST = 3;
const PAGE = 100;

/** An event without what only a replay needs. */
export const eventOf = ({ body, key: _key, ...event }: StoredEvent): AgentEvent => ({
  ...event,
  text: typeof body.text === 'string' ? body.text : event.kind,
});

/** What can be read of agents. Nothing here is computed anew but what fades with time. */
export function createViews({ storage, clock, rules, stored }: ViewDeps) {
  function viewOf(agent: StoredAgent, trend: AgentView['trend'], anomalies: number): AgentView {
    const { id, state, firstAt, lastAt } = agent;
    const now = clock.now();
    const settings = rules();
    const { succeeded, failed } = tallyOf(state);
    const score = scoreAt(state, now, settings);
    return {
      id,
      score,
      effective: effectiveScoreAt(state, now, settings),
      tier: tierAt(state, now, settings),
      earned: state.earned,
      ceilings: ceilingsOf(state, settings),
      since: state.earnedAt,
      succeeded,
      failed,
      sure: succeeded + failed === 0 ? null : lowerBound(succeeded, succeeded + failed),
      rateCeiling: Math.round(ceilingOfRate(state, settings)),
      towards: towards(state, now, settings),
      version: state.version,
      firstAt,
      lastAt,
      trend: [...trend, { at: now, score }],
      newest: storage.events(id, Number.MAX_SAFE_INTEGER, NEWEST_IN_LIST).map(eventOf),
      anomalies,
    };
  }

  function trends(): Map<string, AgentView['trend']> {
    const all = new Map<string, AgentView['trend']>();
    for (const { agent, at, score } of storage.daily(clock.now() - TREND_MS)) {
      const trend = all.get(agent) ?? [];
      trend.push({ at, score });
      all.set(agent, trend);
    }
    return all;
  }

  function list(): AgentView[] {
    const [byAgent, counts] = [trends(), storage.openCounts()];
    const views = storage
      .agents()
      .map((agent) => viewOf(agent, byAgent.get(agent.id) ?? [], counts.get(agent.id) ?? 0));
    return views.toSorted((a, b) => b.score - a.score || a.id.localeCompare(b.id));
  }

  return {
    list,

    /** @throws TenureError `not_found`. */
    get(id: string) {
      const known = stored(id);
      if (!known)
        throw new TenureError('not_found', `There is no agent "${id}". Agents appear with their first session.`);
      const now = clock.now();
      const agent = viewOf(known, trends().get(id) ?? [], storage.openCounts().get(id) ?? 0);
      return {
        agent,
        events: storage.events(id, Number.MAX_SAFE_INTEGER, NEWEST).map(eventOf),
        chart: [...storage.chart(id, now, CHART_PARTS - 1), { at: now, score: agent.score, tier: agent.tier }],
        anomalies: storage.anomaliesOf(id),
      };
    },

    /** Newest first. */
    events: ({
      id,
      before,
      limit,
    }: {
      id?: string | undefined;
      before?: number | undefined;
      limit?: number | undefined;
    }) => storage.events(id ?? null, before ?? Number.MAX_SAFE_INTEGER, limit ?? PAGE).map(eventOf),

    /** Score and tier just after a past event, by the rules that were in force; null: the agent was not known. */
    asOf(id: string, seq: number): { seq: number; at: number; score: number; tier: Tier } | null {
      const event = storage.upTo(id, seq);
      return event && { seq: event.seq, at: event.at, score: event.after, tier: event.tier };
    },

    anomalies: (all: boolean, limit: number): Anomaly[] => storage.anomalies(all, limit),
    /** How many anomalies nobody has looked at. */
    open: (): number => [...storage.openCounts().values()].reduce((sum, n) => sum + n, 0),
    /** The tier in force; an agent that was never seen is in the lowest. */
    tierOf(id: string): Tier {
      const agent = stored(id);
      return agent ? tierAt(agent.state, clock.now(), rules()) : 'UNTRUSTED';
    },
  };
}
