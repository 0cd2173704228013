import { z } from 'zod';
import { ScorePreview } from './agents.ts';
import { command, query } from './define.ts';
import { TrustPreview } from './trust-preview.ts';

/** Keys below `trust` with their values, as in the configuration: `{"score.perDay": 50}`. */
const TrustChanges = z.record(z.string().min(1).max(200), z.unknown());

/** The rules of trust as they hold, and as they would be without a word of the person's. */
const TrustSettingsView = z.object({
  settings: z.record(z.string(), z.unknown()),
  defaults: z.record(z.string(), z.unknown()),
});

/** Points, decay, tiers and thresholds as one resource (S3-37, S3-66). */
export const trustSettingsMethods = {
  'trust.settings': query({
    summary: 'The rules of the level and of the agent score as they hold, and their defaults.',
    input: z.object({}),
    output: TrustSettingsView,
  }),
  'trust.set': command({
    summary: 'Set keys of "trust"; all of them or none. Answers with the settings as they hold then.',
    input: z.object({ changes: TrustChanges }),
    output: TrustSettingsView,
  }),
  'trust.reset': command({
    summary: 'Put keys of "trust" back to their defaults: those that are named, or all.',
    input: z.object({ keys: z.array(z.string().min(1).max(200)).max(100).optional() }),
    output: TrustSettingsView,
  }),
  'trust.previewSettings': query({
    summary: 'What other settings of "trust" would make of the record: of the level, and of every agent.',
    input: z.object({ changes: TrustChanges }),
    output: z.object({ level: TrustPreview, agents: ScorePreview }),
  }),
};
