import { z } from 'zod';
import { command, query } from './define.ts';

/** What is watched of the machine. cpu, memory, disk: 0–1; temperature: °C. */
export const METRICS = ['cpu', 'memory', 'disk', 'temperature', 'thermal'] as const;
export const Metric = z.enum(METRICS);
export type Metric = z.infer<typeof Metric>;

/** Beyond `above` for `forMs` the person is told once; below `clearBelow` for a while it is over. */
const threshold = (above: number, clearBelow: number, minutes: number) =>
  z
    .strictObject({
      above: z.number().min(0).default(above),
      clearBelow: z.number().min(0).default(clearBelow),
      forMs: z
        .number()
        .int()
        .min(0)
        .max(86_400_000)
        .default(minutes * 60_000),
    })
    .refine((t) => t.clearBelow <= t.above, 'clearBelow must not lie above "above"')
    .nullable()
    .prefault({});

/** null switches one off. `thermal` is macOS's own word for heat: 0 nominal, 1 fair, 2 serious, 3 critical. */
export const ResourceThresholds = z
  .strictObject({
    cpu: threshold(0.9, 0.75, 10),
    memory: threshold(0.92, 0.85, 5),
    disk: threshold(0.9, 0.88, 2),
    temperature: threshold(90, 80, 2),
    thermal: threshold(2, 1, 1),
  })
  .prefault({});
export type ResourceThresholds = z.infer<typeof ResourceThresholds>;

/** A threshold as a probe of ourselves. `unknown`: it could not be measured. */
export const ResourceState = z.object({
  metric: Metric,
  state: z.enum(['ok', 'pending', 'firing', 'unknown', 'off']),
  value: z.number().nullable(),
  above: z.number().nullable(),
  forMs: z.number().nullable(),
  /** Since when it is beyond its threshold. */
  since: z.number().nullable(),
});
export type ResourceState = z.infer<typeof ResourceState>;

export const ResourceAlert = z.object({
  id: z.string(),
  at: z.number(),
  metric: Metric,
  sentence: z.string(),
  peak: z.number(),
  clearedAt: z.number().nullable(),
  verdict: z.enum(['useful', 'false']).nullable(),
});
export type ResourceAlert = z.infer<typeof ResourceAlert>;

/** A step of the history; null: not measured then. cpu, memory, disk 0–1; what went through network and disk in bytes a second. */
export const ResourcePoint = z.object({
  at: z.number(),
  cpu: z.number().nullable(),
  cpuMax: z.number().nullable(),
  memory: z.number().nullable(),
  memoryMax: z.number().nullable(),
  disk: z.number().nullable(),
  temperature: z.number().nullable(),
  received: z.number().nullable(),
  sent: z.number().nullable(),
  read: z.number().nullable(),
  written: z.number().nullable(),
});
export type ResourcePoint = z.infer<typeof ResourcePoint>;

/** The machine now, in detail. Rates are of the time since the look before; null: not known (yet). Parts are 0–1. */
export const LoadNow = z.object({
  at: z.number(),
  cores: z.array(z.number().nullable()),
  /** Over 1, 5 and 15 minutes. */
  load: z.array(z.number()).nullable(),
  uptimeMs: z.number(),
  swap: z.object({ usedBytes: z.number(), totalBytes: z.number() }).nullable(),
  /** Bytes a second. */
  network: z.object({ received: z.number(), sent: z.number() }).nullable(),
  disk: z.object({ read: z.number(), written: z.number() }).nullable(),
  /** macOS's own word for heat. */
  thermal: z.enum(['nominal', 'fair', 'serious', 'critical']).nullable(),
  temperature: z.number().nullable(),
  /** What Tenure itself uses, without the agents that it started; cpu of one core. */
  own: z.object({ cpu: z.number().nullable(), memoryBytes: z.number() }),
});
export type LoadNow = z.infer<typeof LoadNow>;

export const RANGES = ['1h', '24h', '7d'] as const;
export type Range = (typeof RANGES)[number];

export const resourceMethods = {
  'resources.state': query({
    summary: 'Each threshold as a probe of ourselves, memory pressure, and the machine in one line.',
    input: z.object({}),
    output: z.object({
      thresholds: z.array(ResourceState),
      pressure: z.enum(['normal', 'warning', 'critical']).nullable(),
      line: z.string(),
    }),
  }),
  'resources.load': query({
    summary: 'The machine now in detail: each core, disk, network, load, uptime, and what Tenure itself uses.',
    input: z.object({}),
    output: LoadNow,
  }),
  'resources.top': query({
    summary: 'The processes that use the most processor time or memory, by name.',
    input: z.object({}),
    output: z.array(z.object({ pid: z.number(), name: z.string(), cpu: z.number(), memoryBytes: z.number() })),
  }),
  'resources.history': query({
    summary: 'What the machine did in the last hour, day or week; a step that was not measured is null.',
    input: z.strictObject({ range: z.enum(RANGES) }),
    output: z.object({ from: z.number(), to: z.number(), stepMs: z.number(), points: z.array(ResourcePoint) }),
  }),
  'resources.alerts': query({
    summary: 'What was told about the machine, newest first.',
    input: z.strictObject({ limit: z.number().int().min(1).max(500).default(50) }),
    output: z.array(ResourceAlert),
  }),
  'resources.judge': command({
    summary: 'Say whether an alert about the machine was useful or false; it counts in the trust record.',
    input: z.strictObject({ id: z.string().min(1).max(100), verdict: z.enum(['useful', 'false']).nullable() }),
    output: ResourceAlert,
  }),
};

export const resourceFacts = {
  'resource.alerted': z.object({ alert: ResourceAlert }),
  'resource.cleared': z.object({ alert: ResourceAlert }),
};
