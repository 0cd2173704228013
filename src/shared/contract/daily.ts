import { z } from 'zod';
import { query } from './define.ts';

/** The day in a title and a body, as it was told. */
const DailyMessage = z.object({
  /** Of what happened after `from` and up to `to`; epoch ms. */
  from: z.number(),
  to: z.number(),
  title: z.string(),
  body: z.string(),
});

/** What happened in a while, for who was away. */
export const Daily = z.object({
  /** When it is told next; null: it is switched off. */
  dueAt: z.number().nullable(),
  /** The newest that was told; null: none was. */
  told: DailyMessage.nullable(),
  /** What has happened since, and waits now; null: nothing has, and nothing does. */
  now: DailyMessage.nullable(),
});
export type Daily = z.infer<typeof Daily>;

export const dailyMethods = {
  'daily.get': query({
    summary: "The day's digest: sessions, scores, price, services and what waits, since it was told last.",
    input: z.object({}),
    output: Daily,
  }),
};

export const dailyFacts = { 'daily.told': DailyMessage };
