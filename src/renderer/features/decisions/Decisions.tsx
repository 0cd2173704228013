import { useMemo, useState } from 'react';
import type { Decision, DecisionState } from '../../../shared/contract/decisions.ts';
import { useProgressive } from '../../hooks/use-progressive.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { useMirror } from '../../mirror.ts';
import { Problem } from '../../ui/Field.tsx';
import { Nothing, Screen } from '../../ui/Screen.tsx';
import { layoutOf } from '../popover/layout.ts';
import { AskCard } from './AskCard.tsx';
import { DecisionItem } from './DecisionItem.tsx';

const LIMIT = 500;
const FIRST = 20;
const FILTERS: Readonly<Record<string, readonly DecisionState[] | null>> = {
  All: null,
  Waiting: ['pending'],
  Approved: ['approved'],
  Denied: ['denied'],
  'Lapsed or withdrawn': ['expired', 'void'],
  'Allowed by the gate': ['allowed'],
  'Refused by the gate': ['refused'],
};

/** Every decision: what waits first, then the history, newest first. */
export function Decisions() {
  const mirrored = useMirror((snapshot) => snapshot.decisions);
  const older = useQuery('decisions.list', { all: true, limit: LIMIT });
  const [filter, setFilter] = useState('All');
  const [text, setText] = useState('');
  const decisions = useMemo(() => {
    const known = new Set(mirrored.map(({ id }) => id));
    return [...mirrored, ...(older.data ?? []).filter(({ id }) => !known.has(id))];
  }, [mirrored, older.data]);
  const found = decisions.filter((decision) => fits(decision, filter, text));
  const waiting = useMemo(() => layoutOf([], mirrored).needs_you, [mirrored]);
  const past = found.filter(({ state }) => state !== 'pending').sort((a, b) => b.askedAt - a.askedAt);
  const shown = useProgressive(past, FIRST);
  return (
    <Screen title="Decisions">
      <div className="flex flex-col gap-3">
        <div role="toolbar" aria-label="Filter by what became of it" className="flex flex-wrap gap-1.5">
          {Object.keys(FILTERS).map((name) => (
            <button
              key={name}
              type="button"
              aria-pressed={name === filter}
              onClick={() => setFilter(name)}
              className="min-h-7 rounded-full border border-line bg-surface px-3 text-ink-2 hover:text-ink aria-pressed:border-ink aria-pressed:bg-ink aria-pressed:text-canvas"
            >
              {name}
            </button>
          ))}
        </div>
        <input
          type="search"
          aria-label="Filter decisions"
          placeholder="Filter by project, command or reason"
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          className="field"
        />
      </div>
      <Problem text={older.error} />
      {found.length === 0 && (
        <Nothing>{decisions.length === 0 ? 'The gate has decided nothing yet.' : 'No decision matches.'}</Nothing>
      )}
      {waiting.length > 0 && (
        <div className="flex flex-col gap-2">
          {waiting.map((id) => {
            const decision = found.find((one) => one.id === id);
            return decision && <AskCard key={id} decision={decision} />;
          })}
        </div>
      )}
      {shown.length > 0 && (
        <ul className="card divide-y divide-line">
          {shown.map((decision) => (
            <DecisionItem key={decision.id} decision={decision} />
          ))}
        </ul>
      )}
    </Screen>
  );
}

function fits({ state, project, action, reasons, answerReason }: Decision, filter: string, text: string): boolean {
  const states = FILTERS[filter];
  if (states && !states.includes(state)) return false;
  const words = text.trim().toLowerCase();
  const places = [project, action.summary, action.detail, answerReason, ...reasons.map((reason) => reason.text)];
  return words === '' || places.some((place) => place?.toLowerCase().includes(words));
}
