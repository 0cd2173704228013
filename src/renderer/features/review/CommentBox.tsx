import { type KeyboardEvent, useEffect, useRef } from 'react';
import { type Chosen, linesText } from '../../../shared/review.ts';
import { useAway } from '../../hooks/use-away.ts';
import { Button } from '../../ui/Button.tsx';
import { isCommand, KEYS } from '../../ui/keyboard.ts';

interface CommentBoxProps {
  chosen: Chosen;
  takesFocus: boolean;
  /** What is written so far: kept outside, since a row that is scrolled away is gone. */
  text: string;
  onText: (text: string) => void;
  busy: boolean;
  onSave: () => void;
  onCancel: () => void;
}

/** Where the chosen lines are commented on. */
export function CommentBox({ chosen, takesFocus, text, onText, busy, onSave, onCancel }: CommentBoxProps) {
  const field = useRef<HTMLTextAreaElement>(null);
  const away = useAway();
  useEffect(() => {
    if (takesFocus) field.current?.focus({ preventScroll: true });
    // Only when it appears.
  }, [takesFocus]);
  const empty = text.trim() === '';
  const keys = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') {
      event.preventDefault();
      event.stopPropagation();
      onCancel();
    } else if (event.key === 'Enter' && isCommand(event) && !empty) {
      event.preventDefault();
      onSave();
    }
  };
  const where = `${linesText(chosen)}${chosen.side === 'before' ? ' before the change' : ''}`;
  return (
    <div className="comment">
      <textarea
        ref={field}
        rows={3}
        aria-label={`Comment on ${where}`}
        placeholder={`What should the agent know about ${where}?`}
        value={text}
        maxLength={10_000}
        onChange={(event) => onText(event.currentTarget.value)}
        onKeyDown={keys}
        className="field prompt"
      />
      <div className="flex items-center gap-2">
        <Button
          kind="primary"
          busy={busy}
          why={away ?? (empty ? 'Write something first.' : null)}
          title={KEYS.launch}
          onClick={onSave}
        >
          Keep as a draft
        </Button>
        <Button kind="quiet" onClick={onCancel}>
          Cancel
        </Button>
        <span className="text-small text-ink-3">Drafts go to the agent together, when you send them.</span>
      </div>
    </div>
  );
}
