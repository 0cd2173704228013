import { hash } from 'node:crypto';
import type { Phase } from '../../../shared/contract/sessions.ts';
import { activityOf } from '../activity.ts';
import type { AgentEvent, AgentUsage } from '../driver.ts';
import { type Json, listOf, objectOf, parseObject, textOf } from '../json.ts';
import { endingOfResult, type Signs } from './endings.ts';
import { limitReportOf, resetOf } from './limits.ts';
import { createTurns } from './turns.ts';
import { createUsageCounter } from './usage.ts';

export interface ReaderOptions {
  cwd: string;
  resumed: boolean;
  /** The version of the program that was started, for what it says before its `init`. */
  version: string | null;
  usedBefore: AgentUsage | null;
  observe: (event: AgentEvent) => void;
  /** The CLI wants to be told whether something may go ahead; its id of the request. */
  onPrompt?: (requestId: string) => void;
}

/** What the lines so far say about the run. */
export interface Reading extends Signs {
  /** The main agent is at work: the newest turn has no `result` yet. */
  turnOpen: boolean;
  /** Tool calls without a result: by id, whether the main agent or a subagent made it. */
  running: Map<string, 'main' | 'subagent'>;
  /** A resumed run before its `init`: the call at which it was parked may be running, and no line says so. */
  resuming: boolean;
  /** Subagents and commands that go on beside the turns. */
  backgroundTasks: number;
  /** The service refuses the login: retrying would go on for minutes and change nothing. */
  loginRefused: boolean;
  /** The tool that was called last. */
  lastTool: string | null;
  started: boolean;
  /** It was given a prompt that its record already has: it says so and does nothing. */
  repeated: boolean;
}

export interface Reader {
  reading: Reading;
  /** False when the line is no JSON object. */
  take(line: string): boolean;
  /** See `AgentRun.callsInTurnOf`. */
  callsInTurnOf: (toolUseId: string) => number | null;
}

/** Understands the CLI's `stream-json`: turns each line into what a session wants to know. */
export function createReader({ cwd, resumed, version, usedBefore, observe, onPrompt }: ReaderOptions): Reader {
  const turns = createTurns();
  const fresh: AgentUsage = { inputTokens: 0, outputTokens: 0, costUsd: null, turns: 0 };
  const usage = createUsageCounter(usedBefore ?? (resumed ? null : fresh), resumed);
  const reading: Reading = {
    result: null,
    apiError: null,
    limitResetsAt: null,
    spoke: false,
    cutOff: false,
    stderr: '',
    turnOpen: true,
    running: new Map(),
    resuming: resumed,
    backgroundTasks: 0,
    loginRefused: false,
    lastTool: null,
    started: false,
    repeated: false,
  };
  /** The message that the main agent is speaking; fragments come in order and do not name it. */
  let speaking: string | null = null;
  let told: { phase: Phase; activity: string | null; lastTool: string | null } | null = null;

  const tell = (phase: Phase, activity: string | null, lastTool: string | null): void => {
    if (told?.phase === phase && told.activity === activity && told.lastTool === lastTool) return;
    told = { phase, activity, lastTool };
    observe({ type: 'activity', phase, activity, lastTool });
  };

  const tellUsage = (): void => {
    const totals = usage.totals();
    if (totals) observe({ ...totals, type: 'usage' });
  };

  const started = (line: Json): void => {
    if (reading.started) return;
    reading.started = true;
    const agentSessionId = textOf(line.session_id) ?? '';
    const told = textOf(line.claude_code_version) ?? version;
    observe({ type: 'started', agentSessionId, version: told, model: textOf(line.model) });
  };

  const onSystem = (line: Json): void => {
    if (line.subtype === 'init') {
      reading.resuming = false;
      reading.turnOpen = true;
      started(line);
      const servers = listOf(line.mcp_servers).map(objectOf);
      observe({
        type: 'servers',
        servers: servers.map(({ name, status }) => ({ name: textOf(name) ?? '', ok: status !== 'failed' })),
      });
      tell('thinking', null, null);
    } else if (line.subtype === 'api_retry') {
      reading.apiError = textOf(line.error) ?? reading.apiError;
      reading.loginRefused ||= line.error === 'authentication_failed';
    } else if (line.subtype === 'background_tasks_changed') {
      reading.backgroundTasks = listOf(line.tasks).length;
    }
  };

  const onStreamEvent = (line: Json): void => {
    if (line.parent_tool_use_id) return;
    const event = objectOf(line.event);
    const message = objectOf(event.message);
    const id = textOf(message.id) ?? speaking;
    switch (event.type) {
      case 'message_start':
        reading.turnOpen = true;
        speaking = id;
        if (id !== null) turns.begin(id);
        tell('thinking', null, null);
        break;
      case 'content_block_start':
        if (objectOf(event.content_block).type === 'text') tell('writing', null, null);
        break;
      case 'message_delta':
        if (id !== null && usage.note(id, objectOf(event.usage), true)) tellUsage();
        break;
      case 'message_stop':
        turns.complete();
        break;
    }
  };

  const onAssistant = (line: Json): void => {
    const message = objectOf(line.message);
    const id = textOf(message.id) ?? '';
    const isMain = !line.parent_tool_use_id;
    if (isMain) reading.turnOpen = true;
    if (line.is_api_error_message === true) reading.apiError = textOf(line.error);
    else if (usage.note(id, objectOf(message.usage), isMain)) tellUsage();
    for (const part of listOf(message.content)) {
      const block = objectOf(part);
      if (block.type !== 'tool_use') continue;
      const toolUseId = textOf(block.id);
      const tool = textOf(block.name);
      if (toolUseId === null || tool === null) continue;
      reading.running.set(toolUseId, isMain ? 'main' : 'subagent');
      if (isMain) turns.call(id, toolUseId);
      reading.lastTool = tool;
      const what = activityOf(tool, block.input, cwd);
      const agentId = textOf(line.parent_tool_use_id);
      observe({ type: 'tool_call', turn: id, toolUseId, tool, agentId, key: keyOf(tool, block.input), what });
      tell('tool', what, tool);
    }
  };

  const onUser = (line: Json): void => {
    for (const part of listOf(objectOf(line.message).content)) {
      const block = objectOf(part);
      const toolUseId = textOf(block.tool_use_id);
      if (block.type !== 'tool_result' || toolUseId === null) continue;
      reading.running.delete(toolUseId);
      if (block.is_error === true) observe({ type: 'tool_result', toolUseId, ok: false, said: saidIn(block.content) });
      else observe({ type: 'tool_result', toolUseId, ok: true });
      if (reading.running.size === 0) tell('thinking', null, null);
    }
  };

  const onResult = (line: Json): void => {
    reading.result = line;
    reading.turnOpen = false;
    for (const [id, whose] of reading.running) if (whose === 'main') reading.running.delete(id);
    usage.settle(line);
    tellUsage();
    const { kind, deferred, detail } = endingOfResult(line, reading);
    const { inputTokens = null, outputTokens = null, costUsd = null, turns: count = null } = usage.totals() ?? {};
    const result = {
      kind,
      deferred: deferred?.toolUseId ?? null,
      // Its words about a limit hold a time for programs.
      text: kind === 'quota' ? detail : textOf(line.result),
      costUsd,
      turns: count,
      inputTokens,
      outputTokens,
    };
    observe({ type: 'result', result });
    if (reading.backgroundTasks > 0) tell('tool', 'Waiting for background work', null);
  };

  const taken = new Set<string>();

  /** What became of a prompt that was given with an id. */
  const onMessage = (line: Json): void => {
    const id = textOf(line.command_uuid);
    if (id === null) return;
    if (line.state === 'started') {
      taken.add(id);
      reading.turnOpen = true;
      observe({ type: 'message', id, state: 'taken' });
    } else if (line.state === 'completed') {
      reading.repeated ||= !taken.has(id);
      observe({ type: 'message', id, state: 'done' });
    }
  };

  const onControl = (line: Json): void => {
    const id = textOf(line.request_id);
    if (id !== null) onPrompt?.(id);
  };

  const onRateLimit = (line: Json): void => {
    const info = objectOf(line.rate_limit_info);
    reading.limitResetsAt = info.status === 'rejected' ? resetOf(info.resetsAt) : null;
    const report = limitReportOf(info);
    if (report) observe({ type: 'limits', report });
  };

  /** Lines of other types are kept for the transcript and otherwise left alone. */
  const understand = (line: Json): void => {
    switch (line.type) {
      case 'stream_event':
        return onStreamEvent(line);
      case 'assistant':
        return onAssistant(line);
      case 'user':
        return onUser(line);
      case 'system':
        return onSystem(line);
      case 'result':
        return onResult(line);
      case 'rate_limit_event':
        return onRateLimit(line);
      case 'command_lifecycle':
        return onMessage(line);
      case 'control_request':
        return onControl(line);
    }
  };

  return {
    reading,

    take(text) {
      const line = parseObject(text);
      const receipt = line?.type === 'command_lifecycle';
      // Fragments of answers that come whole later are no part of a transcript.
      if (line?.type !== 'stream_event' && !receipt) observe({ type: 'line', text, isJson: line !== null });
      if (line === null) return false;
      // That a prompt was read is no sign yet that anything came of it.
      reading.spoke ||= !receipt;
      // A resumed run first runs the call at which it was parked, and only then says `init`.
      if (resumed && line.type !== 'result') started(line);
      understand(line);
      return true;
    },

    callsInTurnOf(toolUseId) {
      // A call that is deferred while background work goes on is lost when that work ends.
      if (reading.backgroundTasks > 0) return null;
      // Before the `init` of a resumed run only the call at which it was parked can be asked about.
      if (reading.resuming) return 1;
      return turns.callsWith(toolUseId);
    },
  };
}

const SHORT = 256;

/** Short, and equal only for the same call: a whole file may be in its input. */
function keyOf(tool: string, input: unknown): string {
  const call = `${tool}\0${JSON.stringify(input)}`;
  return call.length <= SHORT ? call : hash('sha256', call, 'base64url');
}

const LONGEST_SAID = 1_000;

/** The text of a tool's result. */
function saidIn(content: unknown): string {
  const text =
    textOf(content) ??
    listOf(content)
      .map((part) => textOf(objectOf(part).text) ?? '')
      .join(' ');
  return text.slice(0, LONGEST_SAID);
}
