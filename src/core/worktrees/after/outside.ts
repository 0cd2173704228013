import type { InputOf, OutputOf } from '../../../shared/contract/index.ts';
import { TenureError } from '../../../shared/errors.ts';
import type { AgentEnvironment, Clock, Spawner } from '../../kernel/ports.ts';
import { redact } from '../../kernel/redact.ts';
import type { Standing } from './look.ts';
import { compareUrl, withoutCredentials } from './rules.ts';
import type { Work } from './work.ts';

export interface OutsideDeps {
  git: {
    remotes(cwd: string): Promise<string[]>;
    remoteUrl(cwd: string, remote: string): Promise<string | null>;
    isBranchName(name: string): Promise<boolean>;
    /** Null, or why it did not work. */
    pushBranch(cwd: string, to: { remote: string; branch: string; commit: string }): Promise<string | null>;
  };
  spawner: Pick<Spawner, 'run' | 'start'>;
  clock: Clock;
  environment: Pick<AgentEnvironment, 'forCommands' | 'find'>;
  /** What windows need of our own environment. */
  env: Readonly<Record<string, string | undefined>>;
  platform: NodeJS.Platform;
  /** The person's own commands, as argument lists; null: the first of the usual ones. */
  commands(): { editor: readonly string[] | null; terminal: readonly string[] | null };
  /** Tells that work has left this machine. */
  pushed(fact: { sessionId: string; remote: string; branch: string; commit: string; by: string }): void;
}

type Pushed = OutputOf<'worktrees.push'>;

const EDITORS = ['code', 'cursor', 'zed', 'subl', 'idea'];
const TERMINALS = ['x-terminal-emulator', 'gnome-terminal', 'konsole', 'xterm'];
const WINDOWS = ['DISPLAY', 'WAYLAND_DISPLAY', 'XAUTHORITY', 'DBUS_SESSION_BUS_ADDRESS'];
/** A program that fails says so at once; an editor goes on. */
const FAILS_WITHIN_MS = 1_000;
const GH_MS = 60_000;

/** What leaves the engine with the work of a session: to an editor, a terminal, a remote. Never through a shell. */
export function createOutside(deps: OutsideDeps, { row, look, finished }: Work) {
  const { git, spawner, environment } = deps;

  async function firstOf(programs: readonly string[]): Promise<string | null> {
    for (const program of programs) {
      const found = await environment.find(program);
      if (found !== null) return found;
    }
    return null;
  }

  /** @throws TenureError `unavailable`, naming the setting. */
  async function commandFor(what: 'editor' | 'terminal', tree: string): Promise<string[]> {
    const own = deps.commands()[what];
    if (own !== null) {
      const [program = '', ...args] = own;
      const path = await environment.find(program);
      if (path === null) {
        throw new TenureError(
          'unavailable',
          `"${program}" of the setting worktrees.${what} is not a program on this machine.`,
        );
      }
      return args.includes('{path}')
        ? [path, ...args.map((arg) => (arg === '{path}' ? tree : arg))]
        : [path, ...args, tree];
    }
    if (what === 'terminal') {
      if (deps.platform === 'darwin') return ['/usr/bin/open', '-a', 'Terminal', tree];
      const terminal = await firstOf(TERMINALS); // begins in its own folder
      if (terminal !== null) return [terminal];
    } else {
      const editor = await firstOf(EDITORS);
      if (editor !== null) return [editor, tree];
      if (deps.platform === 'darwin') return ['/usr/bin/open', tree];
    }
    throw new TenureError(
      'unavailable',
      `No ${what} was found. Name one in the setting worktrees.${what}, as a list: ["program", "{path}"].`,
    );
  }

  async function push(at: Standing, input: InputOf<'worktrees.push'>, by: string): Promise<Pushed> {
    const { sessionId, remote, branch } = input;
    const { repository, tip } = at;
    const known = await git.remotes(repository);
    if (!known.includes(remote)) {
      const which = known.length === 0 ? 'It has none.' : `It has ${known.join(', ')}.`;
      throw new TenureError('invalid', `The repository has no remote "${remote}". ${which}`);
    }
    if (!(await git.isBranchName(branch))) throw new TenureError('invalid', `"${branch}" is no name for a branch.`);
    const why = await git.pushBranch(repository, { remote, branch, commit: tip });
    if (why !== null) {
      throw new TenureError('refused', redact(`Nothing was pushed to "${remote}" as "${branch}": ${why}.`));
    }
    deps.pushed({ sessionId, remote, branch, commit: tip, by });
    const url = await git.remoteUrl(repository, remote);
    return { remote, branch, commit: tip, url: url === null ? null : withoutCredentials(url) };
  }

  return {
    /** @throws TenureError refused (the tree is gone, or the program failed), unavailable (no such program). */
    async open({ sessionId, with: what }: InputOf<'worktrees.open'>): Promise<OutputOf<'worktrees.open'>> {
      const { tree } = await look(row(sessionId));
      if (tree === null) throw new TenureError('refused', `The work tree of session ${sessionId} is gone.`);
      const command = await commandFor(what, tree);
      const [program = '', ...args] = command;
      const windows = WINDOWS.flatMap((name) => (deps.env[name] === undefined ? [] : [[name, deps.env[name]]]));
      const env = { ...(await environment.forCommands()), ...(Object.fromEntries(windows) as Record<string, string>) };
      const child = await spawner.start(program, args, { cwd: tree, env }).catch((error: unknown) => {
        throw new TenureError('refused', `"${program}" could not be started (${String(error)}).`);
      });
      child.closeStdin();
      const goesOn = new Promise<null>((resolve) => deps.clock.after(FAILS_WITHIN_MS, () => resolve(null)));
      const exit = await Promise.race([child.exited, goesOn]);
      if (exit !== null && exit.exitCode !== 0) {
        throw new TenureError('refused', `"${program}" ended with ${exit.exitCode ?? exit.signal}.`);
      }
      return { path: tree, command };
    },

    /** @throws TenureError invalid (no such remote), refused (in git's own words); then nothing was pushed. */
    async push(input: InputOf<'worktrees.push'>, by: string): Promise<Pushed> {
      return push(await finished(input.sessionId), input, by);
    },

    /** Pushes, then opens a pull request by `gh`, or says where a person can open one. @throws as `push`. */
    async openPullRequest(
      input: InputOf<'worktrees.openPullRequest'>,
      by: string,
    ): Promise<OutputOf<'worktrees.openPullRequest'>> {
      const { sessionId, remote, branch, title = `Work of session ${sessionId}` } = input;
      const at = await finished(sessionId);
      const { target, repository } = at;
      if (target === null)
        throw new TenureError('refused', 'The project has no branch that a pull request could go to.');
      await push(at, input, by);
      const page = compareUrl((await git.remoteUrl(repository, remote)) ?? '', target, branch);
      const gh = await environment.find('gh');
      let note = 'gh is not installed, so the request is to be opened on that page.';
      if (gh !== null && page !== null && page.startsWith('https://github.')) {
        const repo = page.slice('https://'.length, page.indexOf('/compare/'));
        const what = ['--repo', repo, '--head', branch, '--base', target, '--title', title];
        const result = await spawner.run(gh, ['pr', 'create', ...what, '--body', `Session ${sessionId}.`], {
          cwd: repository,
          env: { ...(await environment.forCommands()), GH_PROMPT_DISABLED: '1', NO_COLOR: '1' },
          timeoutMs: GH_MS,
        });
        const url = /https:\/\/\S+\/pull\/\d+/.exec(result.stdout)?.[0];
        if (result.ok && url) return { url, created: true, note: null };
        note = redact(`gh could not open it: ${result.stderr.trim().split('\n').at(-1) || 'it did not say why'}`);
      }
      if (page === null) {
        throw new TenureError(
          'refused',
          `"${branch}" was pushed, but no page for pull requests is known for "${remote}".`,
        );
      }
      return { url: page, created: false, note };
    },
  };
}
