import type { Project } from '../../../shared/contract/projects.ts';
import { LEVEL_WORDS } from '../../../shared/policy.ts';
import { useMirror } from '../../mirror.ts';
import { Mark } from '../../ui/Mark.tsx';
import { Nothing, Screen } from '../../ui/Screen.tsx';
import { Moment } from '../../ui/Time.tsx';
import { openDialog } from '../../ui.ts';
import { ActButton } from '../system/ActButton.tsx';

export function Projects() {
  const projects = useMirror((snapshot) => snapshot.projects);
  return (
    <Screen
      title="Projects"
      actions={
        <ActButton kind="primary" onClick={() => openDialog({ kind: 'project' })}>
          Add a project…
        </ActButton>
      }
    >
      {projects.length === 0 ? (
        <Nothing>
          No projects yet. Add the folder of a git repository; everything an agent does in it passes through you first.
        </Nothing>
      ) : (
        <ul className="card divide-y divide-line">
          {projects.map((project) => (
            <ProjectRow key={project.id} project={project} />
          ))}
        </ul>
      )}
    </Screen>
  );
}

function ProjectRow({ project }: { project: Project }) {
  const { name, path, problem } = project;
  return (
    <li data-item className="flex min-h-11.5 flex-wrap items-center gap-x-3 gap-y-1 px-3 py-1.5">
      <div className="min-w-[min(11rem,100%)] flex-1">
        <p className="flex items-center gap-2">
          <span className="font-strong">{name}</span>
          {problem && <Mark shape="square" tone="bad" />}
        </p>
        <p className={`wrap-anywhere ${problem ? 'text-bad' : 'text-ink-2'}`}>{problem ?? path}</p>
        <p className="text-small text-ink-3">
          {factsOf(project).join(' · ')}
          {project.schedule?.nextRunAt && (
            <>
              {' '}
              · next run <Moment at={project.schedule.nextRunAt} />
            </>
          )}
        </p>
      </div>
      <ActButton
        kind="quiet"
        onClick={() => openDialog({ kind: 'mcp', id: project.id })}
        aria-label={`MCP servers of ${name}`}
      >
        MCP…
      </ActButton>
      <ActButton onClick={() => openDialog({ kind: 'project', id: project.id })} aria-label={`Edit ${name}`}>
        Edit…
      </ActButton>
    </li>
  );
}

function factsOf({ agent, model, ceiling, worktree, verifyCommand, schedule }: Project): string[] {
  return [
    model ? `${agent}, ${model}` : agent,
    `up to ${LEVEL_WORDS[ceiling].name}`,
    worktree ? 'own work trees' : 'in your checkout',
    verifyCommand ? `verified by ${verifyCommand}` : 'no verify command',
    ...(schedule ? [`schedule ${schedule.cron}`] : []),
  ];
}
