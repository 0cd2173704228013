import { z } from 'zod';
import { Decision } from './decisions.ts';
import { query } from './define.ts';
import { Incident } from './incidents.ts';
import { LedgerState } from './ledger.ts';
import { Project } from './projects.ts';
import { RevenueSummary } from './revenue.ts';
import { Service } from './services.ts';
import { Session } from './sessions.ts';
import { Trust } from './trust.ts';
import { Limits } from './usage.ts';

/** One look at the machine. null = could not be measured. */
export const SystemSample = z.object({
  at: z.number(),
  /** 0–1 over all cores since the sample before. */
  cpu: z.number().nullable(),
  memoryUsedBytes: z.number().nullable(),
  memoryTotalBytes: z.number().nullable(),
  diskUsedBytes: z.number().nullable(),
  diskTotalBytes: z.number().nullable(),
  load1: z.number().nullable(),
});
export type SystemSample = z.infer<typeof SystemSample>;

/** What a button beside a check does: it opens a place, or asks for something; the words are the label. */
export const FixAct = z.object({
  kind: z.enum(['add-project', 'test-notifications', 'start-at-login', 'settings', 'open']),
  label: z.string(),
  /** A key of the settings, or a hash of the larger window. */
  target: z.string().nullable(),
});
export type FixAct = z.infer<typeof FixAct>;

/** One thing that Tenure needs, looked at now. */
export const HealthCheck = z.object({
  name: z.string(),
  state: z.enum(['ok', 'warning', 'failing', 'unknown']),
  detail: z.string(),
  /** What to do about it, in a sentence. */
  fix: z.string().nullable(),
  /** The same as a command for a terminal. */
  command: z.string().nullable(),
  act: FixAct.nullable(),
  /** Epoch ms of the last look that found it well; null: none ever did. */
  lastOkAt: z.number().nullable(),
  lastError: z.object({ at: z.number(), sentence: z.string() }).nullable(),
});
export type HealthCheck = z.infer<typeof HealthCheck>;

/** What one look finds; when it was well last is known by whoever keeps the record. */
export type Finding = Pick<HealthCheck, 'name' | 'state' | 'detail' | 'fix'> &
  Partial<Pick<HealthCheck, 'command' | 'act'>>;

export const EngineInfo = z.object({
  version: z.string(),
  host: z.enum(['electron', 'headless']),
  demo: z.boolean(),
  pid: z.number(),
  startedAt: z.number(),
  home: z.string(),
  concurrency: z.number(),
  /** Notifications and the menubar name nothing. */
  private: z.boolean(),
  /** Grows with each change of the configuration that is heard of; 0: none since the start. */
  configuredAt: z.number(),
});
export type EngineInfo = z.infer<typeof EngineInfo>;

/** Everything a screen starts from; `seq` is the journal sequence it includes. */
export const Snapshot = z.object({
  seq: z.number(),
  engine: EngineInfo,
  projects: z.array(Project),
  /** All that have not ended, and the newest ended ones. */
  sessions: z.array(Session),
  /** All pending, and the newest answered ones. */
  decisions: z.array(Decision),
  trust: Trust,
  /** Agents: grows with each change of them; anomalies that nobody has looked at. */
  agents: z.object({ changes: z.number(), open: z.number() }),
  /** Alerts: grows with each that is told or judged, at whatever level. */
  alerts: z.object({ changes: z.number() }),
  /** Standing rules are asked for where they are shown, again when this moves: the newest fact about one. */
  rules: z.object({ changes: z.number() }),
  ledger: LedgerState,
  services: z.array(Service),
  /** All that are open, and the newest closed ones. */
  incidents: z.array(Incident),
  paused: z.boolean(),
  system: z.array(SystemSample),
  /** What was earned; null while there is no source. */
  revenue: RevenueSummary.nullable(),
  limits: Limits,
  /** Sentences about the program itself: bad config edit, agent missing, disk full. */
  notices: z.array(z.string()),
});
export type Snapshot = z.infer<typeof Snapshot>;

export const systemMethods = {
  'state.snapshot': query({ summary: 'Everything a screen starts from.', input: z.object({}), output: Snapshot }),
  'system.sample': query({ summary: 'Look at the machine now.', input: z.object({}), output: SystemSample }),
  'system.commands': query({
    summary: 'Everything that can be done, each by the name of its method and in a sentence.',
    input: z.object({}),
    output: z.array(z.object({ name: z.string(), summary: z.string() })),
  }),
  'system.doctor': query({
    summary: 'Check everything Tenure needs, each with the state in words, when it was well last, and a fix.',
    /** Names of checks; all of them unless given. */
    input: z.object({ only: z.array(z.string()).max(50).optional() }),
    output: z.array(HealthCheck),
  }),
};

export const systemFacts = {
  'notices.changed': z.object({ notices: z.array(z.string()) }),
};

export const systemSignals = {
  'system.sampled': z.object({ sample: SystemSample }),
};
