import { memo, useEffect, useState } from 'react';
import type { TranscriptEntry } from '../../../shared/contract/transcripts.ts';
import { whole } from '../../../shared/format.ts';
import { call, sentenceOf } from '../../api.ts';
import { Button } from '../../ui/Button.tsx';
import { Problem } from '../../ui/Field.tsx';
import { Nothing, Part } from '../../ui/Screen.tsx';
import { Moment } from '../../ui/Time.tsx';

const PAGE = 100;

interface TranscriptProps {
  id: string;
  /** Something that changes whenever there may be more. */
  version: string;
  path: string | null;
}

/** The transcript, its end first; earlier pages on demand. It follows while the session runs. */
export function Transcript({ id, version, path }: TranscriptProps) {
  const [entries, setEntries] = useState<readonly TranscriptEntry[]>([]);
  const [total, setTotal] = useState<number | null>(null);
  const [error, setError] = useState<string | null>(null);
  const first = entries[0]?.n ?? 0;

  useEffect(() => {
    const stop = new AbortController();
    // The version is why it asks anew: an entry may have been added since.
    call('sessions.transcript', { id, from: -1, limit: PAGE }, { signal: stop.signal }).then(
      (page) => {
        if (stop.signal.aborted || !version) return;
        setEntries((known) => join(known, page.entries));
        setTotal(page.total);
        setError(null);
      },
      (thrown: unknown) => {
        if (!stop.signal.aborted) setError(sentenceOf(thrown));
      },
    );
    return () => stop.abort();
  }, [id, version]);

  const earlier = async () => {
    try {
      const from = Math.max(0, first - PAGE);
      const page = await call('sessions.transcript', { id, from, limit: first - from });
      setEntries((known) => join(page.entries, known));
    } catch (thrown) {
      setError(sentenceOf(thrown));
    }
  };

  return (
    <Part title="Transcript" actions={total !== null && <span className="text-ink-2">{whole(total)} entries</span>}>
      <Problem text={error} />
      {total === 0 && <Nothing>Nothing was said yet.</Nothing>}
      {first > 0 && (
        <Button kind="quiet" className="self-start" onClick={() => void earlier()}>
          Earlier, {whole(first)} more
        </Button>
      )}
      {entries.length > 0 && (
        <ol className="card divide-y divide-line">
          {entries.map((entry) => (
            <Entry key={entry.n} entry={entry} />
          ))}
        </ol>
      )}
      {path && <p className="font-mono text-[0.6875rem] wrap-anywhere text-ink-3 select-text">{path}</p>}
    </Part>
  );
}

const Entry = memo(function Entry({ entry: { at, kind, title, text } }: { entry: TranscriptEntry }) {
  const exact = kind === 'tool' || kind === 'tool_result' || kind === 'raw';
  return (
    <li className="lazy-row flex flex-col gap-0.5 px-3 py-2">
      <div className="flex justify-between gap-3 text-small text-ink-3">
        <span className={kind === 'tool' ? 'font-strong text-ink-2' : ''}>{title}</span>
        <Moment at={at} />
      </div>
      <p
        // A part that scrolls must be reachable by keyboard.
        tabIndex={mayScroll(text) ? 0 : undefined}
        className={`max-h-60 overflow-auto wrap-anywhere whitespace-pre-wrap select-text ${exact ? 'font-mono text-[0.75rem] text-ink-2' : ''}`}
      >
        {text}
      </p>
    </li>
  );
});

/** More than about eight lines: only then can it be higher than its room. */
const mayScroll = (text: string): boolean => text.length > 400 || text.split('\n').length > 8;

/** Both in order, each entry once; where they overlap the later knowledge holds. */
function join(a: readonly TranscriptEntry[], b: readonly TranscriptEntry[]): TranscriptEntry[] {
  const from = b[0]?.n ?? Infinity;
  const to = b.at(-1)?.n ?? -1;
  const head = a.filter(({ n }) => n < from);
  // A gap between what was read and the newest page: start again from the newest.
  const gap = head.length > 0 && (head.at(-1)?.n ?? 0) < from - 1;
  return [...(gap ? [] : head), ...b, ...a.filter(({ n }) => n > to)];
}
