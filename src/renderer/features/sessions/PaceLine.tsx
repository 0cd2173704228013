import type { Pace } from '../../../shared/contract/sessions.ts';
import { PACE_STEP_MS, paceUntil, paceWords } from '../../../shared/pace.ts';
import { useClock } from '../../hooks/use-clock.ts';
import { Sparkline } from '../../ui/Sparkline.tsx';

/** How fast a run uses tokens: ten minutes as a line, from none to the most of them. */
export function PaceLine({ pace }: { pace: Pace }) {
  const now = useClock((present) => Math.floor(present / PACE_STEP_MS) * PACE_STEP_MS);
  const steps = paceUntil(pace, now);
  const most = Math.max(1, ...steps.map((tokens) => tokens ?? 0));
  const words = paceWords(pace, now);
  return (
    <span title={words} className="flex shrink-0 [.split-list_&]:hidden">
      <Sparkline values={steps.map((tokens) => tokens && tokens / most)} label={words} className="h-4 w-10" />
    </span>
  );
}
