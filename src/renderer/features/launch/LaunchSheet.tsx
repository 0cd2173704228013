import { type FormEvent, type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { whyNotLaunch } from '../../../shared/can.ts';
import { durationOf, durationText } from '../../../shared/duration.ts';
import { LEVEL_WORDS, LEVELS, type Level } from '../../../shared/policy.ts';
import { useAct } from '../../hooks/use-act.ts';
import { useAway } from '../../hooks/use-away.ts';
import { useMirror } from '../../mirror.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog, DialogActions } from '../../ui/Dialog.tsx';
import { Field, Problem } from '../../ui/Field.tsx';
import { isCommand, KEYS } from '../../ui/keyboard.ts';
import { MenuButton } from '../../ui/MenuButton.tsx';
import { Select } from '../../ui/Select.tsx';
import { Suggest } from '../../ui/Suggest.tsx';
import { closeDialog, pickProject, setDraft, toast, useUi } from '../../ui.ts';
import { cutIn, recentPrompts } from './recent.ts';
import { Templates } from './Templates.tsx';

const NO_PROMPT = 'Write what the agent should do; this project has no default prompt.';
const MODELS = ['opus', 'sonnet', 'haiku'];

/** Everything that can be said about one launch; what is left empty is the project's own. */
export function LaunchSheet() {
  const projects = useMirror((snapshot) => snapshot.projects);
  const sessions = useMirror((snapshot) => snapshot.sessions);
  const projectId = useUi((state) => state.projectId);
  const prompt = useUi((state) => state.draft);
  const project =
    projects.find(({ id }) => id === projectId) ?? projects.find(({ problem }) => problem === null) ?? projects[0];
  const [model, setModel] = useState('');
  const [chosen, setCeiling] = useState<Level | ''>('');
  const [time, setTime] = useState('');
  const [budget, setBudget] = useState('');
  /** How often it was tried with something wrong in it. */
  const [tries, setTries] = useState(0);
  const tried = tries > 0;
  const form = useRef<HTMLFormElement>(null);
  const launch = useAct('sessions.launch');
  const whole = useAct('sessions.get');
  const away = useAway();
  const why = away ?? whyNotLaunch(project);
  const timeBoxMs = time.trim() === '' ? null : durationOf(/^\d+$/.test(time.trim()) ? `${time.trim()} min` : time);
  const dollars = budget.trim() === '' ? null : Number(budget.trim().replace(/^\$/, ''));
  const below = LEVELS.slice(0, LEVELS.indexOf(project?.ceiling ?? 'full'));
  // Chosen for another project, it may be no choice on this one.
  const ceiling = below.find((level) => level === chosen) ?? '';
  const noPrompt = prompt.trim() === '' && !project?.defaultPrompt;
  const wrongTime = time.trim() !== '' && (timeBoxMs === null || timeBoxMs < 1_000 || timeBoxMs > 86_400_000);
  const wrongBudget = dollars !== null && !(dollars > 0 && dollars <= 1_000_000);
  const wrong = noPrompt
    ? NO_PROMPT
    : wrongTime
      ? `The time box takes a length of time from 1 s to 24 h, such as 45 min, but got “${time.trim()}”.`
      : wrongBudget
        ? `The budget takes dollars above 0, such as 2.50, but got “${budget.trim()}”.`
        : null;
  // What is wrong is where one goes on.
  useEffect(() => {
    if (tries > 0) form.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus();
  }, [tries]);

  const submit = async (event?: FormEvent) => {
    event?.preventDefault();
    if (wrong !== null) setTries(tries + 1);
    if (!project || why !== null || wrong !== null) return;
    const session = await launch.run({
      projectId: project.id,
      ...(prompt.trim() && { prompt: prompt.trim() }),
      ...(model.trim() && { model: model.trim() }),
      ...(ceiling && { ceiling }),
      ...(timeBoxMs !== null && { timeBoxMs }),
      ...(dollars !== null && { budgetUsd: dollars }),
    });
    if (!session) return;
    setDraft('');
    toast(session.state === 'queued' ? `Queued on ${project.name}.` : `Launched on ${project.name}.`);
    closeDialog();
  };
  const again = async (earlier: string) => {
    const cut = cutIn(sessions, project?.id, earlier);
    const text = cut === null ? earlier : (await whole.run({ id: cut }))?.prompt;
    if (text !== undefined) setDraft(text);
  };
  const keys = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !isCommand(event)) return;
    event.preventDefault();
    void submit();
  };
  const recent = recentPrompts(sessions, project?.id);
  const models = [...new Set([...sessions.flatMap(({ model: used }) => used ?? []), ...MODELS])].slice(0, 12);

  return (
    <Dialog title="Launch a session" onClose={closeDialog}>
      <form ref={form} onSubmit={(event) => void submit(event)} onKeyDown={keys} className="flex flex-col gap-3.5">
        <Field label="Project" hint={project ? project.path : 'Add a project first.'}>
          {(control) => (
            <Select
              {...control}
              className="w-full"
              value={project?.id ?? ''}
              options={[
                ...(project ? [] : [['', 'No project'] as const]),
                ...projects.map(({ id, name, problem }) => [id, problem ? `${name} (cannot be used)` : name] as const),
              ]}
              onChange={pickProject}
            />
          )}
        </Field>
        <div className="flex flex-col gap-1.5">
          <Field label="Prompt">
            {(control) => (
              <textarea
                {...control}
                data-first
                aria-invalid={tried && noPrompt}
                rows={5}
                value={prompt}
                aria-keyshortcuts="Control+Enter Meta+Enter"
                placeholder={project?.defaultPrompt ?? 'What should the agent do?'}
                onChange={(event) => setDraft(event.currentTarget.value)}
                className="field max-h-72 resize-y"
              />
            )}
          </Field>
          <div className="flex flex-wrap gap-1.5">
            <MenuButton
              label={recent.length === 0 ? 'No earlier prompt here' : 'Earlier prompts'}
              entries={recent.map((one) => ({ id: one, words: one.replaceAll('\n', ' '), run: () => void again(one) }))}
              className="flex-auto"
            />
            <Templates prompt={prompt} onPick={setDraft} />
          </div>
        </div>
        <div className="grid grid-cols-[repeat(auto-fit,minmax(9rem,1fr))] gap-3">
          <Field label="Model">
            {(control) => (
              <Suggest
                {...control}
                maxLength={100}
                placeholder={project?.model ?? "the agent's own"}
                value={model}
                suggestions={models}
                onChange={setModel}
              />
            )}
          </Field>
          <Field label="Acts at most at">
            {(control) => (
              <Select
                {...control}
                className="w-full"
                value={ceiling}
                options={[
                  ['', project ? `${LEVEL_WORDS[project.ceiling].name}, as the project` : 'As the project'],
                  ...below.map((level) => [level, LEVEL_WORDS[level].name] as const),
                ]}
                onChange={(picked) => setCeiling(below.find((one) => one === picked) ?? '')}
              />
            )}
          </Field>
          <Field label="Time box">
            {(control) => (
              <input
                {...control}
                placeholder={project ? durationText(project.timeBoxMs) : ''}
                value={time}
                aria-invalid={tried && wrongTime}
                onChange={(event) => setTime(event.currentTarget.value)}
                className="field"
              />
            )}
          </Field>
          <Field label="Budget, dollars">
            {(control) => (
              <input
                {...control}
                inputMode="decimal"
                placeholder="no limit of its own"
                value={budget}
                aria-invalid={tried && wrongBudget}
                onChange={(event) => setBudget(event.currentTarget.value)}
                className="field"
              />
            )}
          </Field>
        </div>
        <Problem text={(tried ? wrong : null) ?? launch.error ?? whole.error ?? project?.problem ?? null} />
        <DialogActions>
          <Button
            type="submit"
            kind="primary"
            busy={launch.busy}
            why={why}
            aria-keyshortcuts="Control+Enter Meta+Enter"
          >
            {launch.busy ? 'Launching…' : 'Launch'}
          </Button>
          <Button onClick={closeDialog}>Cancel</Button>
          <kbd className="ml-auto text-small text-ink-3">{KEYS.launch}</kbd>
        </DialogActions>
      </form>
    </Dialog>
  );
}
