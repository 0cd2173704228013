import type { Project } from '../../../shared/contract/projects.ts';
import { LEVEL_WORDS, LEVELS } from '../../../shared/policy.ts';
import { Check } from '../../ui/Check.tsx';
import { Field } from '../../ui/Field.tsx';
import { Select } from '../../ui/Select.tsx';
import { Moment } from '../../ui/Time.tsx';
import { NextFields } from './NextFields.tsx';
import { PlaceFields } from './PlaceFields.tsx';

const MINUTE_MS = 60_000;

/** What becomes of a run whose moment the machine slept through. */
export const MISSED = [
  ['skip', 'is skipped'],
  ['run_once', 'runs once, later'],
] as const;

interface ProjectFieldsProps {
  project: Project | undefined;
  path: string | undefined;
  pathError: string | null;
}

/** The settings of a project as fields; their names are read by `settingsOf`. */
export function ProjectFields({ project, path, pathError }: ProjectFieldsProps) {
  return (
    <>
      {project ? (
        <p className="font-mono text-[0.75rem] break-all text-ink-2 select-text">{project.path}</p>
      ) : (
        <Field label="Path" hint="The folder of a git repository on this machine.">
          {(control) => (
            <input
              {...control}
              name="path"
              required
              defaultValue={path}
              aria-invalid={pathError !== null}
              placeholder="~/code/project"
              spellCheck={false}
              autoComplete="off"
              className="field"
            />
          )}
        </Field>
      )}
      <Field label="Name" hint={project ? undefined : "Empty: the folder's name."}>
        {(control) => <input {...control} name="name" maxLength={80} defaultValue={project?.name} className="field" />}
      </Field>
      <Field label="Default prompt" hint="Used when a session is launched without one.">
        {(control) => (
          <textarea
            {...control}
            name="defaultPrompt"
            rows={2}
            defaultValue={project?.defaultPrompt ?? ''}
            className="field prompt min-h-13 resize-none"
          />
        )}
      </Field>
      <Field label="Verify command" hint="Run by Tenure after each session. Without one no score is above 3.">
        {(control) => (
          <input
            {...control}
            name="verifyCommand"
            defaultValue={project?.verifyCommand ?? ''}
            placeholder="npm test"
            spellCheck={false}
            className="field font-mono text-[0.75rem]"
          />
        )}
      </Field>
      <PlaceFields project={project} />
      <div className="flex flex-wrap gap-3">
        <Field label="Ceiling" hint="The most this project allows.">
          {(control) => (
            <Select
              {...control}
              name="ceiling"
              initial={project?.ceiling ?? 'full'}
              options={LEVELS.map((level) => [level, LEVEL_WORDS[level].name])}
            />
          )}
        </Field>
        <Field label="Time box" hint="Minutes; then a session ends.">
          {(control) => (
            <input
              {...control}
              name="timeBoxMin"
              type="number"
              min="0.1"
              max={1_440}
              step="any"
              defaultValue={project ? project.timeBoxMs / MINUTE_MS : undefined}
              placeholder="the usual"
              className="field w-28"
            />
          )}
        </Field>
        <div className="min-w-40 flex-1">
          <Field label="Model" hint="Empty: the agent's own choice.">
            {(control) => (
              <input
                {...control}
                name="model"
                defaultValue={project?.model ?? ''}
                spellCheck={false}
                className="field"
              />
            )}
          </Field>
        </div>
      </div>
      <Check name="protected" initial={project?.protected ?? false} hint="Nothing but reading runs without your yes.">
        Protected: its sessions run at Observe, whatever the level
      </Check>
      <ScheduleFields project={project} />
      <NextFields projectId={project?.id} />
    </>
  );
}

function ScheduleFields({ project }: { project: Project | undefined }) {
  const schedule = project?.schedule;
  const hint = schedule?.nextRunAt ? (
    <>
      Next run <Moment at={schedule.nextRunAt} />, {schedule.timezone}.
    </>
  ) : (
    'A cron expression; empty: never by itself.'
  );
  return (
    <div className="flex flex-wrap gap-3">
      <div className="min-w-36 flex-1">
        <Field label="Schedule" hint={hint}>
          {(control) => (
            <input
              {...control}
              name="cron"
              defaultValue={schedule?.cron ?? ''}
              placeholder="0 9 * * 1-5"
              spellCheck={false}
              className="field font-mono text-[0.75rem]"
            />
          )}
        </Field>
      </div>
      <Field label="A missed run" hint="When the machine slept.">
        {(control) => <Select {...control} name="missed" initial={schedule?.missed ?? 'skip'} options={MISSED} />}
      </Field>
    </div>
  );
}
