import type { Project } from '../../../shared/contract/projects.ts';
import { openDialog, pickProject } from '../../ui.ts';

const ADD = '+';
const EDIT = '…';

interface ProjectPickerProps {
  projects: readonly Project[];
  chosen: Project | undefined;
}

/** The platform's own menu: the projects, then what can be done about them. */
export function ProjectPicker({ projects, chosen }: ProjectPickerProps) {
  const choose = (value: string) => {
    if (value === ADD) openDialog({ kind: 'project' });
    else if (value === EDIT && chosen) openDialog({ kind: 'project', id: chosen.id });
    else if (value) pickProject(value);
  };
  return (
    <span className="relative flex max-w-36 shrink-0 items-center self-start">
      <select
        aria-label="Project"
        value={chosen?.id ?? ''}
        onChange={(event) => choose(event.currentTarget.value)}
        className="picker min-h-7 w-full appearance-none truncate rounded-control py-1 pr-5 pl-2 font-strong"
      >
        {!chosen && <option value="">No project</option>}
        {projects.map((project) => (
          <option key={project.id} value={project.id}>
            {project.problem ? `${project.name} (cannot be used)` : project.name}
          </option>
        ))}
        <hr />
        {chosen && <option value={EDIT}>Edit {chosen.name}…</option>}
        <option value={ADD}>Add a project…</option>
      </select>
      <svg viewBox="0 0 8 5" aria-hidden="true" className="pointer-events-none absolute right-1.5 h-1.5 w-2 text-ink-3">
        <path d="m1 1 3 3 3-3" fill="none" stroke="currentColor" strokeWidth="1.4" strokeLinecap="round" />
      </svg>
    </span>
  );
}
