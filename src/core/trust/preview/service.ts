import type { TrustPreview } from '../../../shared/contract/trust-preview.ts';
import type { Clock } from '../../kernel/ports.ts';
import type { EndStorage } from '../ends/storage.ts';
import type { createMarkStorage } from '../marks/storage.ts';
import { viewOf } from '../promotion.ts';
import type { RecordView } from '../record/service.ts';
import type { createTrustStorage } from '../storage.ts';
import { PREVIEW_DAYS, previewOf, type Rules } from './rules.ts';

const DAY_MS = 86_400_000;
const ALL = -1;

interface PreviewDeps {
  storage: Pick<
    ReturnType<typeof createTrustStorage>,
    'intervals' | 'creditsAfter' | 'overridesAfter' | 'promotions' | 'openPromotion' | 'answered'
  >;
  marks: Pick<ReturnType<typeof createMarkStorage>, 'days' | 'severe'>;
  ends: Pick<EndStorage, 'all'>;
  record: Pick<RecordView, 'current' | 'sinceBeat'>;
  clock: Clock;
  rules(): Rules;
}

/** What other rules of the level would make of everything that is on record. Reads only. */
export const createTrustPreview =
  ({ storage, marks, ends, record, clock, rules }: PreviewDeps) =>
  (draft: Rules): TrustPreview => {
    const now = clock.now();
    const { id } = record.current();
    const askAgainAt = storage.answered(id);
    return previewOf({
      now,
      stays: storage.intervals().toReversed(),
      days: [...marks.days(), { stay: id, day: Math.floor(now / DAY_MS), ms: record.sinceBeat() }],
      credits: storage.creditsAfter(0, ALL),
      overrides: storage.overridesAfter(0, ALL),
      ends: ends.all(),
      severe: marks.severe().toReversed(),
      proposals: storage
        .promotions()
        .filter(({ proposedAt }) => proposedAt >= now - PREVIEW_DAYS * DAY_MS)
        .map(viewOf),
      open: storage.openPromotion() !== null,
      answered: askAgainAt === null || (askAgainAt !== undefined && now < askAgainAt),
      rules: rules(),
      draft,
    });
  };
