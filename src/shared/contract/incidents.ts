import { z } from 'zod';
import { LEVELS } from '../policy.ts';
import { Check } from './check.ts';
import { command, query } from './define.ts';

/**
 * - `proposed`: waits for a person. `shadow`: would have been done; at this level it is only shown.
 * - `running`: being restarted. `verifying`: has its time to start up.
 * - `healthy`, `still_down`: what the look afterwards saw. `failed`: the restart itself did not go through.
 * - `declined` by a person, `withdrawn` when it was no longer needed, `unknown`: Tenure ended meanwhile.
 */
export const RestartState = z.enum([
  'proposed',
  'shadow',
  'running',
  'verifying',
  'healthy',
  'still_down',
  'failed',
  'declined',
  'withdrawn',
  'unknown',
]);
export type RestartState = z.infer<typeof RestartState>;

/** The decision about one restart: who, why, at which level, with what was left of the budget. */
export const RestartRecord = z.object({
  id: z.string(),
  serviceId: z.string(),
  service: z.string(),
  incidentId: z.string().nullable(),
  state: RestartState,
  /** The exact command or call. */
  action: z.string(),
  by: z.string(),
  level: z.enum(LEVELS),
  reason: z.string(),
  /** Restarts left within the hour after this one, for this service and in all. */
  budget: z.object({ service: z.number(), all: z.number() }),
  at: z.number(),
  finishedAt: z.number().nullable(),
  detail: z.string().nullable(),
});
export type RestartRecord = z.infer<typeof RestartRecord>;

export const AlertVerdict = z.enum(['useful', 'false']);
export type AlertVerdict = z.infer<typeof AlertVerdict>;

/** From a confirmed failure to the confirmed recovery; `infrastructure`: several services at once. */
export const Incident = z.object({
  id: z.string(),
  kind: z.enum(['service', 'infrastructure']),
  /** Null for an infrastructure event. */
  serviceId: z.string().nullable(),
  /** One line for a person. */
  title: z.string(),
  cause: z.string(),
  /** The services that it is about, by name. */
  services: z.array(z.string()),
  /** The infrastructure event that speaks for this one. */
  partOf: z.string().nullable(),
  /** Epoch ms of the first failed check, of the confirmation, and of the confirmed recovery. */
  failingSince: z.number(),
  openedAt: z.number(),
  closedAt: z.number().nullable(),
  flapping: z.boolean(),
  /** When the person was told of it first; null: not yet, or its event spoke for it. */
  toldAt: z.number().nullable(),
  /** How often the person was reminded. */
  reminders: z.number(),
  /** Why a person has to look: the budget is spent, or a restart did not help. */
  needsPerson: z.string().nullable(),
  verdict: AlertVerdict.nullable(),
});
export type Incident = z.infer<typeof Incident>;

export const IncidentEntry = z.object({
  at: z.number(),
  kind: z.enum(['check', 'state', 'restart', 'message', 'note']),
  /** What was decided, done or told; of checks what the first of them saw. */
  text: z.string(),
  /** Equal checks in a row are one entry: the newest of them, and what they came to. Null: no checks. */
  checks: z.object({ until: z.number(), good: z.number(), failed: z.number(), unknown: z.number() }).nullable(),
});
export type IncidentEntry = z.infer<typeof IncidentEntry>;

/** What is told to the person; `recovered` only after one of the others. */
export const IncidentMessage = z.object({
  kind: z.enum(['down', 'infrastructure', 'reminder', 'person', 'recovered']),
  title: z.string(),
  body: z.string(),
});
export type IncidentMessage = z.infer<typeof IncidentMessage>;

export const incidentMethods = {
  'incidents.list': query({
    summary: 'Incidents, newest first; only open ones unless all is set.',
    input: z.object({
      all: z.boolean().optional(),
      serviceId: z.string().optional(),
      limit: z.number().int().min(1).max(1_000).optional(),
    }),
    output: z.array(Incident),
  }),
  'incidents.get': query({
    summary: 'One incident with its timeline: every check (equal ones in a row are one entry), restarts, messages.',
    input: z.object({ id: z.string() }),
    output: Incident.extend({ timeline: z.array(IncidentEntry) }),
  }),
  'incidents.checks': query({
    summary: 'The single checks of an incident in that time, oldest first; the newest thousand are kept.',
    input: z.object({ id: z.string(), from: z.number(), to: z.number() }),
    output: z.array(Check),
  }),
  'incidents.judge': command({
    summary: 'Say whether the alert of an incident was useful or false; it counts in the trust record.',
    input: z.object({ id: z.string(), verdict: AlertVerdict.nullable() }),
    output: Incident,
  }),
};

export const incidentFacts = {
  'incident.changed': z.object({ incident: Incident }),
  'incident.told': z.object({ incident: Incident, message: IncidentMessage }),
};
