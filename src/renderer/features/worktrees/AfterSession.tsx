import { useState } from 'react';
import type { Session } from '../../../shared/contract/sessions.ts';
import type { WorkPreview } from '../../../shared/contract/worktrees.ts';
import { count } from '../../../shared/format.ts';
import { HOW_WORDS, workWords } from '../../../shared/work-words.ts';
import { useAct } from '../../hooks/use-act.ts';
import { useAway } from '../../hooks/use-away.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { Button } from '../../ui/Button.tsx';
import { Check } from '../../ui/Check.tsx';
import { Problem } from '../../ui/Field.tsx';
import { Part } from '../../ui/Screen.tsx';
import { Moment } from '../../ui/Time.tsx';
import { say } from '../../ui.ts';
import { DiscardDialog } from './DiscardDialog.tsx';
import { PushDialog } from './PushDialog.tsx';

/** What becomes of the work of a session that has ended: each way with what it would do, in words. */
export function AfterSession({ session }: { session: Session }) {
  if (session.state !== 'ended' || session.worktree === null) return null;
  return <Work key={session.id} session={session} />;
}

function Work({ session }: { session: Session }) {
  const { id, work } = session;
  const { data, error, reload } = useQuery('worktrees.preview', { sessionId: id }, `${work.state} ${work.at}`);
  const settled = workWords(work);
  return (
    <Part
      title="The work"
      actions={
        settled && (
          <span className="text-ink-2">
            {settled}
            {work.at !== null && (
              <>
                {', '}
                <Moment at={work.at} />
              </>
            )}
          </span>
        )
      }
    >
      <div className="card flex flex-col gap-3 p-3">
        {work.note && <p className="text-ink-2 select-text">{work.note}</p>}
        {data ? (
          <>
            <State preview={data} />
            <Actions session={session} preview={data} reload={reload} />
          </>
        ) : error ? (
          <p className="text-ink-2 select-text">{error}</p>
        ) : (
          <p className="late text-ink-2">Looking at the branch…</p>
        )}
      </div>
    </Part>
  );
}

/** The branch against the one that it is meant for, in a sentence or two. */
function State({ preview }: { preview: WorkPreview }) {
  const { branch, tree, target, ahead, behind, uncommitted, fate } = preview;
  const left = uncommitted.length;
  return (
    <div className="flex flex-col gap-1 select-text">
      <p>
        <code className="wrap-anywhere">{branch ?? 'Its branch is gone'}</code>
        {ahead !== null && target !== null && (
          <>
            {ahead === 0 ? ' has nothing that ' : ` has ${count(ahead, 'commit')} that `}
            <code>{target}</code> has not
            {behind !== null && behind > 0 && <>, and misses {count(behind, 'commit')} of it</>}.
          </>
        )}
      </p>
      {fate.reverted > 0 && (
        <p className="text-human">
          {fate.reverted === fate.commits ? 'All of it was' : `${count(fate.reverted, 'commit')} of it were`} taken back
          since.
        </p>
      )}
      {left > 0 && (
        <p className="text-human">
          {left === 100 ? '100 or more files are' : `${count(left, 'file')} ${left === 1 ? 'is' : 'are'}`} not
          committed.
        </p>
      )}
      {tree === null && <p className="text-ink-2">Its work tree is gone from the disk.</p>}
    </div>
  );
}

function Actions({ session, preview, reload }: { session: Session; preview: WorkPreview; reload: () => void }) {
  const { id, work } = session;
  const { target, how, uncommitted, tree, remotes, branch } = preview;
  const [dialog, setDialog] = useState<'discard' | 'push' | null>(null);
  const [leave, setLeave] = useState(false);
  const merge = useAct('worktrees.merge');
  const keep = useAct('worktrees.keep');
  const open = useAct('worktrees.open');
  const away = useAway();
  const done = how === 'nothing';
  const obstacle = preview.obstacles[0] ?? null;
  const mustLeave = uncommitted.length > 0 && !done && !leave;
  const mergeIt = async () => {
    const report = await merge.run({ sessionId: id, ...(leave && { leaveUncommitted: true }) });
    reload();
    if (report) say(`Merged into ${report.target} by ${HOW_WORDS[report.how]}.`);
  };
  const whyNotMerge =
    away ??
    obstacle ??
    (done ? `${target} has all of it already.` : null) ??
    (mustLeave ? 'Not everything is committed: say below that the rest may stay behind.' : null);
  return (
    <>
      {!done && (
        <p className="text-ink-2">
          {obstacle ?? (
            <>
              Merging is {how === null ? 'not possible' : HOW_WORDS[how]} into <code>{target}</code>.
            </>
          )}
        </p>
      )}
      {uncommitted.length > 0 && !done && obstacle === null && (
        <Check checked={leave} onChange={setLeave}>
          Merge the commits; what is not committed stays in the work tree.
        </Check>
      )}
      <Problem text={merge.error ?? keep.error ?? open.error} />
      <div className="flex flex-wrap items-center gap-2">
        <Button kind="primary" busy={merge.busy} why={whyNotMerge} onClick={() => void mergeIt()}>
          {merge.busy ? 'Merging…' : `Merge${target === null ? '' : ` into ${target}`}`}
        </Button>
        {(work.state === 'open' || work.state === 'kept') && (
          <Button
            busy={keep.busy}
            why={away ?? (work.state === 'kept' ? 'It is kept: no cleaning takes it.' : null)}
            title="Leaves branch and work tree as they are; no cleaning takes them."
            onClick={() => void keep.run({ sessionId: id })}
          >
            {work.state === 'kept' ? 'Kept' : 'Keep'}
          </Button>
        )}
        <Button
          why={away ?? (tree === null && branch === null ? 'Tree and branch are gone already.' : null)}
          onClick={() => setDialog('discard')}
        >
          {done || work.state === 'discarded' ? 'Remove the tree…' : 'Discard…'}
        </Button>
        {tree !== null && (
          <>
            <Button
              kind="quiet"
              busy={open.busy}
              why={away}
              onClick={() => void open.run({ sessionId: id, with: 'editor' })}
            >
              Open in editor
            </Button>
            <Button
              kind="quiet"
              busy={open.busy}
              why={away}
              onClick={() => void open.run({ sessionId: id, with: 'terminal' })}
            >
              Open in terminal
            </Button>
          </>
        )}
        {remotes.length > 0 && (
          <Button kind="quiet" why={away} onClick={() => setDialog('push')}>
            Push…
          </Button>
        )}
      </div>
      {dialog === 'discard' && (
        <DiscardDialog sessionId={id} preview={preview} onClose={() => setDialog(null)} onDone={reload} />
      )}
      {dialog === 'push' && <PushDialog sessionId={id} preview={preview} onClose={() => setDialog(null)} />}
    </>
  );
}
