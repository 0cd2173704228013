import { type FormEvent, useState } from 'react';
import type { FollowUp } from '../../../shared/contract/follow-ups.ts';
import { useAct } from '../../hooks/use-act.ts';
import { useAway } from '../../hooks/use-away.ts';
import { Button } from '../../ui/Button.tsx';
import { Problem } from '../../ui/Field.tsx';

interface WaitingPromptProps {
  prompt: FollowUp;
  /** Its session has ended; it goes along to the one that goes on. */
  ended: boolean;
  onChanged: () => void;
}

/** One prompt that waits: to be read, changed and taken back as long as it was not sent. */
export function WaitingPrompt({ prompt, ended, onChanged }: WaitingPromptProps) {
  const [draft, setDraft] = useState<string | null>(null);
  const edit = useAct('sessions.editFollowUp');
  const remove = useAct('sessions.removeFollowUp');
  const away = useAway();
  const queued = prompt.state === 'queued';
  const busy = edit.busy || remove.busy;

  const save = async (event: FormEvent) => {
    event.preventDefault();
    const text = draft?.trim();
    if (!text || busy || away) return;
    if (await edit.run({ id: prompt.id, prompt: text })) setDraft(null);
    onChanged();
  };

  const takeBack = async () => {
    await remove.run({ id: prompt.id });
    onChanged();
  };

  return (
    <li className="flex flex-col gap-1 rounded-control bg-sunken/60 px-2 py-1">
      {draft === null ? (
        <div className="flex items-start gap-2">
          <p className="line-clamp-3 min-w-0 flex-1 py-1 whitespace-pre-wrap wrap-anywhere select-text">
            {prompt.prompt}
            <span className="block text-small text-ink-3">{stateWords(prompt, ended)}</span>
          </p>
          {queued && (
            <>
              <Button
                kind="quiet"
                aria-label={`Change "${prompt.prompt}"`}
                why={away}
                onClick={() => setDraft(prompt.prompt)}
              >
                Change
              </Button>
              <Button
                kind="quiet"
                aria-label={`Take back "${prompt.prompt}"`}
                busy={busy}
                why={away}
                onClick={() => void takeBack()}
              >
                Take back
              </Button>
            </>
          )}
        </div>
      ) : (
        <form aria-label="Change a prompt" onSubmit={(event) => void save(event)} className="flex items-end gap-1">
          <textarea
            // The person has just asked to change it.
            // biome-ignore lint/a11y/noAutofocus: see above.
            autoFocus
            aria-label="Prompt"
            rows={1}
            value={draft}
            onChange={(event) => setDraft(event.currentTarget.value)}
            onKeyDown={(event) => event.key === 'Escape' && setDraft(null)}
            className="prompt field max-h-40 flex-1 resize-none"
          />
          <Button
            type="submit"
            busy={busy}
            why={away ?? (draft.trim() === '' ? 'Write something, or take it back.' : null)}
          >
            Save
          </Button>
          <Button kind="quiet" onClick={() => setDraft(null)}>
            Cancel
          </Button>
        </form>
      )}
      <Problem text={edit.error ?? remove.error} />
    </li>
  );
}

function stateWords({ state }: FollowUp, ended: boolean): string {
  if (state === 'queued') return ended ? 'Was not sent; goes along when you go on' : 'Waits for the end of the turn';
  if (ended) return 'Sent; nobody knows whether it was worked through. It goes along when you go on, and counts once';
  return state === 'sent' ? 'Sent' : 'The agent works on this';
}
