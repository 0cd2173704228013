import { type KeyboardEvent, useCallback, useMemo, useRef, useState } from 'react';
import type { TranscriptFilter } from '../../../shared/contract/transcripts.ts';
import { count, whole } from '../../../shared/format.ts';
import { Button } from '../../ui/Button.tsx';
import { Chips } from '../../ui/Chips.tsx';
import { Problem } from '../../ui/Field.tsx';
import { moveFocus } from '../../ui/keyboard.ts';
import { Nothing } from '../../ui/Screen.tsx';
import { useScreenKeys } from '../review/use-screen-keys.ts';
import { type ListHandle, VirtualList } from '../review/VirtualList.tsx';
import { SearchField } from './SearchField.tsx';
import { isFolded, TranscriptItem } from './TranscriptItem.tsx';
import { useTranscript, useTranscriptSearch } from './use-transcript.ts';

const FILTERS: readonly [name: string, only: TranscriptFilter | undefined][] = [
  ['All', undefined],
  ['Text', 'text'],
  ['Tools', 'tools'],
  ['Failures', 'errors'],
];
const FOLDED_PX = 37;
const SAID_PX = 74;

interface TranscriptProps {
  id: string;
  /** It may still grow. */
  grows: boolean;
  /** Something that changes whenever there is likely more. */
  version: string;
  path: string | null;
  /** The folder that the session works in. */
  cwd: string;
}

/** Everything that was said and done, its end first. It follows the end unless the person scrolled away. */
export function Transcript(props: TranscriptProps) {
  const [only, setOnly] = useState<TranscriptFilter | undefined>(undefined);
  const [typed, setTyped] = useState('');
  const filter = { only, setOnly, typed, setTyped };
  return <Under key={`${props.id} ${only}`} {...props} {...filter} />;
}

interface UnderProps extends TranscriptProps {
  only: TranscriptFilter | undefined;
  setOnly: (only: TranscriptFilter | undefined) => void;
  /** What is looked for; kept when the filter changes. */
  typed: string;
  setTyped: (typed: string) => void;
}

function Under({ id, grows, version, path, cwd, only, setOnly, typed, setTyped }: UnderProps) {
  const { pages, state } = useTranscript(id, only, grows, version);
  const search = useTranscriptSearch(id, only, typed);
  const [hit, setHit] = useState<number | null>(null);
  /** Entries whose fold the person changed. */
  const [turned, setTurned] = useState<ReadonlySet<number>>(new Set());
  const [away, setAway] = useState<{ since: number } | null>(null);
  const list = useRef<ListHandle>(null);
  const field = useRef<HTMLInputElement>(null);
  const seen = useRef({ first: 0, last: 0 });
  const total = state.total ?? 0;

  const look = useCallback(
    (first: number, last: number, atEnd: boolean) => {
      seen.current = { first, last };
      pages.look(first, last);
      setAway((before) => (atEnd ? null : (before ?? { since: pages.state().total ?? 0 })));
    },
    [pages],
  );
  const toggle = useCallback((n: number) => {
    setTurned((before) => {
      const after = new Set(before);
      if (!after.delete(n)) after.add(n);
      return after;
    });
  }, []);

  const at = hit === null ? -1 : search.hits.findIndex(({ n }) => n === hit);
  const goTo = (step: 1 | -1): void => {
    const { hits } = search;
    if (hits.length === 0) return;
    // The first time: from what is on screen on.
    const here = hits.findIndex(({ place }) => place >= seen.current.first);
    const next = at >= 0 ? at + step : here >= 0 ? here : step > 0 ? 0 : hits.length - 1;
    const aim = hits.at(((next % hits.length) + hits.length) % hits.length);
    if (!aim) return;
    setHit(aim.n);
    list.current?.show(aim.place);
  };
  /** From entry to entry; from elsewhere to the last one on screen. */
  const step = (to: 'next' | 'previous'): void => {
    if (document.activeElement?.closest('.virtual li')) moveFocus(to);
    else list.current?.show(Math.min(seen.current.last, total - 1), true);
  };
  useScreenKeys({
    '/': () => field.current?.focus(),
    n: search.text ? () => goTo(1) : null,
    N: search.text ? () => goTo(-1) : null,
    j: () => step('next'),
    k: () => step('previous'),
    End: () => list.current?.toEnd(),
    Home: () => list.current?.show(0, true),
  });

  const estimate = useCallback(
    (place: number) => {
      const entry = pages.get(place);
      return entry && !isFolded(entry) ? SAID_PX : FOLDED_PX;
    },
    [pages],
  );
  const fresh = away === null ? 0 : total - away.since;
  const searchKeys = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter') return;
    event.preventDefault();
    goTo(event.shiftKey ? -1 : 1);
  };
  const head = useMemo(() => (path ? <p className="path">{path}</p> : null), [path]);

  return (
    <section aria-label="Transcript" tabIndex={-1} className="workspace">
      <div className="bar">
        <Chips
          label="What is shown"
          options={FILTERS.map(([name]) => [name, name])}
          value={FILTERS.find(([, filter]) => filter === only)?.[0] ?? ''}
          onChange={(chosen) => setOnly(FILTERS.find(([name]) => name === chosen)?.[1])}
        />
        <span className="text-ink-2">{state.total === null ? '' : counted(total, state.all, only)}</span>
        <SearchField
          ref={field}
          typed={typed}
          onType={(text) => {
            setTyped(text);
            setHit(null);
          }}
          onKeyDown={searchKeys}
          search={search}
          at={at}
          goTo={goTo}
        />
      </div>
      <Problem text={state.error ?? search.error} />
      {state.total === 0 && <Nothing>{nothing(only, grows)}</Nothing>}
      {total > 0 && (
        <div className="relative flex min-h-0 flex-1 flex-col">
          <VirtualList
            ref={list}
            label="Entries"
            count={total}
            estimate={estimate}
            onRange={look}
            follows
            className="card flex-1"
          >
            {(place) => {
              const entry = pages.get(place);
              if (!entry) return <div className="entry-waiting" aria-hidden="true" />;
              const isHit = entry.n === hit;
              return (
                <TranscriptItem
                  entry={entry}
                  sessionId={id}
                  open={isHit || isFolded(entry) === turned.has(entry.n)}
                  onToggle={toggle}
                  wanted={search.text}
                  current={isHit}
                  cwd={cwd}
                />
              );
            }}
          </VirtualList>
          {away !== null && (
            <Button className="to-end" onClick={() => list.current?.toEnd()}>
              {fresh > 0 ? `${whole(fresh)} new` : 'To the end'}
            </Button>
          )}
        </div>
      )}
      {head}
    </section>
  );
}

function counted(total: number, all: number, only: TranscriptFilter | undefined): string {
  const words = count(total, 'entry', 'entries');
  return only === undefined ? words : `${words} of ${whole(all)}`;
}

function nothing(only: TranscriptFilter | undefined, grows: boolean): string {
  if (only === 'errors') return 'Nothing failed so far.';
  if (only !== undefined) return 'Nothing of this kind so far.';
  return grows ? 'Nothing was said yet.' : 'This session has no transcript.';
}
