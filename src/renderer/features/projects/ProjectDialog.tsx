import { type FormEvent, useState } from 'react';
import { useAct } from '../../hooks/use-act.ts';
import { useAway } from '../../hooks/use-away.ts';
import { useMirror } from '../../mirror.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog, DialogActions } from '../../ui/Dialog.tsx';
import { Problem } from '../../ui/Field.tsx';
import { RemovePart } from '../../ui/RemovePart.tsx';
import { closeDialog, pickProject, say } from '../../ui.ts';
import { ProjectFields } from './ProjectFields.tsx';
import { nextOf, scheduleChange, scheduleOf, settingsOf, textOf } from './settings.ts';

interface ProjectDialogProps {
  /** The project to edit; undefined for a new one. */
  id: string | undefined;
  /** What was already typed as the path of a new one. */
  path: string | undefined;
}

/** Adding, editing and removing a project. */
export function ProjectDialog({ id, path }: ProjectDialogProps) {
  // A new project whose schedule was refused exists: from then on it is edited.
  const [savedId, setSavedId] = useState(id);
  const project = useMirror((snapshot) => snapshot.projects.find((known) => known.id === savedId));
  const add = useAct('projects.add');
  const update = useAct('projects.update');
  const schedule = useAct('projects.schedule');
  const next = useAct('followOn.set');
  const away = useAway();
  const busy = add.busy || update.busy || schedule.busy || next.busy;

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (away || busy) return;
    const form = new FormData(event.currentTarget);
    const settings = settingsOf(form);
    const saved = savedId
      ? await update.run({ id: savedId, ...settings })
      : await add.run({ path: textOf(form, 'path'), ...settings });
    if (!saved) return;
    setSavedId(saved.id);
    const change = scheduleChange(scheduleOf(form), saved);
    if (change !== undefined && !(await schedule.run({ id: saved.id, schedule: change }))) return;
    const told = nextOf(form);
    if (told && !(await next.run({ projectId: saved.id, ...told }))) return;
    if (!id) pickProject(saved.id);
    say(`${saved.name} was saved.`);
    closeDialog();
  };

  return (
    <Dialog title={project ? project.name : 'Add a project'} onClose={closeDialog}>
      <form onSubmit={(event) => void submit(event)} className="flex flex-col gap-3.5">
        <ProjectFields project={project} path={path} pathError={add.error} />
        <Problem text={add.error ?? update.error ?? schedule.error ?? next.error} />
        <DialogActions>
          <Button type="submit" kind="primary" busy={busy} why={away}>
            {busy ? 'Saving…' : savedId ? 'Save' : 'Add project'}
          </Button>
          <Button onClick={closeDialog}>Cancel</Button>
        </DialogActions>
      </form>
      {project && <RemoveProject id={project.id} name={project.name} />}
    </Dialog>
  );
}

function RemoveProject({ id, name }: { id: string; name: string }) {
  const remove = useAct('projects.remove');
  const away = useAway();
  const run = async () => {
    if (!(await remove.run({ id }))) return;
    say(`${name} was removed.`);
    closeDialog();
  };
  return (
    <RemovePart ask="Remove from Tenure" name={name} {...remove} why={away} onRemove={() => void run()}>
      Tenure forgets {name}. Its repository, work trees and history stay.
    </RemovePart>
  );
}
