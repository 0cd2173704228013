import { useEffect, useState } from 'react';
import { call, sentenceOf } from '../api.ts';
import { isCovered, isTyping } from '../ui/keyboard.ts';
import { openDialog, pickProject, toast } from '../ui.ts';

const IN_A_BROWSER =
  'A browser does not tell where a dropped folder lies, so it cannot be added. Add the project by its path.';

/**
 * A folder that is dropped or pasted anywhere on the page becomes a project; the path of one that is pasted where
 * nothing is written opens what adds it. @returns whether one is held over the page.
 */
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
    const paste = (event: ClipboardEvent) => {
      if (isTyping(event.target) || isCovered()) return;
      const files = [...(event.clipboardData?.files ?? [])];
      const path = pathIn(event.clipboardData?.getData('text/plain') ?? '');
      if (window.tenure && files.length > 0) void addAll(files);
      else if (path !== null) openDialog({ kind: 'project', path });
    };
    window.addEventListener('paste', paste);
    window.addEventListener('dragover', hold);
    window.addEventListener('dragleave', leave);
    window.addEventListener('drop', drop);
    return () => {
      window.removeEventListener('paste', paste);
      window.removeEventListener('dragover', hold);
      window.removeEventListener('dragleave', leave);
      window.removeEventListener('drop', drop);
    };
  }, []);
  return over;
}

/** The path that a text is, as a file manager or a shell gives it: quoted, or as a `file://`; null: it is none. */
export function pathIn(text: string): string | null {
  const bare = text.trim().replace(/^(['"])(.*)\1$/, '$2');
  const path = bare.startsWith('file:///') ? decoded(bare.slice('file://'.length)) : bare;
  return /^(\/|~\/|~$)[^\n]*$/.test(path) ? path : null;
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
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
