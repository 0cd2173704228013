import { type FormEvent, type KeyboardEvent, useRef, useState } from 'react';
import { whyNotLaunch } from '../../../shared/can.ts';
import { useAct } from '../../hooks/use-act.ts';
import { useAway } from '../../hooks/use-away.ts';
import { useMirror } from '../../mirror.ts';
import { Button } from '../../ui/Button.tsx';
import { Problem } from '../../ui/Field.tsx';
import { isCommand, KEYS } from '../../ui/keyboard.ts';
import { openDialog, setDraft, toast, useUi } from '../../ui.ts';
import { ActButton } from '../system/ActButton.tsx';
import { ProjectPicker } from './ProjectPicker.tsx';

const NO_PROMPT = 'Write what the agent should do; this project has no default prompt.';

/** Project, prompt, Launch; everything else is in the sheet. */
export function LaunchBar() {
  const projects = useMirror((snapshot) => snapshot.projects);
  const projectId = useUi((state) => state.projectId);
  const prompt = useUi((state) => state.draft);
  const [missing, setMissing] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  const launch = useAct('sessions.launch');
  const away = useAway();
  const project =
    projects.find(({ id }) => id === projectId) ?? projects.find(({ problem }) => problem === null) ?? projects[0];
  const needsPrompt = project !== undefined && !project.defaultPrompt && prompt.trim() === '';
  const why = away ?? whyNotLaunch(project);

  const submit = async (event?: FormEvent) => {
    event?.preventDefault();
    if (!project || why !== null) return;
    setMissing(needsPrompt);
    if (needsPrompt) return field.current?.focus();
    const text = prompt.trim();
    const session = await launch.run({ projectId: project.id, ...(text && { prompt: text }) });
    if (!session) return;
    setDraft('');
    toast(session.state === 'queued' ? `Queued on ${project.name}.` : `Launched on ${project.name}.`);
  };
  const keys = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !isCommand(event)) return;
    event.preventDefault();
    void submit();
  };

  return (
    <form aria-label="Launch a session" onSubmit={(event) => void submit(event)} className="flex flex-col gap-1.5">
      <div className="card flex flex-wrap items-center gap-1 p-1 focus-within:border-ink-3">
        <ProjectPicker projects={projects} chosen={project} />
        <textarea
          ref={field}
          aria-label="Prompt"
          aria-keyshortcuts="Control+Enter Meta+Enter"
          data-prompt
          rows={1}
          value={prompt}
          onChange={(event) => setDraft(event.currentTarget.value)}
          onKeyDown={keys}
          placeholder={project?.defaultPrompt ?? 'What should the agent do?'}
          className="prompt max-h-24 min-h-7 min-w-36 flex-1 resize-none py-[5px] outline-none"
        />
        <ActButton
          kind="quiet"
          className="self-end"
          aria-label="Options for this launch"
          title="Earlier prompts, templates, model, level, time box, budget"
          onClick={() => openDialog({ kind: 'launch' })}
        >
          …
        </ActButton>
        <Button
          type="submit"
          kind="primary"
          className="self-end"
          busy={launch.busy}
          why={why}
          aria-keyshortcuts="Control+Enter Meta+Enter"
          title={why ?? KEYS.launch}
        >
          {launch.busy ? 'Launching…' : 'Launch'}
        </Button>
      </div>
      <Problem text={missing && needsPrompt ? NO_PROMPT : (launch.error ?? project?.problem ?? null)} />
    </form>
  );
}
