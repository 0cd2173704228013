import type { OutputOf } from '../../shared/contract/index.ts';
import type { Loss, TreeUse, WorkPreview } from '../../shared/contract/worktrees.ts';
import { bytes, count } from '../../shared/format.ts';
import { HOW_WORDS, lossWords, WORK_WORDS } from '../../shared/work-words.ts';
import { projectFilter } from '../project-ref.ts';
import { list, oneLine, paragraphs, readable, table } from '../text.ts';
import { type Cli, defineVerb, UsageError, type Verb } from '../verb.ts';

const INTO = {
  type: 'string',
  value: '<branch>',
  help: 'default: the branch that the session was started for',
} as const;

function describe(preview: WorkPreview): string {
  const { target, ahead, behind, how, conflicts, uncommitted, loss, fate, remotes } = preview;
  const would = conflicts.length > 0 ? `conflicts in ${conflicts.map(oneLine).join(', ')}` : how && HOW_WORDS[how];
  const lost = lossWords(loss);
  return paragraphs(
    list([
      ['Session', preview.sessionId],
      ['Work', fate.reverted > 0 ? `${fate.fate}, ${count(fate.reverted, 'commit')} taken back` : fate.fate],
      ['Branch', preview.branch === null ? 'gone' : oneLine(preview.branch)],
      ['Work tree', preview.tree === null ? 'gone' : oneLine(preview.tree)],
      ['Into', target === null ? 'no branch' : `${oneLine(target)}: ${ahead ?? '?'} ahead, ${behind ?? '?'} behind`],
      ['Merge', would],
      ['Uncommitted', uncommitted.length > 0 ? uncommitted.map(oneLine).join(', ') : null],
      ['Discard', lost === null ? 'loses nothing' : `loses ${lost}`],
      ['Remotes', remotes.map(oneLine).join(', ')],
    ]),
    preview.obstacles.map((why) => `- ${readable(why)}`).join('\n'),
  );
}

const worktreesShow = defineVerb({
  name: 'worktrees show',
  summary: 'Show what merging or discarding the work of a session would do.',
  takes: ['session'],
  options: { into: INTO },
  example: 'tenure worktrees show ses_k3v9',
  async run(cli, [sessionId = ''], { into }) {
    const preview = await cli.call('worktrees.preview', { sessionId, ...(into !== undefined && { into }) });
    return { json: preview, text: describe(preview) };
  },
});

/** What a folder of nobody's is called here. */
const nameOf = ({ path }: TreeUse): string => path.slice(path.lastIndexOf('/') + 1);

const agreeTo = ({ loss }: TreeUse): string =>
  loss === null || lossWords(loss) === null ? '' : ` (--loses ${loss.uncommittedFiles},${loss.commits})`;

const worktreesList = defineVerb({
  name: 'worktrees list',
  summary: 'List the work trees with their size, and whether they can be cleaned.',
  options: {
    project: { type: 'string', value: '<project>', help: 'only of that project' },
    fresh: { type: 'boolean', help: 'measure again' },
  },
  example: 'tenure worktrees list --project shop',
  async run(cli, _given, { project, fresh }) {
    const uses = await cli.call('worktrees.list', {
      ...(await projectFilter(cli, project)),
      ...(fresh !== undefined && { fresh }),
    });
    const rows = uses.trees.map((tree) => [
      oneLine(tree.sessionId ?? nameOf(tree)),
      oneLine(tree.project),
      tree.bytes === null ? 'unknown' : bytes(tree.bytes),
      tree.work === null ? '–' : WORK_WORDS[tree.work],
      oneLine(tree.keeps ?? 'can be cleaned') + agreeTo(tree),
    ]);
    const sum = `${bytes(uses.totalBytes)} in all, ${bytes(uses.cleanableBytes)} can be cleaned.`;
    const open = uses.complete ? sum : `${sum} Some trees are still measured.`;
    const listed = table(['session', 'project', 'size', 'work', ''], rows, 'No work trees.');
    return { json: uses, text: rows.length === 0 ? listed : paragraphs(listed, open) };
  },
});

const worktreesMerge = defineVerb({
  name: 'worktrees merge',
  summary: "Merge the work of a session into the project's branch.",
  takes: ['session'],
  options: {
    into: INTO,
    'leave-uncommitted': { type: 'boolean', help: 'merge the commits although files are not committed' },
  },
  example: 'tenure worktrees merge ses_k3v9',
  async run(cli, [sessionId = ''], { into, 'leave-uncommitted': leaveUncommitted }) {
    const report = await cli.call('worktrees.merge', {
      sessionId,
      ...(into !== undefined && { into }),
      ...(leaveUncommitted !== undefined && { leaveUncommitted }),
    });
    const { target, how, commit } = report;
    const text =
      how === 'nothing'
        ? `${oneLine(target)} has all of it already.`
        : `Merged into ${oneLine(target)} by ${HOW_WORDS[how]}; it is now at ${commit.slice(0, 12)}.`;
    return { json: report, text };
  },
});

const worktreesKeep = defineVerb({
  name: 'worktrees keep',
  summary: 'Keep the branch and the work tree of a session; no cleaning takes them.',
  takes: ['session'],
  example: 'tenure worktrees keep ses_k3v9',
  async run(cli, [sessionId = '']) {
    const work = await cli.call('worktrees.keep', { sessionId });
    return { json: work, text: 'Kept.' };
  },
});

/** `2 files, 1 commit` on the command line: `--loses 2,1`. @throws UsageError */
function lossIn(text: string | undefined): Loss | undefined {
  if (text === undefined) return undefined;
  const [, files, commits] = /^(\d+),(\d+)$/.exec(text) ?? [];
  if (files === undefined || commits === undefined) {
    throw new UsageError(
      `--loses takes the numbers of uncommitted files and of commits, as in 2,1, but got "${text}".`,
    );
  }
  return { uncommittedFiles: Number(files), commits: Number(commits) };
}

const worktreesDiscard = defineVerb({
  name: 'worktrees discard',
  summary: 'Remove the work tree and the branch of a session.',
  takes: ['session'],
  options: {
    loses: { type: 'string', value: '<files>,<commits>', help: 'what "worktrees show" says is lost, to confirm it' },
  },
  example: 'tenure worktrees discard ses_k3v9 --loses 0,2',
  async run(cli, [sessionId = ''], { loses }) {
    const confirm = lossIn(loses);
    const work = await cli.call('worktrees.discard', { sessionId, ...(confirm && { confirm }) });
    return { json: work, text: work.state === 'merged' ? 'Its tree is gone; its work stays merged.' : 'Discarded.' };
  },
});

const worktreesClean = defineVerb({
  name: 'worktrees clean',
  summary: 'Remove every work tree with which nothing is lost.',
  options: { project: { type: 'string', value: '<project>', help: 'only of that project' } },
  example: 'tenure worktrees clean',
  async run(cli, _given, { project }) {
    const done = await cli.call('worktrees.clean', await projectFilter(cli, project));
    const freed = done.removed.reduce((sum, one) => sum + (one.bytes ?? 0), 0);
    return { json: done, text: `Removed ${count(done.removed.length, 'work tree')}, ${bytes(freed)}.` };
  },
});

const worktreesRemove = defineVerb({
  name: 'worktrees remove',
  summary: 'Remove a work tree that is no session’s, or whose repository is gone.',
  takes: ['folder'],
  options: {
    loses: { type: 'string', value: '<files>,<commits>', help: 'what "worktrees list" says is lost, to confirm it' },
  },
  example: 'tenure worktrees remove ses_k3v9 --loses 3,0',
  async run(cli, [folder = ''], { loses }) {
    const confirm = lossIn(loses);
    const { trees } = await cli.call('worktrees.list', {});
    const path = trees.find((tree) => tree.path === folder || nameOf(tree) === folder)?.path ?? folder;
    const gone = await cli.call('worktrees.remove', { path, ...(confirm && { confirm }) });
    return { json: gone, text: `Removed ${oneLine(gone.path)}.` };
  },
});

const worktreesOpen = defineVerb({
  name: 'worktrees open',
  summary: 'Open the work tree of a session in the editor.',
  takes: ['session'],
  options: { terminal: { type: 'boolean', help: 'in a terminal instead' } },
  example: 'tenure worktrees open ses_k3v9 --terminal',
  async run(cli, [sessionId = ''], { terminal }) {
    const opened = await cli.call('worktrees.open', { sessionId, with: terminal ? 'terminal' : 'editor' });
    return { json: opened, text: `Opened ${oneLine(opened.path)}.` };
  },
});

const PUSH = {
  remote: { type: 'string', value: '<remote>', help: 'default: the only one, or origin' },
  branch: { type: 'string', value: '<branch>', help: 'the name there; default: the branch of the session' },
  yes: { type: 'boolean', help: 'it leaves this machine: needed' },
} as const;

async function pushOf(
  cli: Cli,
  verb: string,
  sessionId: string,
  values: { remote?: string | undefined; branch?: string | undefined; yes?: boolean | undefined },
): Promise<{ sessionId: string; remote: string; branch: string; confirm: true }> {
  const { remotes, branch: own } = await cli.call('worktrees.preview', { sessionId });
  const remote = values.remote ?? (remotes.length === 1 ? remotes[0] : remotes.find((name) => name === 'origin'));
  const branch = values.branch ?? own;
  if (remote === undefined)
    throw new UsageError(`"tenure ${verb}" needs --remote; there is ${remotes.join(', ') || 'none'}.`);
  if (branch === null) throw new UsageError(`"tenure ${verb}" needs --branch: the branch of the session is gone.`);
  if (!values.yes) {
    throw new UsageError(`This pushes to "${remote}" as "${branch}". Say --yes if that is what you want.`);
  }
  return { sessionId, remote, branch, confirm: true };
}

const worktreesPush = defineVerb({
  name: 'worktrees push',
  summary: 'Push the work of a session as a branch of a remote, never by force.',
  takes: ['session'],
  options: PUSH,
  example: 'tenure worktrees push ses_k3v9 --remote origin --yes',
  async run(cli, [sessionId = ''], values) {
    const pushed = await cli.call('worktrees.push', await pushOf(cli, 'worktrees push', sessionId, values));
    return { json: pushed, text: `Pushed to ${oneLine(pushed.remote)} as ${oneLine(pushed.branch)}.` };
  },
});

const worktreesPullRequest = defineVerb({
  name: 'worktrees pr',
  summary: 'Push the work of a session and open a pull request, or say where one can be opened.',
  takes: ['session'],
  options: { ...PUSH, title: { type: 'string', help: 'of the pull request' } },
  example: 'tenure worktrees pr ses_k3v9 --yes --title "Faster checkout"',
  async run(cli, [sessionId = ''], { title, ...values }) {
    const push = await pushOf(cli, 'worktrees pr', sessionId, values);
    const opened: OutputOf<'worktrees.openPullRequest'> = await cli.call('worktrees.openPullRequest', {
      ...push,
      ...(title !== undefined && { title }),
    });
    return { json: opened, text: paragraphs(opened.note && readable(opened.note), opened.url) };
  },
});

/** In the order of the help. */
export const worktreeVerbs: readonly Verb[] = [
  worktreesList,
  worktreesShow,
  worktreesMerge,
  worktreesKeep,
  worktreesDiscard,
  worktreesOpen,
  worktreesPush,
  worktreesPullRequest,
  worktreesClean,
  worktreesRemove,
];
