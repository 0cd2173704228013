const KEPT = 8;

interface Turn {
  calls: string[];
  complete: boolean;
}

/** Which tool calls belong to which turn of the main agent, and whether the turn has been spoken to its end. */
export interface Turns {
  begin(messageId: string): void;
  call(messageId: string, toolUseId: string): void;
  /** The turn that began last is complete. */
  complete(): void;
  /** The calls in the turn of this one; null while more may come, or when the call is unknown. */
  callsWith(toolUseId: string): number | null;
}

/**
 * Tools start while the agent is still speaking: a later call of the same turn may be on its way
 * when the first one asks. Only a completed turn has a certain number of calls.
 */
export function createTurns(): Turns {
  const turns = new Map<string, Turn>();
  let last: string | null = null;

  const turn = (messageId: string) => {
    const known = turns.get(messageId);
    if (known) return known;
    const fresh: Turn = { calls: [], complete: false };
    turns.set(messageId, fresh);
    if (turns.size > KEPT) turns.delete(turns.keys().next().value ?? '');
    return fresh;
  };

  return {
    begin(messageId) {
      last = messageId;
      turn(messageId);
    },
    call(messageId, toolUseId) {
      const { calls } = turn(messageId);
      if (!calls.includes(toolUseId)) calls.push(toolUseId);
    },
    complete() {
      const open = last === null ? undefined : turns.get(last);
      if (open) open.complete = true;
    },
    callsWith(toolUseId) {
      for (const { calls, complete } of turns.values())
        if (calls.includes(toolUseId)) return complete ? calls.length : null;
      return null;
    },
  };
}
