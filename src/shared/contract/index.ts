import type { z } from 'zod';
import { activityMethods } from './activity.ts';
import { agentFacts, agentMethods } from './agents.ts';
import { alertFacts, alertMethods } from './alerts.ts';
import { analyticsFacts, analyticsMethods } from './analytics.ts';
import { answeringMethods } from './answering.ts';
import { conversationMethods } from './conversation.ts';
import { dailyFacts, dailyMethods } from './daily.ts';
import { decisionFacts, decisionMethods } from './decisions.ts';
import { detectMethods } from './detect.ts';
import { evaluationFacts, evaluationMethods } from './evaluations.ts';
import { followOnMethods } from './follow-on.ts';
import { historyMethods } from './history.ts';
import { importMethods } from './imports.ts';
import { incidentFacts, incidentMethods } from './incidents.ts';
import { ledgerFacts, ledgerMethods } from './ledger.ts';
import { mcpFacts, mcpMethods } from './mcp.ts';
import { notificationMethods, notificationSignals } from './notifications.ts';
import { policyMethods } from './policy.ts';
import { projectFacts, projectMethods } from './projects.ts';
import { resourceFacts, resourceMethods } from './resources.ts';
import { revenueFacts, revenueMethods } from './revenue.ts';
import { reviewFacts, reviewMethods } from './reviews.ts';
import { scheduleMethods } from './schedule.ts';
import { serviceFacts, serviceMethods, serviceSignals } from './services.ts';
import { sessionFacts, sessionMethods, sessionSignals } from './sessions.ts';
import { settingsFacts, settingsMethods } from './settings.ts';
import { shellMethods } from './shell.ts';
import { standingFacts, standingMethods } from './standing.ts';
import { systemFacts, systemMethods, systemSignals } from './system.ts';
import { telemetryMethods } from './telemetry.ts';
import { transcriptMethods } from './transcripts.ts';
import { tribunalMethods } from './tribunal.ts';
import { trustFacts, trustMethods } from './trust.ts';
import { trustPreviewMethods } from './trust-preview.ts';
import { trustSettingsMethods } from './trust-settings.ts';
import { usageFacts, usageMethods } from './usage.ts';
import { worktreeFacts, worktreeMethods } from './worktrees.ts';

/** The whole API: every method, fact and signal, with its schemas. */
export const methods = {
  ...systemMethods,
  ...projectMethods,
  ...sessionMethods,
  ...transcriptMethods,
  ...reviewMethods,
  ...conversationMethods,
  ...followOnMethods,
  ...importMethods,
  ...decisionMethods,
  ...answeringMethods,
  ...policyMethods,
  ...historyMethods,
  ...analyticsMethods,
  ...tribunalMethods,
  ...standingMethods,
  ...trustMethods,
  ...trustPreviewMethods,
  ...trustSettingsMethods,
  ...agentMethods,
  ...ledgerMethods,
  ...alertMethods,
  ...worktreeMethods,
  ...evaluationMethods,
  ...telemetryMethods,
  ...revenueMethods,
  ...serviceMethods,
  ...incidentMethods,
  ...usageMethods,
  ...resourceMethods,
  ...mcpMethods,
  ...detectMethods,
  ...notificationMethods,
  ...dailyMethods,
  ...shellMethods,
  ...activityMethods,
  ...settingsMethods,
  ...scheduleMethods,
};
export const facts = {
  ...systemFacts,
  ...projectFacts,
  ...sessionFacts,
  ...decisionFacts,
  ...analyticsFacts,
  ...standingFacts,
  ...trustFacts,
  ...agentFacts,
  ...ledgerFacts,
  ...alertFacts,
  ...evaluationFacts,
  ...reviewFacts,
  ...revenueFacts,
  ...serviceFacts,
  ...incidentFacts,
  ...usageFacts,
  ...resourceFacts,
  ...mcpFacts,
  ...worktreeFacts,
  ...settingsFacts,
  ...dailyFacts,
};
export const signals = { ...systemSignals, ...sessionSignals, ...serviceSignals, ...notificationSignals };

export type MethodName = keyof typeof methods;
export type InputOf<M extends MethodName> = z.infer<(typeof methods)[M]['input']>;
export type OutputOf<M extends MethodName> = z.infer<(typeof methods)[M]['output']>;

export type FactName = keyof typeof facts;
/** A fact as listeners get it: name, body and, by the name, the type of the body. */
export type Fact = { [F in FactName]: { type: F; body: z.infer<(typeof facts)[F]> } }[FactName];

export type SignalName = keyof typeof signals;
export type Signal = { [S in SignalName]: { type: S; body: z.infer<(typeof signals)[S]> } }[SignalName];

/** A fact with its place in the journal. `at` is epoch milliseconds. */
export type Envelope = Fact & { seq: number; at: number };
