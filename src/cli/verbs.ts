import type { Chapter } from './help.ts';
import { realDoors } from './service/doors.ts';
import type { Verb } from './verb.ts';
import { activity } from './verbs/activity.ts';
import { agentVerbs } from './verbs/agents.ts';
import { alertVerbs } from './verbs/alerts.ts';
import { answeringVerbs } from './verbs/answering.ts';
import { commentAdd, commentList, commentRemove, commentSend } from './verbs/comments.ts';
import { configVerbs } from './verbs/config.ts';
import { answer, followUp, fork, prompts, resume, retry } from './verbs/conversation.ts';
import { approve, decisions, deny } from './verbs/decisions.ts';
import { digest } from './verbs/digest.ts';
import { doctor } from './verbs/doctor.ts';
import {
  evaluationsAgreement,
  evaluationsList,
  evaluationsRate,
  evaluationsRescore,
  evaluationsShow,
} from './verbs/evaluations.ts';
import { projectFollow } from './verbs/follow-on.ts';
import { gateSettingsVerbs } from './verbs/gate-settings.ts';
import { incidentVerbs } from './verbs/incidents.ts';
import { ledgerVerbs } from './verbs/ledger.ts';
import { mcpVerbs } from './verbs/mcp.ts';
import { shellVerbs } from './verbs/notifications.ts';
import { open } from './verbs/open.ts';
import { goOn, pause, snooze } from './verbs/pause.ts';
import { policyCheck } from './verbs/policy.ts';
import { probeVerbs } from './verbs/probe.ts';
import { projectAdd, projectList, projectRemove, projectSchedule, projectSet } from './verbs/project.ts';
import { approvePromotion, declinePromotion, promotion } from './verbs/promotion.ts';
import { revenueVerbs } from './verbs/revenue.ts';
import { decisionWrong, rules, rulesAdd, rulesRevoke } from './verbs/rules.ts';
import { run } from './verbs/run.ts';
import { schedule } from './verbs/schedule.ts';
import { serviceVerbs } from './verbs/service.ts';
import { session, sessions } from './verbs/sessions.ts';
import { status } from './verbs/status.ts';
import { stop } from './verbs/stop.ts';
import { telemetryVerbs } from './verbs/telemetry.ts';
import { terminals } from './verbs/terminals.ts';
import { transcript } from './verbs/transcript.ts';
import { level, trust } from './verbs/trust.ts';
import { trustPreview } from './verbs/trust-preview.ts';
import { trustRecordVerbs } from './verbs/trust-record.ts';
import { usageVerbs } from './verbs/usage.ts';
import { worktreeVerbs } from './verbs/worktrees.ts';

/** The help, from what is used every day to what is set up once. */
export const CHAPTERS: readonly Chapter[] = [
  { title: 'Every day', verbs: [status, open, doctor, activity, digest] },
  {
    title: 'Projects',
    verbs: [projectAdd, projectList, projectSet, projectRemove, projectSchedule, schedule, projectFollow],
  },
  { title: 'Sessions', verbs: [run, sessions, session, transcript, stop, pause, goOn, snooze, terminals] },
  {
    title: 'Talking with a session',
    verbs: [followUp, prompts, answer, resume, retry, fork, commentList, commentAdd, commentRemove, commentSend],
  },
  { title: 'The work of a session', verbs: worktreeVerbs },
  {
    title: 'What waits for you',
    verbs: [decisions, approve, deny, ...answeringVerbs, promotion, approvePromotion, declinePromotion],
  },
  {
    title: 'What the gate lets through',
    verbs: [level, rules, rulesAdd, rulesRevoke, decisionWrong, policyCheck, ...gateSettingsVerbs],
  },
  {
    title: 'Scores and trust',
    verbs: [
      evaluationsList,
      evaluationsShow,
      evaluationsRate,
      evaluationsRescore,
      evaluationsAgreement,
      trust,
      ...ledgerVerbs,
      ...trustRecordVerbs,
      trustPreview,
      ...alertVerbs,
    ],
  },
  { title: 'Agents and models', verbs: [...agentVerbs, ...usageVerbs, ...telemetryVerbs, ...mcpVerbs] },
  { title: 'Services', verbs: [...probeVerbs, ...incidentVerbs] },
  { title: 'Revenue', verbs: revenueVerbs },
  { title: 'This machine', verbs: [...shellVerbs, ...serviceVerbs(realDoors), ...configVerbs] },
];

/** Every verb, in the order of the help. */
export const VERBS: readonly Verb[] = CHAPTERS.flatMap(({ verbs }) => verbs);
