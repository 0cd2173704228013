import { memo, useState } from 'react';
import type { TranscriptEntry, TranscriptKind } from '../../../shared/contract/transcripts.ts';
import { bytes, took } from '../../../shared/format.ts';
import { call, sentenceOf } from '../../api.ts';
import { Button } from '../../ui/Button.tsx';
import { Problem } from '../../ui/Field.tsx';
import { Mark } from '../../ui/Mark.tsx';
import { Moment } from '../../ui/Time.tsx';
import { copyText } from '../../ui.ts';
import { Marked } from '../review/Marked.tsx';

const NAMES: Partial<Record<TranscriptKind, string>> = {
  prompt: 'Prompt',
  text: 'Agent',
  thinking: 'Thinking',
  result: 'Result',
};
/** Said rather than done: open from the start, and in the letters that people read. */
const SAID: readonly TranscriptKind[] = ['prompt', 'text', 'result'];

export const isFolded = (entry: TranscriptEntry): boolean => !SAID.includes(entry.kind);

interface ItemProps {
  entry: TranscriptEntry;
  sessionId: string;
  open: boolean;
  onToggle: (n: number) => void;
  /** What is looked for, and whether this is the hit that is looked at. */
  wanted: string;
  current: boolean;
  /** The folder that the session works in: not said again in each row. */
  cwd: string;
}

/** One entry: a line that folds, or what was said. */
export const TranscriptItem = memo(function TranscriptItem(props: ItemProps) {
  const { entry, sessionId, open, onToggle, wanted, current, cwd } = props;
  const [whole, setWhole] = useState<TranscriptEntry | null>(null);
  const [error, setError] = useState<string | null>(null);
  const shown = whole?.n === entry.n ? { ...entry, text: whole.text, tool: whole.tool ?? entry.tool } : entry;
  const cutBy =
    Math.max(0, entry.chars - shown.text.length) +
    Math.max(0, (entry.tool?.outputChars ?? 0) - (shown.tool?.output.length ?? 0));

  const showAll = async (): Promise<TranscriptEntry | null> => {
    try {
      const all = await call('sessions.transcriptEntry', { id: sessionId, n: entry.n });
      setWhole(all);
      setError(null);
      return all;
    } catch (thrown) {
      setError(sentenceOf(thrown));
      return null;
    }
  };
  const copy = async (): Promise<void> => {
    const all = cutBy > 0 ? await showAll() : shown;
    if (!all) return;
    const text = [all.text, all.tool?.output].filter(Boolean).join('\n\n');
    await copyText(text, 'The entry');
  };

  return (
    <article
      className="entry"
      data-kind={entry.kind}
      data-depth={Math.min(entry.depth, 4)}
      data-current={current || undefined}
      tabIndex={isFolded(entry) ? undefined : -1}
    >
      <Head entry={entry} open={open} onToggle={onToggle} wanted={wanted} cwd={cwd} copy={() => void copy()} />
      {open && (
        <>
          <Body entry={shown} wanted={wanted} />
          {cutBy > 0 && (
            <Button kind="quiet" className="self-start" onClick={() => void showAll()}>
              Show all {bytes(entry.chars + (entry.tool?.outputChars ?? 0))}
            </Button>
          )}
        </>
      )}
      <Problem text={error} />
    </article>
  );
});

type HeadProps = Pick<ItemProps, 'entry' | 'open' | 'onToggle' | 'wanted' | 'cwd'> & { copy: () => void };

function Head({ entry, open, onToggle, wanted, cwd, copy }: HeadProps) {
  const { kind, title, at, tool, depth } = entry;
  const isSpawn = kind === 'tool' && (title === 'Agent' || title === 'Task');
  const name = isSpawn ? 'Starts a subagent' : (NAMES[kind] ?? title);
  const summary = cwd ? entry.summary.replaceAll(`${cwd}/`, '') : entry.summary;
  const who = depth > 0 ? 'Subagent' : null;
  return (
    <div className="entry-head">
      {isFolded(entry) ? (
        <button type="button" className="entry-fold" aria-expanded={open} onClick={() => onToggle(entry.n)}>
          <StateMark entry={entry} />
          {who && <span className="text-ink-3">{who}</span>}
          <span className={kind === 'tool' ? 'font-strong text-ink' : 'text-ink-2'}>{name}</span>
          <span className="min-w-0 flex-1 truncate font-mono text-[0.75rem] text-ink-2">
            <Marked text={summary} wanted={wanted} />
          </span>
          {tool && <span className="shrink-0 text-small text-ink-3">{toolState(tool, entry.failed)}</span>}
        </button>
      ) : (
        <p className="flex min-w-0 flex-1 items-center gap-2 text-small text-ink-3">
          {entry.failed && <Mark shape="square" tone="bad" />}
          {who && <span>{who}</span>}
          {(depth === 0 || kind === 'prompt') && (
            <span className={`font-strong ${kind === 'prompt' ? 'text-ink' : 'text-ink-2'}`}>{name}</span>
          )}
          {kind === 'result' && <span>{title.replaceAll('_', ' ')}</span>}
        </p>
      )}
      {open && (
        <button type="button" className="link shrink-0 text-small" onClick={copy}>
          Copy
        </button>
      )}
      {at > 0 && <Moment at={at} className="shrink-0 text-small text-ink-3" />}
    </div>
  );
}

/** `failed · 3 s`, `0.2 s`, `running`. The mark beside it says the same. */
function toolState(tool: NonNullable<TranscriptEntry['tool']>, failed: boolean): string {
  if (tool.ok === null) return 'no answer yet';
  const time = tool.durationMs === null ? '' : took(tool.durationMs);
  return [failed ? 'failed' : '', time].filter(Boolean).join(' · ');
}

function StateMark({ entry: { kind, failed, tool } }: { entry: TranscriptEntry }) {
  if (failed) return <Mark shape="square" tone="bad" />;
  if (kind !== 'tool') return <Mark shape="dash" tone="mute" />;
  return tool?.ok === null ? <Mark shape="ring" tone="work" /> : <Mark shape="dot" tone="mute" />;
}

function Body({ entry, wanted }: { entry: TranscriptEntry; wanted: string }) {
  const { kind, text, tool, failed } = entry;
  if (SAID.includes(kind) || kind === 'thinking') {
    return (
      <p className={`whitespace-pre-wrap wrap-anywhere select-text ${kind === 'thinking' ? 'text-ink-2' : ''}`}>
        <Marked text={text || 'Nothing was said.'} wanted={wanted} />
      </p>
    );
  }
  return (
    <>
      <Exact text={text} wanted={wanted} label={tool ? `What ${entry.title} was given` : entry.title} />
      {tool && tool.ok !== null && (
        <Exact
          text={tool.output || '(nothing)'}
          wanted={wanted}
          label={failed ? 'What came back, a failure' : 'What came back'}
        />
      )}
    </>
  );
}

/** Character by character, in a box of its own that scrolls. */
function Exact({ text, wanted, label }: { text: string; wanted: string; label: string }) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for controls, this is read.
    <div role="group" aria-label={label} tabIndex={0} className="command max-h-80 select-text">
      <Marked text={text} wanted={wanted} />
    </div>
  );
}
