import { useEffect, useMemo, useState } from 'react';
import type { DiffPart, WorkDiff } from '../../../shared/contract/diff.ts';
import type { SessionDetail } from '../../../shared/contract/sessions.ts';
import { count, diff, whole } from '../../../shared/format.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { Button } from '../../ui/Button.tsx';
import { Chips } from '../../ui/Chips.tsx';
import { Problem } from '../../ui/Field.tsx';
import { Nothing } from '../../ui/Screen.tsx';
import { CommentList } from './CommentList.tsx';
import { FileList } from './FileList.tsx';
import { FileView } from './FileView.tsx';
import { useComments } from './use-comments.ts';
import { useScreenKeys } from './use-screen-keys.ts';

const PARTS: readonly [name: string, part: DiffPart][] = [
  ['All', 'all'],
  ['Committed', 'committed'],
  ['Not committed', 'uncommitted'],
];

const TYPING_MS = 200;
/** Characters of a path that are looked for. */
const MOST_TYPED = 200;

/** What a session changed, file by file, and what a person says to it. Works while it runs and afterwards. */
export function Changes({ session }: { session: SessionDetail }) {
  if (session.baseCommit !== null) return <Work session={session} />;
  return (
    <section aria-label="Changes" tabIndex={-1} className="workspace">
      <Nothing>
        {session.state === 'ended' ? 'This session never got a place to work.' : 'It has no place to work yet.'}
      </Nothing>
    </section>
  );
}

function Work({ session }: { session: SessionDetail }) {
  const { id, state, turns, commits, followUps } = session;
  const [part, setPart] = useState<DiffPart>('all');
  const [asked, setAsked] = useState(0);
  // With each turn and each ending there may be more.
  const version = `${state} ${turns} ${commits} ${followUps.length} ${asked}`;
  const [filter, setFilter] = useState('');
  // Of more files than are listed, those that match are asked for.
  const [matching, setMatching] = useState('');
  const wanted = { sessionId: id, part, ...(matching !== '' && { matching }) };
  const { data, error, loading } = useQuery('worktrees.diff', wanted, version);
  const isCut = data?.truncated === true || matching !== '';
  useEffect(() => {
    if (!isCut) return;
    const timer = setTimeout(() => setMatching(filter.trim().slice(0, MOST_TYPED)), TYPING_MS);
    return () => clearTimeout(timer);
  }, [filter, isCut]);
  const comments = useComments(id);
  const [chosen, setChosen] = useState<string | null>(null);
  const [wrap, setWrap] = useState(true);

  const files = useMemo(() => {
    const words = filter.trim().toLowerCase();
    return (data?.files ?? []).filter(({ path, from }) => `${path}\n${from ?? ''}`.toLowerCase().includes(words));
  }, [data, filter]);
  const current = files.find(({ path }) => path === chosen)?.path ?? files[0]?.path ?? null;
  const said = useMemo(() => {
    const counts = new Map<string, number>();
    for (const { path } of comments.all) counts.set(path, (counts.get(path) ?? 0) + 1);
    return counts;
  }, [comments.all]);

  const openCommented = (path: string): void => {
    // Of more files than are listed it may be one that is not.
    if (isCut) setFilter(path);
    setChosen(path);
  };

  const step = (by: 1 | -1): void => {
    const at = files.findIndex(({ path }) => path === current);
    const next = files[at + by];
    if (next) setChosen(next.path);
  };
  useScreenKeys({ j: () => step(1), k: () => step(-1), w: () => setWrap(!wrap), r: () => setAsked(asked + 1) });

  return (
    <section aria-label="Changes" tabIndex={-1} className="workspace" aria-busy={loading}>
      <div className="bar">
        {data && data.uncommitted !== null && data.uncommitted.files > 0 && (
          <Chips
            label="What is shown"
            options={PARTS.map(([name, one]) => [one, name])}
            value={part}
            onChange={setPart}
          />
        )}
        {data && <span className="text-ink-2">{totals(data)}</span>}
        <span className="ml-auto flex items-center gap-1">
          <Button kind="quiet" aria-pressed={wrap} title="w" onClick={() => setWrap(!wrap)}>
            Wrap lines
          </Button>
          <Button kind="quiet" busy={loading} title="r" onClick={() => setAsked(asked + 1)}>
            Refresh
          </Button>
        </span>
      </div>
      <Problem text={comments.error} />
      {error && <Nothing>{error}</Nothing>}
      {data?.total.files === 0 && <Nothing>{nothing(session, part)}</Nothing>}
      {data && data.total.files > 0 && !error && (
        <div className="changes">
          <div className="changes-side">
            <input
              type="search"
              aria-label="Filter files"
              placeholder="Filter files"
              value={filter}
              onChange={(event) => setFilter(event.currentTarget.value)}
              className="field"
            />
            {files.length === 0 && <Nothing>No file matches.</Nothing>}
            {files.length > 0 && <FileList files={files} current={current} comments={said} onOpen={setChosen} />}
            {data.truncated && (
              <p className="text-small text-ink-3">
                {count(data.total.files, 'file')} changed; these are the first {whole(data.files.length)}
                {matching !== '' && ' that match'}. The filter finds the others.
              </p>
            )}
            <CommentList comments={comments} files={isCut ? null : data.files} onOpen={openCommented} />
          </div>
          {current !== null && (
            <FileView
              key={`${part} ${current}`}
              sessionId={id}
              path={current}
              part={part}
              version={version}
              wrap={wrap}
              comments={comments}
            />
          )}
        </div>
      )}
      {(error !== null || data?.total.files === 0) && comments.all.length > 0 && (
        <CommentList comments={comments} files={[]} onOpen={setChosen} />
      )}
    </section>
  );
}

function totals({ total, hasTree }: WorkDiff): string {
  const words = [count(total.files, 'file'), diff(total.added, total.removed)];
  return `${words.filter(Boolean).join(' · ')}${hasTree ? '' : ' · from its branch, the work tree is gone'}`;
}

function nothing({ state }: SessionDetail, part: DiffPart): string {
  if (part === 'uncommitted') return 'Everything is committed.';
  if (part === 'committed') return 'Nothing is committed so far.';
  return state === 'ended' ? 'This session changed nothing.' : 'Nothing was changed so far.';
}
