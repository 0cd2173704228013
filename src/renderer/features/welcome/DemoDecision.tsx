import { useRef, useState } from 'react';
import { useItemKeys } from '../../hooks/use-item-keys.ts';
import { Button } from '../../ui/Button.tsx';
import { Command } from '../../ui/Command.tsx';
import { isCommand, KEYS } from '../../ui/keyboard.ts';
import { RiskChip } from '../decisions/RiskChip.tsx';

const ANSWERS = {
  approve:
    'Approved: this one push would run now, and only this one. The same command tomorrow asks again, until the agent has earned more.',
  deny: 'Denied: the agent would hear your reason and look for another way. Nothing would have left this machine.',
} as const;

/** A question as it will look, with the keys that answer it. It is not the engine's, and counts for nothing. */
export function DemoDecision() {
  const [answer, setAnswer] = useState<keyof typeof ANSWERS | null>(null);
  const card = useRef<HTMLElement>(null);
  // The button that had the focus goes with the question.
  const say = (word: keyof typeof ANSWERS) => {
    setAnswer(word);
    card.current?.focus();
  };
  useItemKeys(card, (event) => {
    if (answer !== null || !isCommand(event)) return false;
    if (event.key === 'Enter') say('approve');
    else if (event.key === 'Backspace') say('deny');
    else return false;
    return true;
  });
  return (
    <>
      <article
        ref={card}
        tabIndex={-1}
        aria-label="A sample question"
        className="card flex flex-col gap-2 border-human-line p-3"
      >
        <header className="flex items-baseline gap-2">
          <span className="font-strong">sample</span>
          <RiskChip risk="high" />
          <span className="ml-auto text-human">12:40 left</span>
        </header>
        <Command text="git push origin tenure/fix-login" label="Exact sample call" />
        <p className="text-ink-2">Pushing leaves this machine. At Observe every push asks.</p>
        {answer === null ? (
          <div className="flex flex-wrap items-center gap-2">
            <Button kind="primary" onClick={() => say('approve')}>
              Approve
            </Button>
            <Button onClick={() => say('deny')}>Deny…</Button>
            <kbd className="ml-auto text-small text-ink-3">
              {KEYS.approve}, {KEYS.deny}
            </kbd>
          </div>
        ) : (
          <p role="status">{ANSWERS[answer]}</p>
        )}
      </article>
      {answer !== null && (
        <Button kind="quiet" className="-ml-2 self-start" onClick={() => setAnswer(null)}>
          Ask me again
        </Button>
      )}
    </>
  );
}
