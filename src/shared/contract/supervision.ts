import { z } from 'zod';

/**
 * Why a queued session is not started yet, though it is its turn. The causes of an earlier run's end
 * (`quota` … `interrupted`) lead to a next run by themselves; `memory` ends when there is room again.
 */
export const WaitReason = z.enum(['quota', 'transient', 'crashed', 'truncated', 'interrupted', 'memory', 'budget']);
export type WaitReason = z.infer<typeof WaitReason>;

/**
 * Why a session was paused and a person is asked to go on or stop. `repeating`, `burning` and
 * `no_progress` are judged while it runs; `blocked`: its retries are used up; `budget`: that of its
 * project or of the day is spent.
 */
export const HeldReason = z.enum(['repeating', 'burning', 'no_progress', 'blocked', 'budget']);
export type HeldReason = z.infer<typeof HeldReason>;

export const Held = z.object({
  reason: HeldReason,
  since: z.number(),
  /** What was seen, a sentence each. */
  evidence: z.array(z.string()),
});
export type Held = z.infer<typeof Held>;

/** A run that has been silent for longer than is usual: a signal, not a verdict. */
export const Stall = z.object({
  /** The last line of its output. */
  lastLineAt: z.number(),
  /** When it is ended unless it speaks or somebody snoozes it; null: never. */
  endsAt: z.number().nullable(),
  /** What is known of it now, a sentence each: the last tool, its processes, the processor time they use. */
  evidence: z.array(z.string()),
});
export type Stall = z.infer<typeof Stall>;

/** How a session is watched over, beside its state. */
export const supervision = {
  /** Set only while queued: what it waits for. */
  waitingFor: WaitReason.nullable(),
  /** When it goes on by itself; null while nothing is planned or the time is not known. */
  retryAt: z.number().nullable(),
  /** How many runs in a row have ended early for the present cause; 0: none. */
  attempt: z.number(),
  /** Set only while parked: paused, with the question to go on or stop. */
  held: Held.nullable(),
  /** Set only while it runs and is silent for suspiciously long. */
  stall: Stall.nullable(),
};
