import type { KeyboardEvent, Ref } from 'react';
import { count, percent, whole } from '../../../shared/format.ts';
import { Button } from '../../ui/Button.tsx';
import type { Search } from './use-transcript.ts';

interface SearchFieldProps {
  typed: string;
  onType: (text: string) => void;
  onKeyDown: (event: KeyboardEvent) => void;
  search: Search;
  /** Which hit is looked at; -1: none. */
  at: number;
  goTo: (step: 1 | -1) => void;
  ref: Ref<HTMLInputElement>;
}

/** Looks for a text: how often it is there, and one after the other. */
export function SearchField({ typed, onType, onKeyDown, search, at, goTo, ref }: SearchFieldProps) {
  const some = search.hits.length > 0;
  return (
    <div className="ml-auto flex items-center gap-1">
      <span aria-live="polite" className="text-small text-ink-2">
        {search.text !== '' && found(search, at)}
      </span>
      <input
        ref={ref}
        type="search"
        aria-label="Search the transcript"
        title="Search ( / ), next and previous: Enter and Shift+Enter, or n and N"
        placeholder="Search"
        value={typed}
        onChange={(event) => onType(event.currentTarget.value)}
        onKeyDown={onKeyDown}
        className="field w-40"
      />
      {search.text !== '' && (
        <>
          <Button kind="quiet" aria-label="Previous match" why={some ? null : 'No match'} onClick={() => goTo(-1)}>
            ↑
          </Button>
          <Button kind="quiet" aria-label="Next match" why={some ? null : 'No match'} onClick={() => goTo(1)}>
            ↓
          </Button>
        </>
      )}
    </div>
  );
}

function found({ hits, progress }: Search, at: number): string {
  const words = hits.length === 0 ? 'No match' : count(hits.length, 'match', 'matches');
  if (progress !== null) return `${words} so far, ${percent(progress)}`;
  return at >= 0 ? `${whole(at + 1)} of ${whole(hits.length)}` : words;
}
