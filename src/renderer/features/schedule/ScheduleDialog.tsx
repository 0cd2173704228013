import { type FormEvent, useDeferredValue, useState } from 'react';
import type { Project } from '../../../shared/contract/projects.ts';
import { useAct } from '../../hooks/use-act.ts';
import { useAway } from '../../hooks/use-away.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { useMirror } from '../../mirror.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog, DialogActions } from '../../ui/Dialog.tsx';
import { Field, Problem } from '../../ui/Field.tsx';
import { Select } from '../../ui/Select.tsx';
import { Moment } from '../../ui/Time.tsx';
import { closeDialog, say } from '../../ui.ts';
import { MISSED } from '../projects/ProjectFields.tsx';

const PRESETS: readonly (readonly [cron: string, words: string])[] = [
  ['0 2 * * *', 'every night at 2'],
  ['0 9 * * 1-5', 'weekdays at 9'],
  ['0 * * * *', 'every hour'],
  ['0 9 * * 1', 'Mondays at 9'],
];

/** When sessions of a project start by themselves, with the moments that come of it before it is saved. */
export function ScheduleDialog({ id }: { id: string | undefined }) {
  const projects = useMirror((snapshot) => snapshot.projects);
  const [chosen, setChosen] = useState(id ?? projects.find(({ schedule }) => schedule === null)?.id ?? projects[0]?.id);
  const project = projects.find((one) => one.id === chosen);
  return (
    <Dialog
      title={id === undefined || !project ? 'Plan sessions' : `Sessions on ${project.name}`}
      onClose={closeDialog}
    >
      {id === undefined && (
        <Field label="Project">
          {(control) => (
            <Select
              {...control}
              value={chosen ?? ''}
              options={projects.map((one) => [one.id, one.name])}
              onChange={setChosen}
            />
          )}
        </Field>
      )}
      {project ? <ScheduleForm key={project.id} project={project} /> : <p>The project is not here any more.</p>}
    </Dialog>
  );
}

function ScheduleForm({ project: { id, name, schedule } }: { project: Project }) {
  const [cron, setCron] = useState(schedule?.cron ?? '');
  const [timezone, setTimezone] = useState(schedule?.timezone ?? '');
  const [prompt, setPrompt] = useState(schedule?.prompt ?? '');
  const [missed, setMissed] = useState(schedule?.missed ?? 'skip');
  const save = useAct('projects.schedule');
  const away = useAway();
  const send = async (wanted: { clear: boolean }) => {
    const input = {
      cron,
      missed,
      prompt: prompt.trim() || null,
      ...(timezone.trim() && { timezone: timezone.trim() }),
    };
    if (!(await save.run({ id, schedule: wanted.clear ? null : input }))) return;
    say(wanted.clear ? `${name} starts nothing by itself any more.` : `The schedule of ${name} was saved.`);
    closeDialog();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!away && !save.busy) void send({ clear: false });
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-3.5">
      <Field label="When" hint={<Preview cron={cron} timezone={timezone} />}>
        {(control) => (
          <input
            {...control}
            required
            value={cron}
            onChange={(event) => setCron(event.target.value)}
            placeholder="0 9 * * 1-5"
            spellCheck={false}
            autoComplete="off"
            className="field font-mono text-[0.75rem]"
          />
        )}
      </Field>
      <div role="toolbar" aria-label="Often wanted" className="-mx-2 -mt-2 flex flex-wrap gap-1.5">
        {PRESETS.map(([expression, words]) => (
          <Button key={expression} kind="quiet" aria-pressed={expression === cron} onClick={() => setCron(expression)}>
            {words}
          </Button>
        ))}
      </div>
      <Field label="Prompt" hint="Empty: the project's own.">
        {(control) => (
          <textarea
            {...control}
            rows={3}
            value={prompt}
            onChange={(event) => setPrompt(event.target.value)}
            className="field prompt min-h-13 resize-none"
          />
        )}
      </Field>
      <div className="flex flex-wrap gap-3">
        <div className="min-w-40 flex-1">
          <Field label="Time zone" hint="Empty: the one of the settings.">
            {(control) => (
              <input
                {...control}
                value={timezone}
                onChange={(event) => setTimezone(event.target.value)}
                placeholder="Europe/Berlin"
                spellCheck={false}
                className="field"
              />
            )}
          </Field>
        </div>
        <Field label="A missed run" hint="When the machine slept.">
          {(control) => (
            <Select
              {...control}
              value={missed}
              options={MISSED}
              onChange={(chosen) => setMissed(chosen === 'run_once' ? 'run_once' : 'skip')}
            />
          )}
        </Field>
      </div>
      <Problem text={save.error} />
      <DialogActions>
        <Button type="submit" kind="primary" busy={save.busy} why={away ?? (cron.trim() ? null : 'Say when first.')}>
          Save
        </Button>
        <Button onClick={closeDialog}>Cancel</Button>
        {schedule && (
          <Button kind="quiet" className="ml-auto" why={away} onClick={() => void send({ clear: true })}>
            Plan nothing any more
          </Button>
        )}
      </DialogActions>
    </form>
  );
}

function Preview({ cron, timezone }: { cron: string; timezone: string }) {
  const expression = useDeferredValue(cron.trim());
  if (expression === '') return 'Five cron fields: minute, hour, day of the month, month, day of the week.';
  return <Moments cron={expression} timezone={timezone.trim()} />;
}

function Moments({ cron, timezone }: { cron: string; timezone: string }) {
  const { data, error } = useQuery('schedule.preview', { cron, count: 4, ...(timezone && { timezone }) });
  if (error !== null) return <span className="text-bad">{error}</span>;
  if (!data) return '…';
  if (data.runs.length === 0) return <span className="text-bad">That moment never comes.</span>;
  return (
    <>
      Next:{' '}
      {data.runs.map((at, n) => (
        <span key={at}>
          {n > 0 && ', '}
          <Moment at={at} />
        </span>
      ))}{' '}
      ({data.timezone})
    </>
  );
}
