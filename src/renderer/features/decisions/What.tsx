import { useState } from 'react';
import type { Decision } from '../../../shared/contract/decisions.ts';
import { count } from '../../../shared/format.ts';
import { reveal } from '../../../shared/reveal.ts';
import { sessionCost } from '../../../shared/usage-words.ts';
import { useMirror } from '../../mirror.ts';
import { Command, PieceView } from '../../ui/Command.tsx';
import { type ChangeLine, changeOf } from './change-lines.ts';

/** More lines than these are shown on demand. */
const SHOWN_LINES = 10;
const SHOWN_FILES = 6;

const SIGNS: Readonly<Record<ChangeLine['kind'], string>> = { added: '+', removed: '−', context: ' ', gap: '⋯' };
const WORDS: Readonly<Record<ChangeLine['kind'], string>> = {
  added: 'Added: ',
  removed: 'Removed: ',
  context: '',
  gap: '',
};

/** What would happen: the exact call, a file's change as lines, the files that a command names. */
export function What({ decision: { action }, tall = false }: { decision: Pick<Decision, 'action'>; tall?: boolean }) {
  const change = changeOf(action);
  const label = `Exact ${action.tool} call`;
  return (
    <>
      {change ? (
        <Change label={label} cwd={action.cwd} {...change} />
      ) : (
        <Command text={action.detail} label={label} cwd={action.cwd} tall={tall} />
      )}
      {action.files && <Files files={action.files} />}
    </>
  );
}

interface ChangeProps {
  label: string;
  cwd: string;
  path: string;
  lines: readonly ChangeLine[];
}

function Change({ label, cwd, path, lines }: ChangeProps) {
  const [whole, setWhole] = useState(false);
  const shown = whole ? lines : lines.slice(0, SHOWN_LINES);
  const short = path.startsWith(`${cwd}/`) ? path.slice(cwd.length + 1) : path;
  return (
    <>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for controls, this is read. */}
      <div role="group" aria-label={label} tabIndex={0} className={`command ${whole ? 'max-h-96' : 'max-h-52'}`}>
        <span className="command-line text-ink-2">
          {reveal(short).map((piece, at) => (
            <PieceView key={at} piece={piece} />
          ))}
        </span>
        {shown.map(({ kind, text }, n) => (
          <span key={n} className="command-line change-line" data-kind={kind}>
            <span aria-hidden="true" className="select-none">
              {SIGNS[kind]}{' '}
            </span>
            <span className="sr-only">{WORDS[kind]}</span>
            {reveal(text).map((piece, at) => (
              <PieceView key={at} piece={piece} />
            ))}
          </span>
        ))}
      </div>
      {lines.length > SHOWN_LINES && (
        <button
          type="button"
          className="link self-start text-small text-ink-3"
          aria-expanded={whole}
          onClick={() => setWhole(!whole)}
        >
          {whole ? 'Show less' : `Show whole: ${count(lines.length - SHOWN_LINES, 'more line')}`}
        </button>
      )}
    </>
  );
}

function Files({ files }: { files: readonly string[] }) {
  const [whole, setWhole] = useState(false);
  const shown = whole ? files : files.slice(0, SHOWN_FILES);
  return (
    <p className="text-small wrap-anywhere text-ink-2">
      Names {shown.join(', ')}
      {files.length > shown.length && (
        <>
          {' '}
          <button type="button" className="link text-ink-3" onClick={() => setWhole(true)}>
            and {files.length - shown.length} more
          </button>
        </>
      )}
    </p>
  );
}

/** What the asking session has cost until now. */
export function CostSoFar({ sessionId }: { sessionId: string }) {
  const session = useMirror((snapshot) => snapshot.sessions.find(({ id }) => id === sessionId));
  if (!session) return null;
  const cost = sessionCost(session);
  return (
    <span className="truncate text-small text-ink-3" title="What its session has cost so far">
      {cost === null ? 'cost unknown' : `${cost} so far`}
    </span>
  );
}
