import type { Project } from '../../../shared/contract/projects.ts';
import type { UpcomingRun } from '../../../shared/contract/schedule.ts';
import { clockTime } from '../../../shared/format.ts';
import { everyWords, foldRuns, runWords } from '../../../shared/upcoming.ts';
import { useAct } from '../../hooks/use-act.ts';
import { useAway } from '../../hooks/use-away.ts';
import { useClock } from '../../hooks/use-clock.ts';
import { useKept } from '../../hooks/use-kept.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { useMirror } from '../../mirror.ts';
import { isOneOf } from '../../remembered.ts';
import { Button } from '../../ui/Button.tsx';
import { Chips } from '../../ui/Chips.tsx';
import { Problem } from '../../ui/Field.tsx';
import { Nothing, Part, Screen } from '../../ui/Screen.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { Moment } from '../../ui/Time.tsx';
import { openDialog, say } from '../../ui.ts';
import { ActButton } from '../system/ActButton.tsx';

const RANGES = [1, 7, 31] as const;
const WORDS: Readonly<Record<(typeof RANGES)[number], string>> = { 1: 'a day', 7: 'a week', 31: 'a month' };
const MINUTE_MS = 60_000;

/** What starts by itself: by project, and what the clock will do next. */
export function Schedule() {
  const projects = useMirror((snapshot) => snapshot.projects);
  const planned = projects.filter(({ schedule }) => schedule !== null);
  return (
    <Screen
      title="Schedule"
      actions={
        <ActButton
          kind="primary"
          why={projects.length === 0 ? 'Add a project first.' : null}
          onClick={() => openDialog({ kind: 'schedule' })}
        >
          Plan sessions…
        </ActButton>
      }
    >
      {planned.length === 0 ? (
        <Nothing>
          Nothing starts by itself yet. Plan sessions on a project, for instance at night on weekdays; they pass the
          same gate.
        </Nothing>
      ) : (
        <Part title="Projects">
          <ul className="card divide-y divide-line">
            {planned.map((project) => (
              <Planned key={project.id} project={project} />
            ))}
          </ul>
        </Part>
      )}
      <Next version={projects.map(({ id, schedule }) => `${id}${schedule?.cron}${schedule?.nextRunAt}`).join()} />
    </Screen>
  );
}

function Planned({ project: { id, name, schedule } }: { project: Project }) {
  const launch = useAct('sessions.launch');
  const away = useAway();
  if (!schedule) return null;
  const run = async () => {
    const prompt = schedule.prompt;
    if (await launch.run({ projectId: id, ...(prompt !== null && { prompt }) }))
      say(`A session on ${name} was launched.`);
  };
  return (
    <li data-item className="flex flex-wrap items-center gap-x-3 px-3 py-2">
      <div className="mr-auto min-w-60 flex-1">
        <p>
          <span className="font-strong">{name}</span>{' '}
          <code className="font-mono text-[0.75rem] text-ink-2">{schedule.cron}</code>{' '}
          <span className="text-small text-ink-3">{schedule.timezone}</span>
        </p>
        {schedule.prompt && <p className="line-clamp-1 text-ink-2">{schedule.prompt}</p>}
        <p className="text-small text-ink-3">
          {schedule.nextRunAt === null ? (
            'Never again'
          ) : (
            <>
              Next <Moment at={schedule.nextRunAt} />
            </>
          )}
          {schedule.lastRunAt !== null && (
            <>
              {' '}
              · last <Moment at={schedule.lastRunAt} />
            </>
          )}
          {' · a missed run '}
          {schedule.missed === 'skip' ? 'is skipped' : 'runs once, later'}
        </p>
        {schedule.lastNote && <p className="text-small text-ink-2">{schedule.lastNote}</p>}
        <Problem text={launch.error} />
      </div>
      <Button kind="quiet" busy={launch.busy} why={away} onClick={() => void run()} aria-label={`Launch now: ${name}`}>
        Launch now
      </Button>
      <ActButton onClick={() => openDialog({ kind: 'schedule', id })} aria-label={`Edit the schedule of ${name}`}>
        Edit…
      </ActButton>
    </li>
  );
}

function Next({ version }: { version: string }) {
  const [days, setDays] = useKept<(typeof RANGES)[number]>('schedule.days', isOneOf(RANGES), 7);
  const minute = useClock((now) => Math.floor(now / MINUTE_MS));
  const paused = useMirror((snapshot) => snapshot.paused);
  const { data, error } = useQuery('schedule.upcoming', { days }, `${minute} ${version} ${paused}`);
  return (
    <Part
      title="What the clock will do"
      actions={
        <Chips
          label="How far ahead"
          options={RANGES.map((one) => [String(one), WORDS[one]])}
          value={String(days)}
          onChange={(chosen) => setDays(RANGES.find((one) => String(one) === chosen) ?? days)}
        />
      }
    >
      <Problem text={error} />
      {!data && !error && <Skeleton rows={4} label="Reading the clock" />}
      {data?.paused && data.runs.length > 0 && (
        <p className="text-human">Everything is paused: sessions wait until you resume.</p>
      )}
      {data?.runs.length === 0 && <Nothing>Nothing in {WORDS[days]}.</Nothing>}
      {data && data.runs.length > 0 && (
        <div className="card divide-y divide-line">
          {byDay(data.runs).map(([day, runs]) => (
            <section key={day} aria-label={day} className="flex gap-3 px-3 py-2">
              <h3 className="w-24 shrink-0 text-ink-2">{day}</h3>
              <ul className="flex min-w-0 flex-1 flex-col gap-0.5">
                {foldRuns(runs).map(({ run, repeats }) => (
                  <li key={`${run.at} ${run.projectId}`} className="flex flex-wrap gap-x-3">
                    <span className="min-w-11 text-ink-2">
                      {clockTime(run.at)}
                      {repeats && `–${clockTime(repeats.until)}, ${everyWords(repeats.everyMs)}`}
                    </span>
                    <span className="line-clamp-2 min-w-40 flex-1 wrap-anywhere">
                      {runWords(run)}
                      {run.prompt && <span className="text-ink-3"> {run.prompt}</span>}
                    </span>
                  </li>
                ))}
              </ul>
            </section>
          ))}
        </div>
      )}
      {data?.cut && (
        <p className="text-small text-ink-3">There is more: at most the next 200 runs of each plan are looked up.</p>
      )}
    </Part>
  );
}

const dayOf = new Intl.DateTimeFormat('en-GB', { weekday: 'short', day: 'numeric', month: 'short' });

function byDay(runs: readonly UpcomingRun[]): [day: string, runs: UpcomingRun[]][] {
  return [...Map.groupBy(runs, ({ at }) => dayOf.format(at))];
}
