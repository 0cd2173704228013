import type { TextChange } from '../../shared/contract/decisions.ts';
import type { Risk } from '../../shared/policy.ts';
import { globToAtoms, plain, withoutAtoms } from './atoms.ts';
import { expandBraces } from './braces.ts';
import { judgeUrl, looksLikeKey } from './commands/addresses.ts';
import { list } from './list.ts';
import type { Look } from './look.ts';
import { spotsOf } from './paths.ts';
import { judgeAsked, judgeServerTool } from './server-tools.ts';
import { hasBidi, hasControl } from './text.ts';

/** What a tool call is, before what it touches is judged. */
export interface ToolView {
  /** One line for a list. */
  summary: string;
  /** Exactly what will happen. */
  detail: string;
  /** What of a file is replaced by what. */
  changes?: readonly TextChange[];
  /** The texts that a person judges it by: hidden characters in them count. */
  shown: readonly string[];
  /** Shell text that runs, for the tools that run some. */
  shell: string | null;
  judge(look: Look, cwd: string): void;
}

type Fields = Readonly<Record<string, unknown>>;

const textOf = (fields: Fields, ...names: readonly string[]): string | null => {
  for (const name of names) {
    const value = fields[name];
    if (typeof value === 'string') return value;
  }
  return null;
};

const listOf = (fields: Fields, name: string): readonly Fields[] => {
  const value = fields[name];
  return Array.isArray(value) ? value.filter((item): item is Fields => typeof item === 'object' && item !== null) : [];
};

const notUnderstood = (look: Look, what: string): void => look.find('high', 'not_understood', what);

function judgeContent(texts: readonly string[], look: Look): void {
  if (texts.some(hasBidi))
    look.find('high', 'hidden_characters', 'Writes text that reads otherwise than it runs (bidirectional characters).');
  if (texts.some((text) => hasControl(text))) look.find('medium', 'hidden_characters', 'Writes control characters.');
}

/** Drives, shares and backslashes of another system, a variable that no file tool fills in, and characters that no name of a file should have. */
const ODD_PATH = /^[A-Za-z]:[\\/]|^\\\\|\\\.\.?(?:\\|$)|^\$\{?[A-Z_]+\}?(?:\/|$)|\p{Cc}/u;

function fileView(
  verb: 'Read' | 'Edit' | 'Write' | 'List',
  path: string | null,
  changes: readonly TextChange[],
): ToolView {
  const shownPath = path ?? '(no path)';
  const content = changes.flatMap(({ before, after }) => (before === null ? [after] : [before, after]));
  return {
    summary: `${verb} ${shownPath}`,
    detail: [shownPath, ...content].join('\n'),
    changes,
    shown: [shownPath],
    shell: null,
    judge(look, cwd) {
      if (path === null || path === '') return notUnderstood(look, `${verb} names no file.`);
      const command = { cwd: [cwd] };
      const clean = withoutAtoms(path);
      if (ODD_PATH.test(path))
        look.find(
          'high',
          'not_understood',
          'Names a file by a path that is not of this system, by a variable, or with control characters.',
        );
      if (verb === 'Read') look.read(clean, command);
      else if (verb === 'List') look.read(clean, command, { names: true });
      else {
        look.write(clean, command);
        // What is edited must still be what it was when the edit was approved (CVE-2026-88968).
        for (const { real } of spotsOf(clean, command.cwd, look.context)) look.context.note?.('held', real);
      }
      judgeContent(content, look);
    },
  };
}

/** Paths that a glob of the file tools reaches, seen from a directory. */
const globbed = (directory: string, pattern: string): string[] =>
  expandBraces(withoutAtoms(pattern)).map((glob) =>
    /^[/~]/u.test(glob) ? globToAtoms(glob) : `${directory}/${globToAtoms(glob)}`,
  );

function searchView(tool: string, fields: Fields): ToolView {
  const pattern = textOf(fields, 'pattern') ?? '';
  const directory = textOf(fields, 'path') ?? '.';
  const glob = tool === 'Glob' ? pattern : textOf(fields, 'glob');
  return {
    summary: `${tool} ${pattern}${directory === '.' ? '' : ` in ${directory}`}`,
    detail: JSON.stringify(fields, null, 2),
    shown: [directory, glob ?? ''],
    shell: null,
    judge(look, cwd) {
      const command = { cwd: [cwd] };
      const names = tool === 'Glob' || textOf(fields, 'output_mode') === 'count';
      const place = withoutAtoms(directory);
      look.read(place, command, { names, recursive: true });
      if (glob) for (const path of globbed(place, glob)) look.read(path, command, { names });
    },
  };
}

function webView(tool: string, fields: Fields): ToolView {
  const url = textOf(fields, 'url', 'query') ?? '';
  return {
    summary: `${tool} ${url}`,
    detail: JSON.stringify(fields, null, 2),
    shown: [url],
    shell: null,
    judge(look, cwd) {
      look.find(
        'medium',
        'network',
        `${tool === 'WebFetch' ? 'Fetches' : 'Searches the web for'} ${plain(withoutAtoms(url)).slice(0, 160)}.`,
      );
      if (tool !== 'WebFetch') {
        if (looksLikeKey(url)) look.find('critical', 'credentials', 'Sends what looks like a secret to a search.');
        return;
      }
      if (url === '') notUnderstood(look, 'WebFetch names no address.');
      else if (!URL.canParse(url) && !/^[\w.-]+\.\w+(?:[:/?#]|$)/u.test(url))
        notUnderstood(look, 'WebFetch names what is no address.');
      else judgeUrl(withoutAtoms(url), { cwd: [cwd] }, look);
    },
  };
}

function shellView(tool: string, fields: Fields): ToolView {
  const command = textOf(fields, 'command');
  return {
    summary: command ?? `${tool} (no command)`,
    detail: command ?? '',
    shown: [command ?? ''],
    shell: command,
    judge(look, cwd) {
      const { ws } = fields;
      const url = typeof ws === 'object' && ws !== null && 'url' in ws && typeof ws.url === 'string' ? ws.url : null;
      if (url !== null) {
        look.find('high', 'sends', `Opens a connection to ${plain(withoutAtoms(url))}.`);
        judgeUrl(withoutAtoms(url), { cwd: [cwd] }, look, true);
      } else if (command === null) notUnderstood(look, `${tool} names no command.`);
      if (fields.dangerouslyDisableSandbox === true)
        look.find('high', 'no_sandbox', "Runs outside the agent's own sandbox.");
    },
  };
}

/** Tools that neither change nor send anything, or whose own calls pass the gate one by one. */
const WITHOUT_EFFECT = list(`
  Task Agent TodoWrite TodoRead AskUserQuestion StructuredOutput EnterPlanMode ExitPlanMode BashOutput TaskOutput AgentOutput
  TaskCreate TaskGet TaskList TaskUpdate ListMcpResources ListMcpResourcesTool ToolSearch LSP CronList ReadNotifications
  ReportFindings ProposeSkills ProposeGoal NotebookRead ShowOnboardingRolePicker Brief
`);

/** Tools of which the name says enough. */
const BY_NAME: Readonly<Record<string, readonly [Risk, string, string]>> = {
  ...Object.fromEntries(
    WITHOUT_EFFECT.map((tool) => [tool, ['read', 'no_effect', `${tool} changes nothing by itself.`] as const]),
  ),
  KillShell: ['low', 'ends_own_task', 'Ends a task of its own.'],
  KillBash: ['low', 'ends_own_task', 'Ends a task of its own.'],
  TaskStop: ['low', 'ends_own_task', 'Ends a task of its own.'],
  ScheduleWakeup: ['low', 'wakes_itself', 'Wakes itself later in this session.'],
  CronDelete: ['low', 'ends_own_task', 'Ends a schedule of its own.'],
  SendMessage: ['low', 'tells_agent', 'Tells another agent of this session something.'],
  PushNotification: ['low', 'tells_person', 'Shows the person a notification.'],
  Skill: ['medium', 'skill', 'Follows a skill, which may bring its own commands.'],
  SlashCommand: ['medium', 'skill', 'Follows a command of the project, which may bring its own commands.'],
  ReadMcpResource: ['medium', 'mcp', 'Reads from a connected server.'],
  ReadMcpResourceTool: ['medium', 'mcp', 'Reads from a connected server.'],
  ReadMcpResourceDir: ['medium', 'mcp', 'Lists what a connected server has.'],
  RefreshMcpTools: ['medium', 'mcp', 'Asks connected servers for their tools.'],
  EnterWorktree: ['medium', 'worktree', 'Moves to another work tree.'],
  OfferChromeSetup: ['medium', 'browser', "Asks for the person's browser."],
  CronCreate: ['high', 'startup', 'Makes an agent start by itself later.'],
  Workflow: ['high', 'unknown_program', 'Runs a script of its own that starts agents.'],
  SendFeedback: ['high', 'tells', 'Sends a message to the makers of the agent.'],
  ClaudeDesign: ['high', 'sends', 'Works with a service of the agent.'],
  PowerShell: ['high', 'not_understood', 'Runs PowerShell, which is not understood here.'],
  REPL: ['high', 'not_understood', 'Runs code that is not understood here.'],
  Config: ['critical', 'agent_settings', "Changes the agent's own settings."],
  UpdateConfig: ['critical', 'agent_settings', "Changes the agent's own settings."],
};

function otherView(tool: string, fields: Fields): ToolView {
  const known = Object.hasOwn(BY_NAME, tool) ? BY_NAME[tool] : undefined;
  const what = textOf(
    fields,
    'description',
    'subject',
    'skill',
    'command',
    'name',
    'action',
    'method',
    'operation',
    'message',
    'query',
    'file_path',
  );
  return {
    summary: what ? `${tool}: ${what}` : tool,
    detail: JSON.stringify(fields, null, 2),
    shown: [tool, what ?? ''],
    shell: null,
    judge(look, cwd) {
      if (known) {
        look.find(...known);
        if (known[1] === 'mcp') judgeAsked(fields, look, cwd);
      } else if (tool.startsWith('mcp__')) judgeServerTool(tool, fields, look, cwd);
      else judgeActions(tool, fields, look);
      if (fields.mode === 'bypassPermissions')
        look.find('critical', 'unchecked_agent', 'Starts an agent with its permission checks off.', { hardDeny: true });
      if (fields.isolation === 'remote') look.find('high', 'sends', 'Starts an agent on another machine.');
      for (const name of ['file_path', 'filePath', 'local_path', 'scriptPath']) {
        const path = textOf(fields, name);
        if (path) look.read(withoutAtoms(path), { cwd: [cwd] });
      }
    },
  };
}

/** Tools whose `action` or `method` decides. */
function judgeActions(tool: string, fields: Fields, look: Look): void {
  const action = textOf(fields, 'action', 'method') ?? '';
  if (tool === 'ExitWorktree') {
    if (action === 'keep') look.find('medium', 'worktree', 'Leaves its work tree.');
    else look.find('high', 'deletes', 'Deletes its work tree with what is in it.', { irreversible: true });
  } else if (
    /^(?:RemoteTrigger|Artifact|Projects)$/u.test(tool) &&
    /^(?:list\w*|get\w*|read\w*|status|project_(?:info|read|search|memory_\w+))$/u.test(action)
  )
    look.find('medium', 'network', `Looks at a service of the agent (${action}).`);
  else if (tool === 'Artifact') look.find('critical', 'publishes', 'Publishes a page.', { irreversible: true });
  else if (tool === 'RemoteTrigger' || tool === 'Projects')
    look.find('high', 'sends', `Changes something on a service of the agent (${action}).`, { irreversible: true });
  else look.find('high', 'unknown_tool', `${tool} is a tool that is not known.`);
}

/** What a tool call says of itself. Anything may come: what has not the expected form is not understood. */
export function viewOf(tool: string, input: unknown): ToolView {
  const fields: Fields = typeof input === 'object' && input !== null && !Array.isArray(input) ? { ...input } : {};
  switch (tool) {
    case 'Bash':
    case 'Monitor':
      return shellView(tool, fields);
    case 'Read':
      return fileView('Read', textOf(fields, 'file_path', 'path'), []);
    case 'LS':
      return fileView('List', textOf(fields, 'path') ?? '.', []);
    case 'Edit':
      return fileView('Edit', textOf(fields, 'file_path'), editOf(fields));
    case 'MultiEdit':
      return fileView('Edit', textOf(fields, 'file_path'), listOf(fields, 'edits').flatMap(editOf));
    case 'Write':
      return fileView('Write', textOf(fields, 'file_path'), [{ before: null, after: textOf(fields, 'content') ?? '' }]);
    case 'NotebookEdit':
      return fileView('Edit', textOf(fields, 'notebook_path', 'file_path'), [
        { before: null, after: textOf(fields, 'new_source') ?? '' },
      ]);
    case 'Glob':
    case 'Grep':
      return searchView(tool, fields);
    case 'WebFetch':
    case 'WebSearch':
      return webView(tool, fields);
    default:
      return otherView(tool, fields);
  }
}

const editOf = (fields: Fields): TextChange[] => {
  const [before, after] = [textOf(fields, 'old_string'), textOf(fields, 'new_string')];
  return before === null && after === null ? [] : [{ before, after: after ?? '' }];
};
