import { type FormEvent, memo, useRef, useState } from 'react';
import type { Decision } from '../../../shared/contract/decisions.ts';
import type { AgentQuestion } from '../../../shared/contract/questions.ts';
import { settled } from '../../../shared/words.ts';
import { useAct } from '../../hooks/use-act.ts';
import { useAway } from '../../hooks/use-away.ts';
import { useItemKeys } from '../../hooks/use-item-keys.ts';
import { hashOf, openWindow } from '../../route.ts';
import { Button } from '../../ui/Button.tsx';
import { Problem } from '../../ui/Field.tsx';
import { isCommand, isTyping, leaveItem } from '../../ui/keyboard.ts';
import { Left } from '../../ui/Time.tsx';
import { DenyForm } from '../decisions/DenyForm.tsx';
import { answerOf, EMPTY, type Picked, pick } from './picked.ts';
import { QuestionFields } from './QuestionFields.tsx';

/** What the agent asks: its options as buttons, or any other text. One question with one choice is answered by a click. */
export const QuestionCard = memo(function QuestionCard({ decision }: { decision: Decision }) {
  const questions = decision.action.questions ?? [];
  const card = useRef<HTMLElement>(null);
  const [picked, setPicked] = useState<readonly Picked[]>(() => questions.map(() => EMPTY));
  const [refusing, setRefusing] = useState(false);
  const answer = useAct('decisions.answer');
  const deny = useAct('decisions.deny');
  const away = useAway();
  const pending = decision.state === 'pending';
  const busy = answer.busy || deny.busy;
  const single = questions.length === 1 && questions[0]?.multiSelect === false;
  const answers = picked.map(answerOf);
  const open = answers.findIndex((text) => text === '');
  const why =
    open < 0
      ? null
      : questions.length === 1
        ? 'Pick an option, or write an answer.'
        : `Question ${open + 1} has no answer yet.`;

  const leave = () => {
    if (card.current?.contains(document.activeElement)) leaveItem(card.current);
  };
  const send = async (given: readonly string[]) => {
    if (busy || away) return;
    if (await answer.run({ id: decision.id, answers: [...given] })) leave();
  };
  const onPick = (at: number, question: AgentQuestion, label: string) => {
    if (single) return void send([label]);
    setPicked(picked.map((one, n) => (n === at ? pick(one, label, question.multiSelect) : one)));
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (why === null) void send(answers);
  };

  useItemKeys(card, (event) => {
    if (!pending || busy || away || refusing) return false;
    const digit = Number(event.key);
    const option = questions[0]?.options[digit - 1];
    if (isCommand(event) && event.key === 'Enter' && why === null) void send(answers);
    else if (isCommand(event) && event.key === 'Backspace' && !isTyping(event.target)) setRefusing(true);
    else if (single && option && !isTyping(event.target) && !isCommand(event)) void send([option.label]);
    else if (event.key === 'Enter' && event.target === card.current) openWindow(hashOf('sessions', decision.sessionId));
    else return false;
    return true;
  });

  return (
    <article
      ref={card}
      data-item
      data-digits={(pending && single) || undefined}
      data-done={pending ? undefined : ''}
      tabIndex={-1}
      aria-label={`${decision.project} asks: ${decision.action.summary}`}
      className={`card lazy-card group flex flex-col gap-2 p-3 ${pending ? 'border-human-line' : ''}`}
    >
      <header className="flex items-baseline gap-2">
        <span className="truncate font-strong">{decision.project}</span>
        <span className="truncate text-ink-3">asks you</span>
        <span className="ml-auto shrink-0 text-human">
          {pending && decision.deadline !== null && <Left until={decision.deadline} />}
        </span>
      </header>
      {pending ? (
        <form aria-label="Answer" onSubmit={submit} className="flex flex-col gap-3">
          {questions.map((question, at) => (
            <QuestionFields
              key={question.question}
              question={question}
              picked={picked[at] ?? EMPTY}
              numbered={single}
              off={busy || away !== null}
              onPick={(label) => onPick(at, question, label)}
              onWrite={(own) => setPicked(picked.map((one, n) => (n === at ? { ...one, own } : one)))}
            />
          ))}
          {refusing ? (
            <DenyForm
              verb={deny.busy ? 'Telling…' : 'Do not answer'}
              placeholder="Why not? The agent reads it."
              busy={busy}
              why={away}
              onSend={(reason) => void deny.run(reason ? { id: decision.id, reason } : { id: decision.id })}
              onCancel={() => setRefusing(false)}
            />
          ) : (
            <div className="flex flex-wrap items-center gap-2">
              <Button type="submit" kind={single ? 'plain' : 'primary'} className="arm" busy={busy} why={away ?? why}>
                {answer.busy ? 'Answering…' : 'Answer'}
              </Button>
              <Button kind="quiet" busy={busy} why={away} onClick={() => setRefusing(true)}>
                Do not answer…
              </Button>
              {single && questions[0]?.options.length !== 0 && (
                <kbd className="ml-auto hidden text-small text-ink-3 group-focus-within:inline">
                  1–{questions[0]?.options.length}
                </kbd>
              )}
            </div>
          )}
          <Problem text={answer.error ?? deny.error} />
        </form>
      ) : (
        <>
          {questions.map(({ question, answer: said }) => (
            <p key={question} className="wrap-anywhere">
              {question} {said !== null && <span className="font-strong">{said}</span>}
            </p>
          ))}
          <p className="min-h-7 pt-1 text-ink-2">{settled(decision)}</p>
        </>
      )}
    </article>
  );
});
