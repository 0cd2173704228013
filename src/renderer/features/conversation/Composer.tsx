import { type FormEvent, type KeyboardEvent, useRef, useState } from 'react';
import type { Session } from '../../../shared/contract/sessions.ts';
import { useAct } from '../../hooks/use-act.ts';
import { useAway } from '../../hooks/use-away.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { hashOf, openWindow } from '../../route.ts';
import { Button } from '../../ui/Button.tsx';
import { Problem } from '../../ui/Field.tsx';
import { isCommand, KEYS } from '../../ui/keyboard.ts';
import { say } from '../../ui.ts';
import { composing } from './composing.ts';
import { LineageLine } from './LineageLine.tsx';
import { NextStepLine } from './NextStepLine.tsx';
import { WaitingPrompt } from './WaitingPrompt.tsx';

/** What a person says after the first prompt: queued while the agent works, or a way to go on with what has ended. */
export function Composer({ session }: { session: Session }) {
  const { id, state, phase, waitingPrompts } = session;
  const [text, setText] = useState('');
  const [missing, setMissing] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  const prompts = useQuery('sessions.followUps', { id }, `${state} ${phase} ${waitingPrompts}`);
  const followUp = useAct('sessions.followUp');
  const resume = useAct('sessions.resume');
  const fork = useAct('sessions.fork');
  const retry = useAct('sessions.retry');
  const away = useAway();
  const { placeholder, verb, why, ended, anew } = composing(session);
  const busy = followUp.busy || resume.busy || fork.busy || retry.busy;
  const error = followUp.error ?? resume.error ?? fork.error ?? retry.error ?? prompts.error;
  const prompt = text.trim();

  /** Shows the session that goes on, when it is another one. */
  const goOn = (next: Session | null, words: string) => {
    if (!next) return;
    setText('');
    setMissing(false);
    say(words);
    prompts.reload();
    if (next.id !== id) openWindow(hashOf('sessions', next.id));
  };
  const send = async (event?: FormEvent) => {
    event?.preventDefault();
    if (busy || away || why) return;
    for (const act of [followUp, resume, fork, retry]) act.clear();
    if (anew === 'only') return beginAnew();
    if (prompt === '' && ended) return goOn(await resume.run({ id }), 'Resumed.');
    setMissing(prompt === '');
    if (prompt === '') return field.current?.focus();
    const next = await followUp.run({ id, prompt });
    goOn(next, next?.id === id ? 'Queued for the end of the turn.' : 'Sent: a new session goes on.');
  };
  const forkIt = async () => {
    setMissing(prompt === '');
    if (prompt === '') return field.current?.focus();
    goOn(await fork.run({ id, prompt }), 'Forked.');
  };
  const beginAnew = async () => goOn(await retry.run({ id, ...(prompt !== '' && { prompt }) }), 'Begun anew.');
  const keys = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !isCommand(event)) return;
    event.preventDefault();
    void send();
  };
  const waiting = (prompts.data ?? []).filter((one) => one.state !== 'done');

  return (
    <section aria-label="Conversation" className="composer">
      <LineageLine session={session} />
      {session.evaluation && <NextStepLine id={id} measured={session.evaluation.id} />}
      {waiting.length > 0 && (
        <ol aria-label="Prompts that wait" className="flex max-h-48 flex-col gap-1 overflow-y-auto">
          {waiting.map((one) => (
            <WaitingPrompt key={one.id} prompt={one} ended={ended} onChanged={prompts.reload} />
          ))}
        </ol>
      )}
      <form
        aria-label="Send a prompt"
        onSubmit={(event) => void send(event)}
        className="card flex flex-wrap items-end gap-1 p-1 focus-within:border-ink-3"
      >
        <textarea
          ref={field}
          aria-label="Further prompt"
          aria-keyshortcuts="Control+Enter Meta+Enter"
          rows={1}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          onKeyDown={keys}
          placeholder={placeholder}
          className="prompt max-h-40 min-h-7 min-w-48 flex-1 resize-none px-2 py-[5px] outline-none"
        />
        <span className="ml-auto flex flex-wrap items-center justify-end gap-1">
          {anew === 'also' && (
            <Button
              kind="quiet"
              busy={busy}
              why={away}
              title={away ?? 'The same task with the same limits, in a new conversation and a new work tree'}
              onClick={() => void beginAnew()}
            >
              Begin anew
            </Button>
          )}
          {ended && anew !== 'only' && (
            <Button
              kind="quiet"
              busy={busy}
              why={away ?? why}
              title={away ?? why ?? 'A copy of this conversation, in a new work tree from its branch'}
              onClick={() => void forkIt()}
            >
              {fork.busy ? 'Forking…' : 'Fork'}
            </Button>
          )}
          <Button type="submit" kind="primary" busy={busy} why={away ?? why} title={away ?? why ?? KEYS.launch}>
            {followUp.busy || resume.busy || retry.busy
              ? 'Sending…'
              : ended && prompt === '' && anew !== 'only'
                ? 'Resume'
                : verb}
          </Button>
        </span>
      </form>
      <div className="flex flex-wrap items-center gap-2 empty:hidden">
        <Problem text={missing && prompt === '' ? 'Write what the agent should do.' : error} />
        {ended && error && !missing && anew === null && (
          <Button busy={busy} why={away} onClick={() => void beginAnew()}>
            {prompt === '' ? 'Begin anew with the same prompt' : 'Begin anew with this prompt'}
          </Button>
        )}
      </div>
    </section>
  );
}
