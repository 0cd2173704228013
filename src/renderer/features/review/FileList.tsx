import type { DiffFile, DiffStatus } from '../../../shared/contract/diff.ts';
import { diff } from '../../../shared/format.ts';
import { Revealed } from './Revealed.tsx';

const LETTERS: Readonly<Record<DiffStatus, string>> = {
  added: 'A',
  deleted: 'D',
  modified: 'M',
  renamed: 'R',
  type_changed: 'T',
  conflicted: '!',
};
export const STATUS_WORDS: Readonly<Record<DiffStatus, string>> = {
  added: 'added',
  deleted: 'deleted',
  modified: 'changed',
  renamed: 'renamed',
  type_changed: 'of another type now',
  conflicted: 'in conflict',
};

/** A path in its two parts, so that the name stays readable where the folder is cut. */
function parts(path: string): { folder: string; name: string } {
  const at = path.lastIndexOf('/') + 1;
  return { folder: path.slice(0, at), name: path.slice(at) };
}

interface FileListProps {
  files: readonly DiffFile[];
  current: string | null;
  /** How many comments each file has, by path. */
  comments: ReadonlyMap<string, number>;
  onOpen: (path: string) => void;
}

/** The files of a diff: name, folder, what happened to it, how much. */
export function FileList({ files, current, comments, onOpen }: FileListProps) {
  return (
    <ul className="card files">
      {files.map(({ path, status, added, removed, binary, uncommitted }) => {
        const { folder, name } = parts(path);
        const said = comments.get(path) ?? 0;
        const figures = binary ? 'binary' : diff(added, removed);
        return (
          <li key={path} className="lazy-row">
            <button
              type="button"
              aria-current={path === current || undefined}
              title={path}
              onClick={() => onOpen(path)}
            >
              <span
                aria-hidden="true"
                className={`w-3 text-center ${status === 'conflicted' ? 'font-strong text-bad' : 'text-ink-3'}`}
              >
                {LETTERS[status]}
              </span>
              <span className="sr-only">{STATUS_WORDS[status]}</span>
              <span className="min-w-0 flex-1">
                <span className="block truncate">
                  <Revealed text={name} />
                </span>
                {(folder || uncommitted) && (
                  <span className="block truncate text-small text-ink-3">
                    <Revealed text={[folder, uncommitted && 'not committed'].filter(Boolean).join(' · ')} />
                  </span>
                )}
              </span>
              {said > 0 && (
                <span className="rounded-full bg-human-soft px-1.5 text-small text-human">
                  {said}
                  <span className="sr-only"> comments</span>
                </span>
              )}
              <span className="shrink-0 text-small text-ink-2">{figures}</span>
            </button>
          </li>
        );
      })}
    </ul>
  );
}
