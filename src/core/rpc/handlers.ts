import { type InputOf, methods } from '../../shared/contract/index.ts';
import type { HealthCheck, Snapshot } from '../../shared/contract/system.ts';
import type { Activity } from '../activity/service.ts';
import type { Agents } from '../agents/service.ts';
import type { Alerts } from '../alerts/service.ts';
import type { History } from '../decisions/history/service.ts';
import type { Decisions } from '../decisions/service.ts';
import type { Detect } from '../detect/service.ts';
import type { Abort } from '../engine/abort.ts';
import type { LedgerChapter } from '../engine/ledger.ts';
import type { Pipeline } from '../engine/pipeline.ts';
import type { Shell } from '../engine/shell.ts';
import type { Watch } from '../engine/watch.ts';
import type { WorkTrees } from '../engine/worktrees.ts';
import type { Evaluations } from '../evaluation/service.ts';
import type { Imports } from '../imports/service.ts';
import type { Projects } from '../projects/service.ts';
import type { Load } from '../resources/load.ts';
import type { Resources } from '../resources/service.ts';
import type { Revenue } from '../revenue/service.ts';
import type { Reviews } from '../reviews/service.ts';
import type { Upcoming } from '../schedule/upcoming.ts';
import type { Sessions } from '../sessions/service.ts';
import type { Standing } from '../standing/service.ts';
import type { createSystemWatch } from '../system/service.ts';
import type { Transcripts } from '../transcripts/files.ts';
import type { Tribunal } from '../tribunal/service.ts';
import type { TrustService } from '../trust/service.ts';
import type { Handlers } from './dispatch.ts';
import { activityHandlers } from './handlers/activity.ts';
import { agentHandlers } from './handlers/agents.ts';
import { alertHandlers } from './handlers/alerts.ts';
import { analyticsHandlers } from './handlers/analytics.ts';
import { answeringHandlers } from './handlers/answering.ts';
import { evaluationHandlers } from './handlers/evaluations.ts';
import { historyHandlers } from './handlers/history.ts';
import { ledgerHandlers } from './handlers/ledger.ts';
import { type McpServices, mcpHandlers } from './handlers/mcp.ts';
import { policyHandlers } from './handlers/policy.ts';
import { resourceHandlers } from './handlers/resources.ts';
import { revenueHandlers } from './handlers/revenue.ts';
import { reviewHandlers } from './handlers/reviews.ts';
import { scheduleHandlers } from './handlers/schedule.ts';
import { serviceHandlers } from './handlers/services.ts';
import { type SettingsServices, settingsHandlers } from './handlers/settings.ts';
import { shellHandlers } from './handlers/shell.ts';
import { standingHandlers } from './handlers/standing.ts';
import { type TelemetryServices, telemetryHandlers } from './handlers/telemetry.ts';
import { transcriptHandlers } from './handlers/transcripts.ts';
import { trustHandlers } from './handlers/trust.ts';
import { type UsageServices, usageHandlers } from './handlers/usage.ts';
import { worktreeHandlers } from './handlers/worktrees.ts';

const PAGE = 200;
const COMMANDS = Object.entries(methods).flatMap(([name, { kind, summary }]) =>
  kind === 'command' ? [{ name, summary }] : [],
);
const SNOOZE_MS = 10 * 60_000;

export interface Services extends TelemetryServices, UsageServices, McpServices, SettingsServices {
  activity: Activity;
  upcoming: Upcoming;
  projects: Projects;
  sessions: Sessions;
  imports: Imports;
  transcripts: Transcripts;
  reviews: Reviews;
  decisions: Decisions;
  abort: Abort;
  pipeline: Pipeline;
  history: History;
  standing: Standing;
  tribunal: Tribunal;
  trust: TrustService;
  agents: Agents;
  ledgers: LedgerChapter;
  alerts: Alerts;
  evaluations: Evaluations;
  watch: Watch;
  system: ReturnType<typeof createSystemWatch>;
  revenue: Revenue;
  resources: Resources;
  load: Load;
  detect: Detect;
  work: WorkTrees;
  shell: Shell;
  snapshot(): Snapshot;
  doctor(input: InputOf<'system.doctor'>): Promise<HealthCheck[]>;
  setPaused(paused: boolean): void;
}

/** The whole API on one screen. */
export function createHandlers(s: Services): Handlers {
  return {
    ...serviceHandlers(s.watch),
    ...activityHandlers(s.activity),
    ...scheduleHandlers(s.upcoming),

    'state.snapshot': () => s.snapshot(),
    'system.sample': () => s.system.sample(),
    'system.commands': () => COMMANDS,
    'system.doctor': (input) => s.doctor(input),

    'projects.list': () => s.projects.list(),
    'projects.find': (input) => s.projects.find(input),
    'projects.add': (input) => s.projects.add(input),
    'projects.update': (input) => s.projects.update(input),
    'projects.remove': (input) => s.projects.remove(input),
    'projects.schedule': (input) => s.projects.setSchedule(input),

    'sessions.list': (filter) => s.sessions.list(filter),
    'sessions.get': ({ id }) => s.sessions.detail(id),
    ...transcriptHandlers(s),
    ...reviewHandlers(s),
    'sessions.launch': (input) => s.sessions.launch(input, 'person'),
    'sessions.followUps': ({ id }) => s.sessions.followUps(id),
    'sessions.followUp': ({ id, prompt }) => s.sessions.followUp(id, prompt),
    'sessions.editFollowUp': ({ id, prompt }) => s.sessions.editFollowUp(id, prompt),
    'sessions.removeFollowUp': ({ id }) => s.sessions.removeFollowUp(id),
    'sessions.resume': ({ id, prompt }) => s.sessions.resume(id, prompt),
    'sessions.retry': ({ id, prompt }) => s.sessions.retry(id, { prompt, source: 'person' }),
    'sessions.fork': ({ id, prompt }) => s.sessions.fork(id, prompt),
    'imports.list': () => s.imports.list(),
    'imports.transcript': ({ id, limit }) => s.imports.transcript(id, limit),
    'followOn.get': ({ projectId }) => s.sessions.followOn.get(projectId),
    'followOn.set': (input) => s.sessions.followOn.set(input),
    'followOn.next': ({ id }) => s.sessions.followOn.next(id),
    'sessions.stop': ({ id }) => s.sessions.stop(id),
    'sessions.goOn': ({ id }) => s.sessions.goOn(id),
    'sessions.snooze': ({ id, ms }) => s.sessions.snooze(id, ms ?? SNOOZE_MS),
    'sessions.stopAll': () => s.sessions.stopAll(s.setPaused),
    'sessions.pauseAll': ({ paused }) => {
      s.setPaused(paused);
      return { paused };
    },

    'decisions.list': ({ all, sessionId, limit }) => {
      const decisions = sessionId ? s.decisions.ofSession(sessionId).toReversed() : s.decisions.recent(limit ?? PAGE);
      const wanted = all
        ? decisions
        : sessionId
          ? decisions.filter((d) => d.state === 'pending')
          : s.decisions.pending();
      return wanted.slice(0, limit ?? PAGE);
    },
    ...answeringHandlers(s),
    ...analyticsHandlers(s),
    ...policyHandlers(s),
    ...revenueHandlers(s.revenue),
    ...standingHandlers(s),
    ...resourceHandlers(s.resources, s.load),
    ...historyHandlers(s),
    'detect.candidates': () => s.detect.candidates(),
    'tribunal.get': ({ decisionId }) => s.tribunal.get(decisionId),

    ...agentHandlers(s),
    ...ledgerHandlers(s.ledgers),
    ...trustHandlers(s),
    ...alertHandlers(s),
    ...worktreeHandlers(s.work),
    ...evaluationHandlers(s.evaluations, s.work.after),
    ...telemetryHandlers(s),
    ...usageHandlers(s),
    ...mcpHandlers(s.mcp),
    ...shellHandlers(s.shell),
    ...settingsHandlers(s),
  };
}
