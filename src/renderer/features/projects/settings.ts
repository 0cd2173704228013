import type { FollowOn } from '../../../shared/contract/follow-on.ts';
import type { Project, ProjectSettings, ScheduleInput } from '../../../shared/contract/projects.ts';
import { LEVELS } from '../../../shared/policy.ts';

const MINUTE_MS = 60_000;

/** What the form of a project says; empty fields are null, an empty name is left to the engine. */
export function settingsOf(form: FormData): ProjectSettings {
  const text = (name: string) => textOf(form, name) || null;
  const name = text('name');
  const minutes = Number(textOf(form, 'timeBoxMin'));
  const ceiling = LEVELS.find((level) => level === form.get('ceiling'));
  return {
    ...(name && { name }),
    ...(ceiling && { ceiling }),
    ...(minutes > 0 && { timeBoxMs: Math.round(minutes * MINUTE_MS) }),
    protected: form.get('protected') === 'on',
    defaultPrompt: text('defaultPrompt'),
    verifyCommand: text('verifyCommand'),
    model: text('model'),
    worktree: form.get('worktree') === 'on',
    base: form.get('base') === 'remote' ? 'remote' : 'current',
    include: textOf(form, 'include')
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== ''),
    setupCommand: text('setupCommand'),
  };
}

/** What new sessions are told and what may start by itself; null: those fields are not there (yet). */
export function nextOf(form: FormData): Omit<FollowOn, 'projectId'> | null {
  if (form.get('most') === null) return null;
  return {
    notes: textOf(form, 'notes') || null,
    brief: form.get('brief') === 'on',
    start: form.get('start') === 'on',
    most: Number(form.get('most')),
  };
}

/** A field of a form as trimmed text; '' when it is not there. */
export function textOf(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === 'string' ? value.trim() : '';
}

/** The schedule in the form; null for none. */
export function scheduleOf(form: FormData): ScheduleInput | null {
  const cron = textOf(form, 'cron');
  if (!cron) return null;
  return { cron, missed: form.get('missed') === 'run_once' ? 'run_once' : 'skip' };
}

/** The schedule to send, or undefined when the form asks for what is already there. */
export function scheduleChange(wanted: ScheduleInput | null, project: Project): ScheduleInput | null | undefined {
  const { schedule } = project;
  if (wanted?.cron === schedule?.cron && (wanted?.missed ?? null) === (schedule?.missed ?? null)) return undefined;
  if (!wanted || !schedule) return wanted;
  return { ...wanted, timezone: schedule.timezone, prompt: schedule.prompt };
}
