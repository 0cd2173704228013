import type { Decision } from '../../../shared/contract/decisions.ts';
import { TenureError } from '../../../shared/errors.ts';
import type { Handlers } from '../dispatch.ts';
import type { Services } from '../handlers.ts';

const SNOOZE_MS = 15 * 60_000;

/**
 * What the screen asks for a second time, every other way asks for in so many words.
 * @throws TenureError refused: it is of high risk, and nobody said to have seen what it does.
 */
function mustHaveSeen({ risk, state, action }: Decision, said: boolean | undefined): void {
  if (state !== 'pending' || risk !== 'high' || said === true) return;
  throw new TenureError(
    'refused',
    `"${action.summary}" is of high risk: look at what it does, then approve with the acknowledgement (--acknowledge).`,
  );
}

/** What a person says to a question: yes, no, not now, not like that after all, and stop. */
export function answeringHandlers(s: Pick<Services, 'decisions' | 'sessions' | 'abort'>) {
  const goOn = (id: string): void => s.sessions.answered(s.decisions.get(id).sessionId);
  return {
    'decisions.approve': async ({ id, acknowledge, confirm }, caller) => {
      mustHaveSeen(s.decisions.get(id), acknowledge || confirm);
      try {
        return await s.decisions.approve(id, caller.name, confirm ?? false);
      } finally {
        goOn(id);
      }
    },
    'decisions.answer': ({ id, answers }, caller) => {
      const decision = s.decisions.answer(id, caller.name, answers);
      goOn(id);
      return decision;
    },
    'decisions.deny': ({ id, code, reason }, caller) => {
      const decision = s.decisions.deny(id, caller.name, reason?.trim() || null, code ?? null);
      goOn(id);
      return decision;
    },
    'decisions.answerAlike': async ({ id, answer, acknowledge, code, reason }, caller) => {
      if (answer === 'approve') mustHaveSeen(s.decisions.get(id), acknowledge);
      const given = { answer, code: code ?? null, reason: reason?.trim() || null };
      const result = await s.decisions.answerAlike(id, caller.name, given);
      for (const one of [...result.answered, ...result.refused.map((other) => other.id)]) goOn(one);
      return result;
    },
    'decisions.undo': ({ id }, caller) => ({ id: s.decisions.undo(id, caller.name).id, state: 'pending' as const }),
    'decisions.snooze': ({ id, ms }, caller) => ({ id, until: s.decisions.snooze(id, caller.name, ms ?? SNOOZE_MS) }),
    'decisions.abort': ({ id, confirm }, caller) => s.abort(id, confirm ?? false, caller.name),
    'decisions.get': ({ id }) => s.decisions.get(id),
    'decisions.acts': ({ id }) => s.decisions.acts(id),
    'decisions.markWrong': ({ id, reason }, caller) => s.decisions.markWrong(id, caller.name, reason?.trim() || null),
  } satisfies Partial<Handlers>;
}
