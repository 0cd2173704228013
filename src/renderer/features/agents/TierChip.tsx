import { TIER_RIGHTS, TIERS, type Tier } from '../../../shared/tiers.ts';
import { Mark, type MarkShape, type Tone } from '../../ui/Mark.tsx';

const FACES: Readonly<Record<Tier, [shape: MarkShape, tone: Tone]>> = {
  UNTRUSTED: ['dash', 'mute'],
  PROBATIONARY: ['ring', 'mute'],
  TRUSTED: ['ring', 'work'],
  VERIFIED: ['dot', 'work'],
  CERTIFIED: ['dot', 'trust'],
  ELITE: ['diamond', 'trust'],
};

/** A tier by its name, with its place among the six. */
export function TierChip({ tier }: { tier: Tier }) {
  const [shape, tone] = FACES[tier];
  return (
    <span
      className="inline-flex items-center gap-1.5 whitespace-nowrap"
      title={`Tier ${TIERS.indexOf(tier) + 1} of ${TIERS.length}`}
    >
      <Mark shape={shape} tone={tone} />
      {TIER_RIGHTS[tier].name}
    </span>
  );
}
