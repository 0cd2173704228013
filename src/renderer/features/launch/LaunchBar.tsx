import { type FormEvent, type KeyboardEvent, useRef, useState } from 'react';
import { whyNotLaunch } from '../../../shared/can.ts';
import { useAct } from '../../hooks/use-act.ts';
import { useAway } from '../../hooks/use-away.ts';
import { useMirror } from '../../mirror.ts';
import { Button } from '../../ui/Button.tsx';
import { Problem } from '../../ui/Field.tsx';
import { isCommand, KEYS } from '../../ui/keyboard.ts';
import { say, useUi } from '../../ui.ts';
import { type Chosen, LaunchOptions } from './LaunchOptions.tsx';
import { ProjectPicker } from './ProjectPicker.tsx';
import { cutIn, recentPrompts } from './recent.ts';

const NO_PROMPT = 'Write what the agent should do; this project has no default prompt.';

const NOTHING: Chosen = { model: '', minutes: '' };

/** Project, prompt, Launch. */
export function LaunchBar() {
  const projects = useMirror((snapshot) => snapshot.projects);
  const projectId = useUi((state) => state.projectId);
  const [prompt, setPrompt] = useState('');
  const [missing, setMissing] = useState(false);
  const [open, setOpen] = useState(false);
  const [chosen, setChosen] = useState(NOTHING);
  const sessions = useMirror((snapshot) => snapshot.sessions);
  const field = useRef<HTMLTextAreaElement>(null);
  const launch = useAct('sessions.launch');
  const whole = useAct('sessions.get');
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
    const minutes = Number(chosen.minutes);
    const session = await launch.run({
      projectId: project.id,
      ...(text && { prompt: text }),
      ...(chosen.model.trim() && { model: chosen.model.trim() }),
      ...(minutes > 0 && { timeBoxMs: Math.round(minutes * 60_000) }),
    });
    if (!session) return;
    setPrompt('');
    setChosen(NOTHING);
    setOpen(false);
    say(session.state === 'queued' ? `Queued on ${project.name}.` : `Launched on ${project.name}.`);
  };
  const again = async (earlier: string) => {
    const cut = cutIn(sessions, project?.id, earlier);
    const text = cut === null ? earlier : (await whole.run({ id: cut }))?.prompt;
    if (text !== undefined) setPrompt(text);
    field.current?.focus();
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
          onChange={(event) => setPrompt(event.currentTarget.value)}
          onKeyDown={keys}
          placeholder={project?.defaultPrompt ?? 'What should the agent do?'}
          className="prompt max-h-24 min-h-7 min-w-36 flex-1 resize-none py-[5px] outline-none"
        />
        <Button
          kind="quiet"
          className="self-end"
          aria-expanded={open}
          aria-label="Options for this launch"
          title="Earlier prompts, model, time box"
          onClick={() => setOpen(!open)}
        >
          …
        </Button>
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
      {open && (
        <LaunchOptions
          project={project}
          recent={recentPrompts(sessions, project?.id)}
          chosen={chosen}
          onChoose={setChosen}
          onPrompt={(earlier) => void again(earlier)}
        />
      )}
      <Problem text={missing && needsPrompt ? NO_PROMPT : (launch.error ?? whole.error ?? project?.problem ?? null)} />
    </form>
  );
}
