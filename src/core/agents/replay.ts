import { ScoreSettings } from '../../shared/score-settings.ts';
import type { Ledger, LedgerEvent } from '../kernel/ledger-ports.ts';
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

/** A new beginning of the ledger, and what it says again of what stood in the tables then. */
const BEGUN_ANEW = 'ledger.acknowledged';
const RESTATED = 'ledger.restated';

/** When it was seen: what is said again carries its own moment. */
export const atOf = ({ at, body }: Pick<LedgerEvent, 'at' | 'body'>): number =>
  typeof body.at === 'number' ? body.at : at;

/** What a restated event says, or the event itself. */
function saidBy(event: LedgerEvent): LedgerEvent {
  if (event.kind !== RESTATED) return event;
  const { kind, subject, body } = event.body as unknown as Pick<LedgerEvent, 'kind' | 'subject' | 'body'>;
  return { seq: event.seq, at: event.at, kind, subject, body };
}

/** The events of agents that hold, oldest first: since the ledger was last begun anew, what it said again then and all after. */
export function* agentEvents(
  ledger: Pick<Ledger, 'read'>,
  kinds: readonly string[],
  upTo = Number.MAX_SAFE_INTEGER,
): Generator<LedgerEvent> {
  const epoch = [...ledger.read({ kinds: [BEGUN_ANEW], upTo })].at(-1)?.seq ?? 0;
  for (const event of ledger.read({ kinds: [...kinds, RESTATED], after: epoch, upTo })) {
    const said = saidBy(event);
    if (kinds.includes(said.kind)) yield { ...said, at: atOf(said) };
  }
}

export type States = Map<string, AgentState>;

/** One event more; what is no input changes nothing. */
export function step(states: States, event: LedgerEvent, settings: ScoreSettings): void {
  const input = inputOf(event);
  if (input === null) return;
  const state = states.get(event.subject) ?? newAgent(atOf(event));
  states.set(event.subject, after(state, input, atOf(event), settings));
}

/** Where every agent stands after those events, under one set of rules from the first to the last. */
export function replay(events: Iterable<LedgerEvent>, settings: ScoreSettings): States {
  const states: States = new Map();
  for (const event of events) step(states, event, settings);
  return states;
}

/** The rules that an event set. */
export const settingsOf = ({ body }: Pick<LedgerEvent, 'body'>): ScoreSettings => ScoreSettings.parse(body.settings);
