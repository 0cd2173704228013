import type { Anomaly } from '../../shared/contract/agents.ts';
import type { ScoreSettings } from '../../shared/score-settings.ts';
import { isAbove } from '../../shared/tiers.ts';
import type { Emit, Journal } from '../kernel/journal.ts';
import type { Json, Ledger, LedgerEntry, LedgerEvent } from '../kernel/ledger-ports.ts';
import type { Clock } from '../kernel/ports.ts';
import { ACTIVE_MS, anomaliesIn, LOOK_BACK_MS, MOVED_MS } from './anomalies/rules.ts';
import {
  ACKNOWLEDGED,
  ALL_KINDS,
  ANOMALY,
  agentEvents,
  CONFIGURED,
  INPUT_KINDS,
  inputOf,
  replay,
  settingsOf,
  TIER,
} from './replay.ts';
import { type AgentState, after, ceilingsOf, type Input, newAgent, type Standing, scoreAt } from './rules.ts';
import type { AgentStorage, StoredAgent, StoredEvent } from './storage.ts';
import { eventOf } from './views.ts';
import { tierWords } from './words.ts';

interface BookDeps {
  storage: AgentStorage;
  journal: Journal;
  clock: Clock;
  ledger: Pick<Ledger, 'append' | 'read'>;
  configured(): ScoreSettings;
}

/** What is put down beside an input: where it was seen, in our own words, and by what it is known again. */
export interface Detail {
  readonly [name: string]: Json;
  readonly text: string;
}

const sessionOf = ({ body }: Pick<LedgerEvent, 'body'>): string | null =>
  typeof body.sessionId === 'string' ? body.sessionId : null;

/** Events into the ledger, and from the ledger into the tables: one way for what happens now and for a replay. */
export function createBook({ storage, journal, ledger, configured }: BookDeps) {
  /** By the event that a state is of, so that what was rolled back is never read. */
  const cached = new Map<string, StoredAgent>();
  let inForce = storage.settings();
  const rules = (): ScoreSettings => inForce?.settings ?? configured();

  function stored(id: string): StoredAgent | null {
    const seq = storage.lastSeq(id);
    if (seq === null) return null;
    const known = cached.get(id);
    if (known?.lastSeq === seq) return known;
    const agent = storage.agent(id);
    if (agent) cached.set(id, agent);
    return agent;
  }

  function save(agent: StoredAgent): void {
    storage.save(agent);
    cached.set(agent.id, agent);
  }

  const rowOf = (event: LedgerEvent, agent: string, kind: string) => ({
    agent,
    seq: event.seq,
    at: event.at,
    kind,
    key: typeof event.body.key === 'string' ? event.body.key : null,
    sessionId: sessionOf(event),
    body: event.body,
  });

  function takeInput(event: LedgerEvent, input: Input): void {
    const id = event.subject;
    const agent = stored(id);
    const was = agent?.state ?? newAgent(event.at);
    const state = after(was, input, event.at, rules());
    save({ id, firstAt: agent?.firstAt ?? event.at, lastAt: event.at, lastSeq: event.seq, state });
    storage.addEvent({
      ...rowOf(event, id, input.kind),
      before: scoreAt(was, state.at, rules()),
      after: scoreAt(state, state.at, rules()),
      tier: state.tier,
    });
    const sessionId = sessionOf(event);
    if (sessionId === null) return;
    const task = { sessionId, agent: id, task: state.tasks };
    if (input.kind === 'reviewed') {
      storage.saveTask({ ...task, task: input.task ?? task.task, standing: input.standing, rating: input.rating });
    } else if (state.tasks > was.tasks) {
      storage.saveTask({ ...task, standing: input.kind as Standing, rating: null });
    }
  }

  /** From here on every score is what these rules make of everything before. */
  function takeSettings(event: LedgerEvent): void {
    const before = rules();
    const settings = settingsOf(event);
    const by = typeof event.body.by === 'string' ? event.body.by : 'somebody';
    storage.saveSettings(event.seq, event.at, by, settings);
    const states = replay(agentEvents(ledger, INPUT_KINDS, event.seq), settings);
    for (const agent of storage.agents()) {
      const state = states.get(agent.id) ?? agent.state;
      const [now, then] = [scoreAt(agent.state, event.at, before), scoreAt(state, event.at, settings)];
      save({ ...agent, lastSeq: event.seq, state });
      const text = `${by} changed the rules of the score.`;
      const row = rowOf(
        { ...event, body: { text, fell: isAbove(agent.state.tier, state.tier) } },
        agent.id,
        'configured',
      );
      if (now !== then || agent.state.tier !== state.tier)
        storage.addEvent({ ...row, before: now, after: then, tier: state.tier });
    }
    inForce = { seq: event.seq, settings };
  }

  /** One event of the ledger into the tables. */
  function take(event: LedgerEvent): void {
    const { kind, subject, body } = event;
    const input = inputOf(event);
    if (input) return takeInput(event, input);
    if (kind === TIER) {
      const { score, to } = body as unknown as { score: number; to: StoredEvent['tier'] };
      storage.addEvent({ ...rowOf(event, subject, 'tier'), before: score, after: score, tier: to });
    } else if (kind === ANOMALY) {
      const found = body as unknown as Omit<Anomaly, 'id' | 'at' | 'agent' | 'acknowledged'>;
      const { acknowledged, ...noted } = found as typeof found & Partial<Pick<Anomaly, 'id' | 'acknowledged'>>;
      // One that is said again keeps the number by which it is known.
      const id = noted.id ?? event.seq;
      storage.addAnomaly({ ...noted, id, at: event.at, agent: subject, acknowledged: null });
      if (acknowledged) storage.acknowledge(id, acknowledged.at, acknowledged.by, acknowledged.note);
    } else if (kind === ACKNOWLEDGED) {
      const { anomaly, by, note } = body as unknown as { anomaly: number; by: string; note: string | null };
      storage.acknowledge(anomaly, event.at, by, note);
    } else if (kind === CONFIGURED) takeSettings(event);
  }

  /** Inside a commit. */
  function put(entry: LedgerEntry): LedgerEvent {
    const seq = ledger.append(entry);
    const [event] = ledger.read({ after: seq - 1, upTo: seq });
    if (!event) throw new Error(`The ledger does not give back what was put down as ${seq}.`);
    take(event);
    return event;
  }

  const open = (): number => [...storage.openCounts().values()].reduce((sum, n) => sum + n, 0);

  function tell(emit: Emit, id: string): StoredEvent | undefined {
    const [newest] = storage.events(id, Number.MAX_SAFE_INTEGER, 1);
    if (newest) emit({ type: 'agent.scored', body: { event: eventOf(newest), open: open() } });
    return newest;
  }

  /** A tier that changed with an input is an event of its own, that explains itself. */
  function tellTier(emit: Emit, id: string, was: AgentState, text: string): void {
    const state = stored(id)?.state;
    if (!state || state.tier === was.tier) return;
    const fell = isAbove(was.tier, state.tier);
    const score = scoreAt(state, state.at, rules());
    const why = { score, because: text, ceilings: ceilingsOf(state, rules()) };
    put({
      kind: TIER,
      subject: id,
      body: { from: was.tier, to: state.tier, fell, score, text: tierWords(was.tier, state.tier, fell, why) },
    });
    look(emit, id, tell(emit, id));
  }

  function look(emit: Emit, id: string, newest: StoredEvent | undefined): void {
    const state = stored(id)?.state;
    if (!newest || !state) return;
    const found = anomaliesIn(
      {
        agent: id,
        newest,
        week: storage.since(id, newest.at - LOOK_BACK_MS),
        recent: state.recent,
        moved: storage.moved(newest.at - MOVED_MS, newest.at - ACTIVE_MS),
      },
      rules(),
    );
    for (const { windowMs, kind, agents, serious, text } of found) {
      if (agents.some((one) => storage.standsAlready(kind, one, newest.at - windowMs))) continue;
      const { seq } = put({
        kind: ANOMALY,
        subject: id,
        body: { kind, agents, serious, text, sessionId: newest.sessionId },
      });
      const anomaly = storage.anomaly(seq);
      if (anomaly) emit({ type: 'agent.anomaly', body: { anomaly, open: open() } });
    }
  }

  /** Inside a commit: something was seen of an agent. What is known by its key counts once. */
  function seen(emit: Emit, id: string, input: Input, detail: Detail): void {
    if (typeof detail.key === 'string' && storage.hasKey(detail.key)) return;
    const { kind, ...rest } = input;
    const was = stored(id)?.state ?? newAgent(0);
    put({ kind: `agent.${kind}`, subject: id, body: { ...detail, ...rest } });
    look(emit, id, tell(emit, id));
    tellTier(emit, id, was, detail.text);
  }

  function rebuild(): void {
    journal.commit(() => {
      storage.clear();
      cached.clear();
      inForce = null;
      for (const event of agentEvents(ledger, ALL_KINDS)) take(event);
    });
  }

  return {
    put,
    seen,
    stored,
    rules,
    inForce: () => inForce,
    rebuild,

    /** Tables that do not end where the ledger ends (a copy of one of the two was put back) are made anew. */
    catchUp(): void {
      const newest = storage.newestSeq();
      const [more] = ledger.read({ kinds: ALL_KINDS, after: newest, limit: 1 });
      if (more) rebuild();
    },
  };
}
