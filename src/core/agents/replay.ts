import { ScoreSettings } from '../../shared/score-settings.ts';
import type { LedgerEvent } from '../kernel/ledger-ports.ts';
import { type AgentState, after, type Input, newAgent } from './rules.ts';

/** Everything of the score in the ledger. */
export const AGENT_KINDS = [
  'seen',
  'completed',
  'failed',
  'timed_out',
  'inconclusive',
  'violated',
  'denied',
  'overruled',
  'misdelegated',
  'reviewed',
  'cleared',
  'faded',
] as const satisfies readonly Input['kind'][];
export const INPUT_KINDS = AGENT_KINDS.map((kind) => `agent.${kind}`);
/** Told of what follows, and of what a person has set: no inputs of a score. */
export const TIER = 'agent.tier';
export const ANOMALY = 'agent.anomaly';
export const ACKNOWLEDGED = 'agent.acknowledged';
export const CONFIGURED = 'agent.configured';
export const ALL_KINDS = [...INPUT_KINDS, TIER, ANOMALY, ACKNOWLEDGED, CONFIGURED];

/** An event of the ledger as an input of the score; null: it is none. Written by us, so only its kind is looked at. */
export function inputOf({ kind, body }: Pick<LedgerEvent, 'kind' | 'body'>): Input | null {
  const name = kind.slice('agent.'.length);
  return INPUT_KINDS.includes(kind) ? ({ ...body, kind: name } as unknown as Input) : null;
}

export type States = Map<string, AgentState>;

/** One event more; what is no input changes nothing. */
export function step(states: States, event: LedgerEvent, settings: ScoreSettings): void {
  const input = inputOf(event);
  if (input === null) return;
  const state = states.get(event.subject) ?? newAgent(event.at);
  states.set(event.subject, after(state, input, event.at, settings));
}

/** Where every agent stands after those events, under one set of rules from the first to the last. */
export function replay(events: Iterable<LedgerEvent>, settings: ScoreSettings): States {
  const states: States = new Map();
  for (const event of events) step(states, event, settings);
  return states;
}

/** The rules that an event set. */
export const settingsOf = ({ body }: Pick<LedgerEvent, 'body'>): ScoreSettings => ScoreSettings.parse(body.settings);
