import { eventWords, movedWords } from '../../../shared/agent-words.ts';
import type { AgentEvent } from '../../../shared/contract/agents.ts';

/** What was seen, what it moved, and why, on one line. */
export function EventLine({ event }: { event: AgentEvent }) {
  const moved = movedWords(event);
  const tone = event.after < event.before ? 'text-bad' : 'text-trust';
  return (
    <span className="min-w-0 truncate" title={event.text}>
      <span className="text-ink-2">{eventWords(event.kind)}</span>
      {moved && <span className={`ml-1.5 font-strong tabular-nums ${tone}`}>{moved}</span>}
      <span className="ml-1.5">{event.text}</span>
    </span>
  );
}
