import { useState } from 'react';
import type { TreeUse } from '../../../shared/contract/worktrees.ts';
import { bytes, count } from '../../../shared/format.ts';
import { WORK_WORDS } from '../../../shared/work-words.ts';
import { useAct } from '../../hooks/use-act.ts';
import { useAway } from '../../hooks/use-away.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { hashOf } from '../../route.ts';
import { Button } from '../../ui/Button.tsx';
import { Problem } from '../../ui/Field.tsx';
import { Nothing, Part } from '../../ui/Screen.tsx';
import { say } from '../../ui.ts';
import { RemoveDialog } from './RemoveDialog.tsx';

/** The disk that work trees use, by project, and what of it can go at a click. */
export function DiskUse() {
  const { data, error, loading, reload } = useQuery('worktrees.list', {});
  const clean = useAct('worktrees.clean');
  const away = useAway();
  const run = async (paths?: string[]) => {
    const done = await clean.run(paths ? { paths } : {});
    reload();
    if (done) say(`${count(done.removed.length, 'work tree')} removed.`);
  };
  const gone = data?.trees.filter(({ keeps }) => keeps === null) ?? [];
  const words = `Clean ${count(gone.length, 'tree')}, ${bytes(data?.cleanableBytes ?? 0)}`;
  const why = away ?? (gone.length === 0 ? 'Every work tree holds something or is in use.' : null);
  return (
    <Part
      title="Work trees on the disk"
      actions={
        <>
          <Button kind="quiet" busy={loading} onClick={reload}>
            {loading ? 'Measuring…' : 'Measure'}
          </Button>
          <Button busy={clean.busy} why={why} onClick={() => void run()}>
            {clean.busy ? 'Cleaning…' : gone.length === 0 ? 'Nothing to clean' : words}
          </Button>
        </>
      }
    >
      <Problem text={error ?? clean.error} />
      {!data && !error && <p className="late text-ink-2">Measuring…</p>}
      {data?.trees.length === 0 && <Nothing>No session has a work tree on the disk.</Nothing>}
      {data && data.trees.length > 0 && (
        <>
          <p className="text-ink-2">
            {bytes(data.totalBytes)} in all{data.complete ? '' : ', and some are still measured'}:{' '}
            {data.projects.map((one) => `${one.project} ${bytes(one.bytes)}`).join(', ')}.
            {gone.length > 0 &&
              ' Files that git ignores go with a tree: build output, installed packages, copies of .env.'}
          </p>
          <ul className="card divide-y divide-line">
            {data.trees.map((tree) => (
              <Row
                key={tree.path}
                tree={tree}
                clean={() => void run([tree.path])}
                busy={clean.busy}
                away={away}
                reload={reload}
              />
            ))}
          </ul>
        </>
      )}
    </Part>
  );
}

interface RowProps {
  tree: TreeUse;
  clean: () => void;
  busy: boolean;
  away: string | null;
  reload: () => void;
}

function Row({ tree, clean, busy, away, reload }: RowProps) {
  const { sessionId, project, keeps, work, path, loss } = tree;
  const [asks, setAsks] = useState(false);
  const remove = `Remove the tree ${path}`;
  return (
    <li className="flex min-h-11.5 items-center gap-3 px-3 py-1.5">
      <div className="min-w-0 flex-1">
        <p className="truncate" title={path}>
          {sessionId === null ? path : <a href={hashOf('sessions', sessionId)}>{project}</a>}
          {work && <span className="text-ink-2"> · {WORK_WORDS[work]}</span>}
        </p>
        <p className="truncate text-small text-ink-3" title={keeps ?? undefined}>
          {keeps ?? 'Nothing is lost with it but what git ignores.'}
        </p>
      </div>
      <span className="shrink-0 text-ink-2">{bytes(tree.bytes)}</span>
      {keeps === null && (
        <Button kind="quiet" busy={busy} why={away} aria-label={remove} onClick={clean}>
          Remove
        </Button>
      )}
      {keeps !== null && loss !== null && (
        <Button kind="quiet" why={away} aria-label={remove} onClick={() => setAsks(true)}>
          Remove…
        </Button>
      )}
      {asks && loss !== null && (
        <RemoveDialog tree={{ ...tree, loss }} onClose={() => setAsks(false)} onDone={reload} />
      )}
    </li>
  );
}
