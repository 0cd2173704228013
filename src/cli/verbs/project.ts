import { Base, type Project, type ProjectSettings } from '../../shared/contract/projects.ts';
import { durationText } from '../../shared/duration.ts';
import { absolute, when } from '../../shared/format.ts';
import { LEVEL_WORDS, LEVELS } from '../../shared/policy.ts';
import { includeWarning } from '../../shared/secret-files.ts';
import { pathGiven, projectNamed } from '../project-ref.ts';
import { list, oneLine, paragraphs, readable, table } from '../text.ts';
import { defineVerb, oneOf, UsageError, wholeNumber } from '../verb.ts';

const MINUTE = 60_000;

const BASE_WORDS: Readonly<Record<Base, string>> = {
  current: 'what is checked out',
  remote: 'the default branch of the remote',
};

const SETTINGS = {
  name: { type: 'string', help: 'what to call it; default: the name of its folder' },
  prompt: { type: 'string', help: 'the prompt of a launch without one; empty: none' },
  model: { type: 'string', value: '<name>', help: "the agent's model; empty: the agent's own default" },
  verify: { type: 'string', value: '<command>', help: 'measures the work after a session; empty: none' },
  'verify-timeout': { type: 'string', value: '<seconds>', help: 'the most that it may take' },
  worktree: {
    type: 'boolean',
    help: 'sessions work on a branch and in a work tree of their own (--no-worktree: in place)',
  },
  base: { type: 'string', value: '<base>', help: 'where a work tree starts: current or remote (its default branch)' },
  include: {
    type: 'string',
    multiple: true,
    value: '<pattern>',
    help: 'untracked files that a work tree gets a copy of; again for more, empty: none',
  },
  setup: { type: 'string', value: '<command>', help: 'run in each new work tree before the agent; empty: none' },
  'setup-timeout': { type: 'string', value: '<seconds>', help: 'the most that it may take' },
  ceiling: { type: 'string', value: '<level>', help: 'the most that this project allows, whatever the level' },
  protected: { type: 'boolean', help: 'sessions run at observe, whatever the level (--no-protected: not)' },
  'time-box': { type: 'string', value: '<minutes>', help: 'a session ends after that long' },
} as const;

interface SettingValues {
  name?: string | undefined;
  prompt?: string | undefined;
  model?: string | undefined;
  verify?: string | undefined;
  'verify-timeout'?: string | undefined;
  worktree?: boolean | undefined;
  base?: string | undefined;
  include?: string[] | undefined;
  setup?: string | undefined;
  'setup-timeout'?: string | undefined;
  ceiling?: string | undefined;
  protected?: boolean | undefined;
  'time-box'?: string | undefined;
}

/** Only what was given; an empty text clears what may be absent. @throws UsageError */
function settingsOf(values: SettingValues): ProjectSettings {
  const seconds = wholeNumber(values['verify-timeout'], 'verify-timeout', 1, 7_200);
  const minutes = wholeNumber(values['time-box'], 'time-box', 1, 1_440);
  const setUpSeconds = wholeNumber(values['setup-timeout'], 'setup-timeout', 1, 7_200);
  const base = oneOf(values.base, 'base', Base.options);
  const ceiling = oneOf(values.ceiling, 'ceiling', LEVELS);
  return {
    ...(values.name !== undefined && { name: values.name }),
    ...(values.prompt !== undefined && { defaultPrompt: values.prompt || null }),
    ...(values.model !== undefined && { model: values.model || null }),
    ...(values.verify !== undefined && { verifyCommand: values.verify || null }),
    ...(seconds !== undefined && { verifyTimeoutMs: seconds * 1_000 }),
    ...(values.worktree !== undefined && { worktree: values.worktree }),
    ...(base !== undefined && { base }),
    ...(values.include !== undefined && { include: values.include.filter((pattern) => pattern !== '') }),
    ...(values.setup !== undefined && { setupCommand: values.setup || null }),
    ...(setUpSeconds !== undefined && { setupTimeoutMs: setUpSeconds * 1_000 }),
    ...(ceiling !== undefined && { ceiling }),
    ...(values.protected !== undefined && { protected: values.protected }),
    ...(minutes !== undefined && { timeBoxMs: minutes * MINUTE }),
  };
}

function describe(project: Project): string {
  const { schedule } = project;
  const next = schedule && (schedule.nextRunAt === null ? 'never again' : absolute(schedule.nextRunAt));
  return list([
    ['Project', `${oneLine(project.name)} (${project.id})`],
    ['Path', oneLine(project.path)],
    ['Agent', project.agent + (project.model ? `, model ${oneLine(project.model)}` : '')],
    ['Prompt', project.defaultPrompt && oneLine(project.defaultPrompt)],
    [
      'Verify',
      project.verifyCommand && `${oneLine(project.verifyCommand)} (at most ${durationText(project.verifyTimeoutMs)})`,
    ],
    ['Work tree', project.worktree ? 'of its own for each session' : 'none: sessions work in place'],
    ['Starts from', project.worktree ? BASE_WORDS[project.base] : null],
    ['Copied in', project.include.map(oneLine).join(', ') || null],
    ['Warning', includeWarning(project.include)],
    [
      'Set-up',
      project.setupCommand && `${oneLine(project.setupCommand)} (at most ${durationText(project.setupTimeoutMs)})`,
    ],
    ['Ceiling', LEVEL_WORDS[project.ceiling].name + (project.protected ? ', protected' : '')],
    ['Time box', durationText(project.timeBoxMs)],
    ['Schedule', schedule && `${schedule.cron} (${schedule.timezone}), next run ${next}`],
    ['Problem', project.problem && readable(project.problem)],
  ]);
}

export const projectAdd = defineVerb({
  name: 'project add',
  summary: 'Register a git work tree as a project.',
  takes: ['path'],
  options: SETTINGS,
  example: 'tenure project add ~/code/shop --verify "npm test" --ceiling moderate',
  async run(cli, [path = ''], values) {
    const project = await cli.call('projects.add', { path: pathGiven(cli, path), ...settingsOf(values) });
    return { json: project, text: `Added.\n${describe(project)}` };
  },
});

export const projectList = defineVerb({
  name: 'project list',
  summary: 'List the projects.',
  example: 'tenure project list --json',
  async run(cli) {
    const projects = await cli.call('projects.list', {});
    const rows = projects.map((project) => {
      const next = project.schedule?.nextRunAt ?? null;
      const run = next === null ? '–' : when(next, cli.now());
      return [project.id, project.name, LEVEL_WORDS[project.ceiling].name, run, project.problem ?? project.path];
    });
    const empty = 'No projects yet. "tenure project add <path>" registers a git work tree.';
    return { json: projects, text: table(['id', 'name', 'ceiling', 'next run', 'path'], rows, empty) };
  },
});

export const projectSet = defineVerb({
  name: 'project set',
  summary: 'Change settings of a project.',
  takes: ['project'],
  options: SETTINGS,
  example: 'tenure project set shop --time-box 45 --no-worktree',
  async run(cli, [ref = ''], values) {
    const settings = settingsOf(values);
    if (Object.keys(settings).length === 0) {
      throw new UsageError('"tenure project set" needs at least one setting; see "tenure project set --help".');
    }
    const { id } = await projectNamed(cli, ref);
    const project = await cli.call('projects.update', { id, ...settings });
    return { json: project, text: describe(project) };
  },
});

export const projectRemove = defineVerb({
  name: 'project remove',
  summary: 'Forget a project. Its repository, work trees and history stay.',
  takes: ['project'],
  example: 'tenure project remove shop',
  async run(cli, [ref = '']) {
    const { id, name, path } = await projectNamed(cli, ref);
    const removed = await cli.call('projects.remove', { id });
    return { json: removed, text: paragraphs(`Forgot ${oneLine(name)}. ${oneLine(path)} is untouched.`) };
  },
});

export const projectSchedule = defineVerb({
  name: 'project schedule',
  summary: 'Launch sessions on a project by a cron expression, or clear that.',
  takes: ['project', 'cron?'],
  options: {
    timezone: { type: 'string', value: '<zone>', help: "an IANA zone; default: the machine's own" },
    prompt: { type: 'string', help: "default: the project's prompt" },
    missed: { type: 'string', value: '<policy>', help: 'what of a missed run: skip or run_once' },
    clear: { type: 'boolean', help: 'no schedule any more' },
  },
  example: 'tenure project schedule shop "0 2 * * 1-5" --timezone Europe/Berlin --missed run_once',
  async run(cli, [ref = '', cron = ''], values) {
    if ((cron === '') === (values.clear !== true)) {
      throw new UsageError('"tenure project schedule" needs either a cron expression or --clear.');
    }
    const missed = oneOf(values.missed, 'missed', ['skip', 'run_once'] as const);
    const { id } = await projectNamed(cli, ref);
    const schedule = {
      cron,
      ...(values.timezone !== undefined && { timezone: values.timezone }),
      ...(values.prompt !== undefined && { prompt: values.prompt || null }),
      ...(missed !== undefined && { missed }),
    };
    const project = await cli.call('projects.schedule', { id, schedule: values.clear ? null : schedule });
    return { json: project, text: describe(project) };
  },
});
