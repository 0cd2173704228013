import { ScoreSettings } from '../../shared/score-settings.ts';
import { canonicalOf } from '../kernel/canonical.ts';
import type { Json, LedgerEntry, LedgerEvent, Projection } from '../kernel/ledger-ports.ts';
import {
  ACKNOWLEDGED,
  ALL_KINDS,
  ANOMALY,
  atOf,
  CONFIGURED,
  inputOf,
  replay,
  type States,
  settingsOf,
  step,
  TIER,
} from './replay.ts';
import { type Input, scoreAt } from './rules.ts';
import type { AgentStorage } from './storage.ts';

const MOST = 5;
const EVERY = Number.MAX_SAFE_INTEGER;

/** Plain data of ours, as the ledger takes it. */
const json = (value: unknown): Json => value as Json;

/** What the tables say, as the events that it would have been, each with the moment at which it was seen. */
function entriesOf(storage: AgentStorage): LedgerEntry[] {
  const entry = (seq: number, at: number, kind: string, subject: string, body: object) => ({
    seq,
    entry: { kind, subject, body: { ...(json(body) as LedgerEntry['body']), at } },
  });
  return [
    ...[...storage.everything()].map(({ seq, at, agent, kind, body }) => entry(seq, at, `agent.${kind}`, agent, body)),
    ...storage.allSettings().map(({ seq, at, ...body }) => entry(seq, at, CONFIGURED, 'agents', body)),
    ...storage.anomalies(true, EVERY).map(({ at, agent, ...body }) => entry(body.id, at, ANOMALY, agent, body)),
  ]
    .toSorted((a, b) => a.seq - b.seq)
    .map((one) => one.entry);
}

/** What a replay needs of an input, and no more. */
const kept = (input: Input): LedgerEvent['body'] =>
  input.kind === 'reviewed' || input.kind === 'seen' ? (json({ ...input }) as LedgerEvent['body']) : {};

/** The tables of agents against the ledger: what was seen and each score as it was then, where each agent stands, and what was odd. */
export const agentsProjection = (storage: AgentStorage): Projection => ({
  took: null,
  kinds: ALL_KINDS,
  entries: () => entriesOf(storage),
  begin() {
    const differences: string[] = [];
    const differs = (words: string): void => {
      if (differences.length < MOST) differences.push(words);
    };
    const rows = storage.everything();
    const anomalies = new Map<number, boolean>();
    /** For rules that are set later: they look at everything again. */
    const inputs: LedgerEvent[] = [];
    let states: States = new Map();
    let rules = ScoreSettings.parse({});

    function compare({ seq, subject, kind }: LedgerEvent): void {
      const { value: row } = rows.next();
      const state = states.get(subject);
      if (!row) return differs(`What was seen of ${subject} (event ${seq}) is missing from its record.`);
      const isSame = row.agent === subject && `agent.${row.kind}` === kind && row.tier === state?.tier;
      if (!isSame || !state || row.after !== scoreAt(state, state.at, rules))
        differs(`What was seen of ${subject} (event ${seq}) stands otherwise in its record.`);
    }

    return {
      event(event) {
        const { kind, seq, body } = event;
        const input = inputOf(event);
        if (input) {
          inputs.push({ ...event, body: { ...kept(input), at: atOf(event) } });
          step(states, event, rules);
        }
        if (input || kind === TIER) compare(event);
        else if (kind === ANOMALY) anomalies.set(Number(body.id ?? seq), Boolean(body.acknowledged));
        else if (kind === ACKNOWLEDGED) anomalies.set(Number(body.anomaly), true);
        else if (kind === CONFIGURED) {
          rules = settingsOf(event);
          states = replay(inputs, rules);
        }
      },
      end() {
        if (!rows.next().done) differs('The record holds more of agents than was seen.');
        const agents = storage.agents();
        for (const { id, state } of agents) {
          if (canonicalOf(json(state)) !== canonicalOf(json(states.get(id) ?? null)))
            differs(`Where ${id} stands does not follow from what was seen of it.`);
        }
        if (agents.length < states.size) differs('The record lacks an agent that was seen.');
        const inForce = storage.settings()?.settings;
        if (inForce && canonicalOf(json(inForce)) !== canonicalOf(json(rules)))
          differs('The rules of the agent score are not the ones that were set.');
        const noted = storage.anomalies(true, EVERY);
        if (
          noted.length !== anomalies.size ||
          noted.some(({ id, acknowledged }) => anomalies.get(id) !== (acknowledged !== null))
        )
          differs('What was out of the ordinary stands otherwise in the record.');
        return differences;
      },
    };
  },
  // Their own book makes them anew, with everything that it keeps in memory.
  remake: null,
});
