import { type FormEvent, type ReactNode, useRef, useState } from 'react';
import { useAct } from '../../hooks/use-act.ts';
import { useAway } from '../../hooks/use-away.ts';
import { useMirror } from '../../mirror.ts';
import { Button } from '../../ui/Button.tsx';
import { Problem } from '../../ui/Field.tsx';
import { Ladder } from '../../ui/Ladder.tsx';
import { Moment } from '../../ui/Time.tsx';
import { openDialog, pickProject, say } from '../../ui.ts';
import { ActButton } from '../system/ActButton.tsx';

const DEMO = 'npm start -- --demo';

function Empty({ title, text, children }: { title: string; text: string; children?: ReactNode }) {
  const level = useMirror((snapshot) => snapshot.trust.level);
  return (
    <div className="m-auto flex w-full max-w-88 flex-col items-center gap-3 py-6 text-center">
      <Ladder level={level} className="h-10 w-12" />
      <h2 className="mt-1 text-title font-strong">{title}</h2>
      <p className="text-balance text-ink-2">{text}</p>
      {children}
    </div>
  );
}

export function NoSessions() {
  const next = useMirror(({ projects }) =>
    projects
      .filter(({ schedule }) => schedule?.nextRunAt)
      .toSorted((a, b) => (a.schedule?.nextRunAt ?? 0) - (b.schedule?.nextRunAt ?? 0))
      .at(0),
  );
  return (
    <Empty
      title="Nothing runs"
      text="Write below what the agent should do, then launch it. What needs you shows up here."
    >
      {next?.schedule?.nextRunAt && (
        <p className="text-small text-ink-3">
          Next by itself: {next.name}, <Moment at={next.schedule.nextRunAt} />
        </p>
      )}
    </Empty>
  );
}

/** The first step of all: a path. */
export function NoProjects() {
  const demo = useMirror((snapshot) => snapshot.engine.demo);
  const path = useRef<HTMLInputElement>(null);
  const [showDemo, setShowDemo] = useState(false);
  const add = useAct('projects.add');
  const away = useAway();
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const typed = path.current?.value.trim();
    if (!typed) return path.current?.focus();
    const project = await add.run({ path: typed });
    if (!project) return;
    pickProject(project.id);
    say(`${project.name} was added.`);
  };
  return (
    <Empty
      title="No projects yet"
      text="Drop a git repository here, or name its folder. Everything an agent does in it passes through you first."
    >
      <form onSubmit={(event) => void submit(event)} className="flex w-full flex-col gap-2">
        <div className="flex flex-wrap gap-2">
          <input
            ref={path}
            aria-label="Path of a git repository"
            aria-invalid={add.error !== null}
            placeholder="~/code/project"
            spellCheck={false}
            autoComplete="off"
            className="field min-w-40 flex-1"
          />
          <Button type="submit" kind="primary" busy={add.busy} why={away}>
            {add.busy ? 'Adding…' : 'Add project'}
          </Button>
        </div>
        <Problem text={add.error} />
        <div className="flex flex-wrap justify-center gap-1">
          <Button kind="quiet" onClick={() => openDialog({ kind: 'welcome' })}>
            First steps…
          </Button>
          <ActButton kind="quiet" onClick={() => openDialog({ kind: 'project', path: path.current?.value ?? '' })}>
            More options…
          </ActButton>
          {!demo && (
            <Button kind="quiet" aria-expanded={showDemo} onClick={() => setShowDemo(!showDemo)}>
              Try the demo
            </Button>
          )}
        </div>
        {showDemo && (
          <p className="appear text-ink-2">
            In Tenure's folder run{' '}
            <code className="rounded-[4px] bg-sunken px-1.5 py-0.5 font-mono text-[0.75rem] text-ink select-all">
              {DEMO}
            </code>
            : the whole loop with a scripted agent, no account needed.
          </p>
        )}
      </form>
    </Empty>
  );
}
