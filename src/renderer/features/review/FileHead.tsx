import type { FileDiff } from '../../../shared/contract/diff.ts';
import { bytes, diff } from '../../../shared/format.ts';
import { STATUS_WORDS } from './FileList.tsx';
import { Revealed } from './Revealed.tsx';

/** Which file it is and what happened to it. */
export function FileHead({ diffOf: { file, hunks } }: { diffOf: FileDiff }) {
  const { path, from, status, added, removed, modeBefore, modeAfter, uncommitted } = file;
  const mode = modeBefore && modeAfter && modeBefore !== modeAfter ? `mode ${modeBefore} → ${modeAfter}` : null;
  const unreadable = hunks.some(({ lines }) => lines.some(({ text }) => text.includes('\ufffd')));
  return (
    <div className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
      <h2 className="font-mono text-[0.75rem] font-strong wrap-anywhere select-text">
        <Revealed text={path} />
      </h2>
      <span className="text-small text-ink-2">
        {STATUS_WORDS[status]}
        {from !== null && (
          <>
            {' · from '}
            <Revealed text={from} />
          </>
        )}
        {[mode, uncommitted && 'not committed', diff(added, removed)].filter(Boolean).map((words) => ` · ${words}`)}
        {unreadable && ' · what is no UTF-8 is shown as \ufffd'}
      </span>
    </div>
  );
}

/** Why there are no lines to be seen; null when there are. */
export function noteOn({ file, hunks, sizeBefore, sizeAfter, submodule, truncated }: FileDiff): string | null {
  if (hunks.length > 0) return null;
  if (submodule) return `A submodule: ${submodule.before ?? 'none'} before, ${submodule.after ?? 'none'} now.`;
  const size = `${sizeBefore === null ? 'not there' : bytes(sizeBefore)} before, ${sizeAfter === null ? 'not there' : bytes(sizeAfter)} now`;
  if (file.binary) return `A binary file, without lines to show: ${size}.`;
  if (truncated) return `The file is too large to be shown: ${size}.`;
  return file.status === 'renamed' ? 'Renamed; no line was changed.' : 'No line was changed.';
}
