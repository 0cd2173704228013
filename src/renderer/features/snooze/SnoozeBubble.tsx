import { type FormEvent, type RefObject, useState } from 'react';
import { absolute } from '../../../shared/format.ts';
import { meant } from '../../../shared/when/when-words.ts';
import { useClock } from '../../hooks/use-clock.ts';
import { Bubble } from '../../ui/Bubble.tsx';
import { Button } from '../../ui/Button.tsx';

const MINUTE = 60_000;
const LONGEST_MS = 24 * 60 * MINUTE;
const SHORTEST_MS = 10_000;
/** Before a question runs out it is heard of again; the engine sees to that. */
const BEFORE_DEADLINE_MS = MINUTE;
const OFTEN: readonly (readonly [minutes: number, words: string])[] = [
  [15, '15 minutes'],
  [60, 'An hour'],
];

interface SnoozeBubbleProps {
  anchor: RefObject<HTMLElement | null>;
  /** When the question runs out, epoch ms; null: never. */
  deadline: number | null;
  onSnooze: (ms: number) => void;
  onClose: () => void;
}

/** Until when a question is to be quiet, in a person's own words, with the moment that was understood. */
export function SnoozeBubble({ anchor, deadline, onSnooze, onClose }: SnoozeBubbleProps) {
  const [text, setText] = useState('');
  const now = useClock((present) => present);
  const wish = text.trim() === '' ? null : meant(text, now);
  const at = wish && 'at' in wish ? wish.at : null;
  const problem =
    wish && 'problem' in wish
      ? wish.problem
      : at !== null && at - now > LONGEST_MS
        ? 'A question can be kept quiet for 24 hours at the most.'
        : null;
  const send = (ms: number) => {
    onSnooze(Math.max(SHORTEST_MS, ms));
    onClose();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (at !== null && problem === null) send(at - now);
  };
  const cut = deadline !== null && at !== null && at > deadline - BEFORE_DEADLINE_MS;
  return (
    <Bubble label="Snooze" anchor={anchor} onClose={onClose}>
      <form onSubmit={submit} className="flex flex-col gap-2">
        <input
          aria-label="Quiet until"
          aria-describedby="snooze-until"
          placeholder="2h, 17:30, tomorrow 9"
          autoComplete="off"
          spellCheck={false}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          className="field"
        />
        <p id="snooze-until" role="status" className={`text-small ${problem === null ? 'text-ink-2' : 'text-bad'}`}>
          {problem ??
            (at === null
              ? 'You are asked again then, or a minute before it runs out.'
              : cut
                ? `It runs out before: you are asked again at ${absolute((deadline ?? 0) - BEFORE_DEADLINE_MS)}.`
                : `Quiet until ${absolute(at)}.`)}
        </p>
        <div className="flex flex-wrap gap-2">
          {at === null || problem !== null ? (
            OFTEN.map(([minutes, words]) => (
              <Button key={minutes} onClick={() => send(minutes * MINUTE)}>
                {words}
              </Button>
            ))
          ) : (
            <Button type="submit" kind="primary">
              Snooze
            </Button>
          )}
        </div>
      </form>
    </Bubble>
  );
}
