import { useEffect, useState } from 'react';
import { call, sentenceOf } from '../api.ts';
import { openDialog, pickProject, toast } from '../ui.ts';

const IN_A_BROWSER =
  'A browser does not tell where a dropped folder lies, so it cannot be added. Add the project by its path.';

/** A folder that is dropped anywhere on the page becomes a project. @returns whether one is held over the page. */
export function useDrop(): boolean {
  const [over, setOver] = useState(false);
  useEffect(() => {
    const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false;
    const hold = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      setOver(true);
    };
    const leave = (event: DragEvent) => {
      if (event.relatedTarget === null) setOver(false);
    };
    const drop = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      // Else the page would become the folder.
      event.preventDefault();
      setOver(false);
      void addAll([...(event.dataTransfer?.files ?? [])]);
    };
    window.addEventListener('dragover', hold);
    window.addEventListener('dragleave', leave);
    window.addEventListener('drop', drop);
    return () => {
      window.removeEventListener('dragover', hold);
      window.removeEventListener('dragleave', leave);
      window.removeEventListener('drop', drop);
    };
  }, []);
  return over;
}

async function addAll(files: readonly File[]): Promise<void> {
  const pathOf = window.tenure?.pathOf;
  if (!pathOf) {
    toast(IN_A_BROWSER);
    openDialog({ kind: 'project' });
    return;
  }
  for (const file of files) {
    try {
      const project = await call('projects.add', { path: pathOf(file) });
      pickProject(project.id);
      toast(`${project.name} was added.`, () => void takeBack(project.id, project.name));
    } catch (error) {
      toast(sentenceOf(error));
    }
  }
}

async function takeBack(id: string, name: string): Promise<void> {
  try {
    await call('projects.remove', { id });
    toast(`${name} was taken out again.`);
  } catch (error) {
    toast(sentenceOf(error));
  }
}
