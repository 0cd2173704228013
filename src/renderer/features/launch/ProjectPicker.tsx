import { lazy, Suspense, useRef, useState } from 'react';
import type { Project } from '../../../shared/contract/projects.ts';
import { Mishap } from '../../ui/Mishap.tsx';
import { Chevron } from '../../ui/Signs.tsx';
import { openDialog, pickProject } from '../../ui.ts';

const Menu = lazy(() => import('../../ui/Menu.tsx').then((module) => ({ default: module.Menu })));

interface ProjectPickerProps {
  projects: readonly Project[];
  chosen: Project | undefined;
}

/** The project of the next launch, and behind it all of them and what can be done about them. */
export function ProjectPicker({ projects, chosen }: ProjectPickerProps) {
  const button = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  const name = chosen?.name ?? 'No project';
  return (
    <>
      <button
        ref={button}
        type="button"
        aria-label={`Project: ${name}`}
        aria-haspopup="menu"
        aria-expanded={open}
        onClick={() => setOpen(true)}
        onKeyDown={(event) => {
          if (event.key !== 'ArrowDown') return;
          event.preventDefault();
          setOpen(true);
        }}
        className="picker"
      >
        <span className="min-w-0 truncate">{name}</span>
        <Chevron className="shrink-0 text-ink-3" />
      </button>
      {open && (
        <Mishap said="above">
          <Suspense fallback={null}>
            <Menu
              label="Project"
              anchor={button}
              groups={[
                projects.map(({ id, name: words, problem }) => ({
                  id,
                  words: problem ? `${words} (cannot be used)` : words,
                  chosen: id === chosen?.id,
                  run: () => pickProject(id),
                })),
                [
                  ...(chosen
                    ? [
                        {
                          id: 'edit',
                          words: `Edit ${name}…`,
                          run: () => openDialog({ kind: 'project', id: chosen.id }),
                        },
                      ]
                    : []),
                  { id: 'add', words: 'Add a project…', run: () => openDialog({ kind: 'project' }) },
                ],
              ]}
              onClose={() => setOpen(false)}
            />
          </Suspense>
        </Mishap>
      )}
    </>
  );
}
