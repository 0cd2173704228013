import { basename, isAbsolute } from 'node:path';
import type { Database } from 'better-sqlite3';
import type { InputOf, OutputOf } from '../../shared/contract/index.ts';
import type { AgentKind, Project, ProjectSettings } from '../../shared/contract/projects.ts';
import { TenureError } from '../../shared/errors.ts';
import type { Journal } from '../kernel/journal.ts';
import type { Clock, Ids } from '../kernel/ports.ts';
import { findRepositories } from './find.ts';
import { lookAt } from './look.ts';
import {
  canStart,
  defaultName,
  expandHome,
  isTaken,
  type Place,
  problemWith,
  whyNotFolder,
  whyNotProject,
  whyUnread,
} from './rules.ts';
import { createProjectStorage, type StoredProject } from './storage.ts';

/** A set-up installs dependencies at the most. */
const SETUP_TIMEOUT_MS = 600_000;

export interface ProjectDeps {
  db: Database;
  journal: Journal;
  clock: Clock;
  ids: Ids;
  git: {
    place(path: string): Promise<Place>;
    commitAt(cwd: string, name: string): Promise<string | null>;
  };
  /** The person's home folder. */
  home: string;
  /** Tenure's own folders; no project may be inside one or hold one. */
  own: readonly string[];
  /** What a new project gets when the person says nothing; milliseconds. Asked at each `add`. */
  defaults(): { agent: AgentKind; verifyTimeoutMs: number; timeBoxMs: number };
  /** IANA zone of schedules that name none. */
  timezone(): string;
  /** First run after `from` (epoch ms), null for never. Throws TenureError `invalid`. */
  nextRun(cron: string, timezone: string, from: number): number | null;
  /** How many sessions of a project have not ended. */
  openSessions(projectId: string): number;
}

export type Projects = ReturnType<typeof createProjects>;

/** The registered repositories. Every method that names an unknown id throws TenureError `not_found`. */
export function createProjects(deps: ProjectDeps) {
  const { journal, clock, git } = deps;
  const storage = createProjectStorage(deps.db);

  const problemOf = (project: Pick<Project, 'path'>): string | null => problemWith(project.path, lookAt(project.path));
  const toView = (stored: StoredProject): Project => ({ ...stored, problem: problemOf(stored) });

  function stored(id: string): StoredProject {
    const project = storage.get(id);
    if (!project) throw new TenureError('not_found', `There is no project "${id}".`);
    return project;
  }

  const takenNames = (except: string | null): string[] =>
    storage.list().flatMap((project) => (project.id === except ? [] : [project.name]));

  function freeName(name: string, except: string | null): string {
    if (isTaken(name, takenNames(except))) {
      throw new TenureError('conflict', `Another project is already called "${name}". Choose another name.`);
    }
    return name;
  }

  /** Writes, and tells everybody what the project is now. */
  const save = (id: string, write: () => void): Project =>
    journal.commit((emit) => {
      write();
      const project = toView(stored(id));
      emit({ type: 'project.saved', body: { project } });
      return project;
    });

  /** The real path of a folder that may become a project; throws the sentence why not. */
  async function usable(path: string): Promise<string> {
    const absolute = expandHome(path.trim(), deps.home);
    if (!isAbsolute(absolute) || absolute.includes('\0')) {
      throw new TenureError('invalid', `A project needs the absolute path of its folder, but "${path}" is none.`);
    }
    const look = lookAt(absolute);
    if (look.kind !== 'folder') throw new TenureError('invalid', whyNotFolder(absolute, look) ?? '');
    const real = (folder: string): string => {
      const found = lookAt(folder);
      return found.kind === 'folder' ? found.real : folder;
    };
    const why = whyNotProject({
      path: look.real,
      place: await git.place(look.real),
      home: real(deps.home),
      own: deps.own.map(real),
    });
    if (why !== null) throw new TenureError('refused', why);
    return look.real;
  }

  return {
    /** In the order in which they were added. */
    list: (): Project[] => storage.list().map(toView),
    get: (id: string): Project => toView(stored(id)),
    /** As stored, without a look at the disk: for what is asked at every tool call. */
    settings: (id: string): Omit<Project, 'problem'> => stored(id),
    /** A sentence when it cannot be used now: moved, deleted, no longer a repository. Looks only, runs nothing. */
    problemOf,

    /**
     * A sentence why no session can start there now, or null.
     * @param known that something is committed there; null: git is asked.
     */
    async cannotLaunch(project: Pick<Project, 'name' | 'path'>, known: true | null = null): Promise<string | null> {
      const { name, path } = project;
      const problem = problemOf(project);
      const hasCommit = problem === null && (known ?? (await git.commitAt(path, 'HEAD')) !== null);
      const unread = problem === null && !hasCommit ? whyUnread(path, await git.place(path)) : null;
      return canStart({ name, problem: problem ?? unread, hasCommit });
    },

    /**
     * Git repositories of the person's that are no project yet: below a folder, or where people keep code.
     * @throws TenureError `invalid` for a path that is no folder.
     */
    async find({ folder }: InputOf<'projects.find'>): Promise<OutputOf<'projects.find'>> {
      const start = folder === undefined ? undefined : expandHome(folder.trim(), deps.home);
      const why = start === undefined ? null : whyNotFolder(start, lookAt(start));
      if (why !== null) throw new TenureError('invalid', why);
      const { found, cut } = await findRepositories(deps.home, start);
      const known = new Set(storage.list().map(({ path }) => path));
      return { repositories: found.map((one) => ({ ...one, registered: known.has(one.path) })), cut };
    },

    /**
     * Registers the top level of a git work tree.
     * @throws TenureError `invalid` for a path that is no folder, `refused` for a folder that cannot be a
     * project (a subfolder is refused with the top level named), `conflict` for one that is registered.
     */
    async add({ path, ...given }: InputOf<'projects.add'>): Promise<Project> {
      const real = await usable(path);
      const id = deps.ids.next('prj');
      return save(id, () => {
        const other = storage.atPath(real);
        if (other) throw new TenureError('conflict', `"${real}" is already registered as project "${other.name}".`);
        const settings = onlyGiven(given);
        storage.insert({
          id,
          path: real,
          createdAt: clock.now(),
          defaultPrompt: null,
          model: null,
          verifyCommand: null,
          worktree: true,
          base: 'current',
          include: [],
          setupCommand: null,
          setupTimeoutMs: SETUP_TIMEOUT_MS,
          ceiling: 'full',
          protected: false,
          schedule: null,
          ...deps.defaults(),
          ...settings,
          name:
            settings.name === undefined ? defaultName(basename(real), takenNames(null)) : freeName(settings.name, null),
        });
      });
    },

    /** Changes the settings that are given; the others stay. */
    update({ id, ...given }: InputOf<'projects.update'>): Project {
      return save(id, () => {
        const settings = onlyGiven(given);
        if (settings.name !== undefined) freeName(settings.name, id);
        storage.update({ ...stored(id), ...settings });
      });
    },

    /**
     * Forgets a project; its repository, work trees and history stay.
     * @throws TenureError `conflict` while a session of it has not ended.
     */
    remove({ id }: { id: string }): { id: string } {
      return journal.commit((emit) => {
        const { name } = stored(id);
        const open = deps.openSessions(id);
        if (open > 0) {
          const what = open === 1 ? 'a session that has' : `${open} sessions that have`;
          throw new TenureError('conflict', `"${name}" has ${what} not ended. Stop it first, then remove the project.`);
        }
        storage.remove(id, clock.now());
        emit({ type: 'project.removed', body: { id, name } });
        return { id };
      });
    },

    /**
     * Sets or clears the schedule; the next run is computed from now and stored.
     * @throws TenureError `invalid` for an expression or zone that is none, or one that never comes.
     */
    setSchedule({ id, schedule }: InputOf<'projects.schedule'>): Project {
      return save(id, () => {
        stored(id);
        if (schedule === null) return storage.dropSchedule(id);
        const timezone = schedule.timezone ?? deps.timezone();
        const nextRunAt = deps.nextRun(schedule.cron, timezone, clock.now());
        if (nextRunAt === null) {
          throw new TenureError('invalid', `"${schedule.cron}" names a moment that never comes in zone "${timezone}".`);
        }
        storage.saveSchedule(id, {
          cron: schedule.cron,
          timezone,
          prompt: schedule.prompt ?? null,
          missed: schedule.missed ?? 'skip',
          nextRunAt,
        });
      });
    },
  };
}

type Given = { [K in keyof ProjectSettings]-?: Exclude<ProjectSettings[K], undefined> };

/** A setting that is present but undefined is not given: it must not blank out what stands. */
function onlyGiven(settings: ProjectSettings): Partial<Given> {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
}
