import { type FormEvent, useId, useRef, useState } from 'react';
import type { Rating } from '../../../shared/contract/evidence.ts';
import { useAct } from '../../hooks/use-act.ts';
import { useAway } from '../../hooks/use-away.ts';
import { Button } from '../../ui/Button.tsx';
import { Problem } from '../../ui/Field.tsx';

const POINTS = [1, 2, 3, 4, 5];

/** The person's own word, in one click; it counts for trust instead of the score. */
export function RatingButtons({ sessionId, rating }: { sessionId: string; rating: Rating | null }) {
  const rate = useAct('evaluations.rate');
  const away = useAway();
  const id = useId();
  const [noting, setNoting] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const given = rating?.rating ?? null;

  /** Another number keeps what was written; the note's own answer closes its form, and no earlier one does. */
  const say = (points: number | null, note: string | null) => rate.run({ sessionId, rating: points, note });
  const close = (answer: unknown) => answer && setNoting(false);
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (given !== null) void say(given, field.current?.value.trim() || null).then(close);
  };

  return (
    <div className="flex flex-col gap-1.5">
      <fieldset aria-labelledby={id} className="m-0 flex border-0 p-0 flex-wrap items-center gap-1.5">
        <span id={id} className="mr-1 text-ink-2">
          Your rating
        </span>
        {POINTS.map((points) => (
          <Button
            key={points}
            kind={points === given ? 'primary' : 'plain'}
            aria-pressed={points === given}
            aria-label={`Rate ${points} of 5`}
            busy={rate.busy}
            why={away}
            onClick={() => void say(points, rating?.note ?? null)}
          >
            {points}
          </Button>
        ))}
        {given !== null && !noting && (
          <Button kind="quiet" onClick={() => setNoting(true)}>
            {rating?.note ? 'Change note' : 'Add note'}
          </Button>
        )}
        {given !== null && (
          <Button kind="quiet" busy={rate.busy} why={away} onClick={() => void say(null, null).then(close)}>
            Take back
          </Button>
        )}
      </fieldset>
      {noting && (
        <form onSubmit={send} className="appear flex flex-wrap items-center gap-2">
          <label htmlFor={`${id}-note`} className="sr-only">
            Note to your rating
          </label>
          <input
            id={`${id}-note`}
            ref={field}
            // biome-ignore lint/a11y/noAutofocus: it was just asked for.
            autoFocus
            maxLength={2000}
            defaultValue={rating?.note ?? ''}
            placeholder="Why, in a sentence"
            className="field min-w-40 flex-1"
          />
          <Button type="submit" busy={rate.busy} why={away}>
            Save
          </Button>
          <Button kind="quiet" onClick={() => setNoting(false)}>
            Cancel
          </Button>
        </form>
      )}
      <p className="text-small text-ink-3 wrap-anywhere">
        {given === null
          ? 'One click. It counts for trust instead of the score, and tells how far the judge can be relied on.'
          : `It counts for trust instead of the score.${rating?.note ? ` “${rating.note}”` : ''}`}
      </p>
      <Problem text={rate.error} />
    </div>
  );
}
