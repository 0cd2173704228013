import { z } from 'zod';
import { query } from './define.ts';
import { ServiceSettings } from './services.ts';

/** Something that runs here and could be watched. */
export const Candidate = z.object({
  /** The same for the same thing at the next look. */
  key: z.string(),
  found: z.enum(['port', 'container', 'launchd', 'systemd']),
  name: z.string(),
  detail: z.string(),
  /** It is watched already. */
  watched: z.boolean(),
  /** Ready for `services.add`. */
  draft: ServiceSettings,
});
export type Candidate = z.infer<typeof Candidate>;

export const detectMethods = {
  'detect.candidates': query({
    summary: 'What listens and runs on this machine and could be watched; looked for anew each time.',
    input: z.object({}),
    output: z.object({
      candidates: z.array(Candidate),
      /** What could not be looked at, and why. */
      notes: z.array(z.string()),
    }),
  }),
};
