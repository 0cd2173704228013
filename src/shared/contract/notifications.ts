import { z } from 'zod';
import { command, query } from './define.ts';

/** Something that a person is told once and that waits for no answer, as a channel shows it. */
export const Telling = z.object({
  /** The same for what replaces it. */
  id: z.string(),
  title: z.string(),
  body: z.string(),
  /** Where it can be seen: a hash of the larger window. */
  place: z.string(),
});
export type Telling = z.infer<typeof Telling>;

/** A way to reach the person. */
export const Channel = z.object({
  name: z.string(),
  title: z.string(),
  /** `unknown`: nothing was shown yet, so nobody knows. */
  state: z.enum(['ready', 'failing', 'off', 'unknown']),
  sentence: z.string(),
  /** Epoch ms of the last one that arrived; null: none did since the start. */
  lastAt: z.number().nullable(),
});
export type Channel = z.infer<typeof Channel>;

/** `sent`: it left, and nothing can tell whether it arrived. `silent`: no sign in time. */
export const TestOutcome = z.enum(['shown', 'sent', 'silent', 'failed', 'off']);

export const ChannelTest = z.object({
  channel: z.string(),
  title: z.string(),
  outcome: TestOutcome,
  /** What happened and, where it failed, what to do. */
  sentence: z.string(),
});
export type ChannelTest = z.infer<typeof ChannelTest>;

/** Something that waits for the person, as a channel shows it that can only lead there. */
export const Waiting = Telling.extend({
  /** Asked louder; another number is another showing. */
  loud: z.number(),
});
export type Waiting = z.infer<typeof Waiting>;

export const notificationMethods = {
  'notifications.waiting': query({
    summary: 'What open pages may notify of now, in private mode without what it is about.',
    input: z.object({}),
    output: z.array(Waiting),
  }),
  'notifications.channels': query({
    summary: 'The ways to reach the person, and how each stands.',
    input: z.object({}),
    output: z.array(Channel),
  }),
  'notifications.test': command({
    summary: 'Send a test over every channel that is on; says what became of each.',
    input: z.object({}),
    output: z.array(ChannelTest),
  }),
};

export const notificationSignals = {
  'notification.told': z.object({ telling: Telling }),
  'notification.withdrawn': z.object({ id: z.string() }),
};
