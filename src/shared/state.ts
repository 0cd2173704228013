import type { Alert } from './contract/alerts.ts';
import type { Check } from './contract/check.ts';
import type { Decision } from './contract/decisions.ts';
import type { Incident } from './contract/incidents.ts';
import type { Envelope, Signal } from './contract/index.ts';
import type { Session } from './contract/sessions.ts';
import type { Snapshot } from './contract/system.ts';

/** How many ended sessions and answered decisions a snapshot keeps beside the open ones. */
export const RECENT = 60;
const SYSTEM_SAMPLES = 120;

/** The three groups a person sees sessions in. */
export type SessionGroup = 'needs_input' | 'working' | 'completed';

/** Derived, never stored: a working session with a pending decision, or one that is silent for long, needs input. */
export function groupOf(session: Pick<Session, 'state' | 'pendingDecisions' | 'stall'>): SessionGroup {
  if (session.state === 'ended') return 'completed';
  if (session.state === 'parked' || session.pendingDecisions > 0 || session.stall) return 'needs_input';
  return 'working';
}

function upsert<T extends { id: string }>(list: readonly T[], item: T): T[] {
  const at = list.findIndex((other) => other.id === item.id);
  return at < 0 ? [item, ...list] : list.with(at, item);
}

/** Keeps everything that is open and the newest RECENT of the rest; `list` is newest first. */
export function keepRecent<T>(list: readonly T[], isOpen: (item: T) => boolean): T[] {
  let room = RECENT;
  return list.filter((item) => isOpen(item) || room-- > 0);
}

const withSession = (state: Snapshot, session: Session): Snapshot => ({
  ...state,
  sessions: keepRecent(upsert(state.sessions, session), (s) => s.state !== 'ended'),
});

/** A session that is asked about needs input: its count is derived here, no fact repeats it. */
function withDecision(state: Snapshot, decision: Decision): Snapshot {
  const decisions = keepRecent(upsert(state.decisions, decision), (d) => d.state === 'pending');
  const { sessionId } = decision;
  const pendingDecisions = decisions.filter((d) => d.sessionId === sessionId && d.state === 'pending').length;
  const sessions = state.sessions.map((s) =>
    s.id === sessionId && s.pendingDecisions !== pendingDecisions ? { ...s, pendingDecisions } : s,
  );
  return { ...state, decisions, sessions };
}

const withIncident = (state: Snapshot, incident: Incident): Snapshot => ({
  ...state,
  incidents: keepRecent(upsert(state.incidents, incident), ({ closedAt }) => closedAt === null),
});

/** One more that nobody has judged, at the level in force. */
function withAlert(state: Snapshot, { level }: Alert, seq: number): Snapshot {
  const { trust } = state;
  const alerts = { changes: seq };
  if (level !== trust.level) return { ...state, alerts };
  return { ...state, alerts, trust: { ...trust, alerts: { ...trust.alerts, unjudged: trust.alerts.unjudged + 1 } } };
}

/** Each service's newest check; the rest of it changes only by facts. */
function withChecks(state: Snapshot, checks: readonly (Check & { id: string })[]): Snapshot {
  const newest = new Map(checks.map(({ id, ...check }) => [id, check]));
  const services = state.services.map((service) => {
    const last = newest.get(service.id);
    return last ? { ...service, last } : service;
  });
  return { ...state, services };
}

function applyBody(state: Snapshot, fact: Envelope): Snapshot {
  switch (fact.type) {
    case 'work.pushed':
      return state;
    case 'project.saved':
      return { ...state, projects: upsertLast(state.projects, fact.body.project) };
    case 'project.removed':
      return { ...state, projects: state.projects.filter((p) => p.id !== fact.body.id) };
    case 'session.queued':
    case 'session.changed':
    case 'session.ended':
    case 'session.evaluated':
    case 'session.settled':
      return withSession(state, fact.body.session);
    case 'sessions.paused':
      return { ...state, paused: fact.body.paused };
    case 'decision.recorded':
    case 'decision.answered':
    case 'decision.settled':
    case 'decision.raised':
      return withDecision(state, fact.body.decision);
    case 'trust.changed':
    case 'level.changed':
    case 'promotion.proposed':
    case 'promotion.closed':
      return { ...state, trust: fact.body.trust };
    case 'agent.scored':
    case 'agent.anomaly':
    case 'agents.configured':
      // Read where they are shown; how much there is to look at is on every screen.
      return { ...state, agents: { changes: fact.seq, open: fact.body.open } };
    case 'ledger.changed':
    case 'ledger.broken':
      return { ...state, ledger: fact.body.ledger };
    case 'alert.judged':
      return { ...state, alerts: { changes: fact.seq }, trust: fact.body.trust };
    case 'alert.told':
      return withAlert(state, fact.body.alert, fact.seq);
    case 'trust.severe':
      return state; // the record that it changed is told by itself
    case 'evaluation.alerted':
      return state; // for who tells the person; the session itself says the rest
    case 'review.changed':
      // Read where they are shown; nothing of it is mirrored.
      return state;
    case 'alert.raised':
    case 'alert.changed':
    case 'resource.alerted': // what it says is in the notices
      return { ...state, alerts: { changes: fact.seq } };
    case 'resource.cleared':
      return state; // for who tells the person; the notices say it on screen
    case 'revenue.changed':
      return { ...state, revenue: fact.body.revenue };
    case 'rule.added':
    case 'rule.revoked':
      return { ...state, rules: { changes: fact.seq } };
    // Asked for where they are shown, and told of by whoever tells.
    case 'budget.warned':
    case 'mcp.changed':
      return state;
    case 'service.changed':
      return { ...state, services: upsertLast(state.services, fact.body.service) };
    case 'service.removed':
      return { ...state, services: state.services.filter((service) => service.id !== fact.body.id) };
    case 'revenue.told':
    case 'daily.told':
      return state;
    case 'incident.changed':
      return withIncident(state, fact.body.incident);
    case 'incident.told':
      return { ...withIncident(state, fact.body.incident), alerts: { changes: fact.seq } };
    case 'limits.changed':
      return { ...state, limits: fact.body.limits };
    case 'config.changed': {
      const { concurrency, private: isPrivate } = fact.body;
      return { ...state, engine: { ...state.engine, concurrency, private: isPrivate, configuredAt: fact.seq } };
    }
    case 'notices.changed':
      return { ...state, notices: fact.body.notices };
  }
}

function upsertLast<T extends { id: string }>(list: readonly T[], item: T): T[] {
  const at = list.findIndex((other) => other.id === item.id);
  return at < 0 ? [...list, item] : list.with(at, item);
}

/** The one reducer. A fact that the snapshot already includes changes nothing. */
export function applyFact(state: Snapshot, fact: Envelope): Snapshot {
  if (fact.seq <= state.seq) return state;
  return { ...applyBody(state, fact), seq: fact.seq };
}

/** Live figures; they carry no sequence and may be lost without harm. */
export function applySignal(state: Snapshot, signal: Signal): Snapshot {
  switch (signal.type) {
    case 'session.activity': {
      const { id, ...live } = signal.body;
      return {
        ...state,
        sessions: state.sessions.map((s) => (s.id === id && s.state !== 'ended' ? { ...s, ...live } : s)),
      };
    }
    // Shown by the page itself, as a notification of the browser.
    case 'notification.told':
    case 'notification.withdrawn':
      return state;
    case 'services.checked':
      return withChecks(state, signal.body.checks);
    case 'system.sampled':
      return { ...state, system: [...state.system, signal.body.sample].slice(-SYSTEM_SAMPLES) };
  }
}
