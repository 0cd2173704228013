import type { Phase, SessionOutcome } from '../../shared/contract/sessions.ts';
import type { Stall } from '../../shared/contract/supervision.ts';
import type { ProcessIdentity } from '../kernel/ports.ts';

/**
 * The one interface behind which every agent product sits. A driver launches, reports what it
 * observes and says how it ended; it decides nothing.
 */
export interface AgentDriver {
  kind: 'claude' | 'demo';
  /** Is the agent there and new enough? Never throws. */
  check(): Promise<AgentCheck>;
  /** The same for a launch: a program that could be used, and is the same file as then, is believed. */
  ready(): Promise<AgentCheck>;
  /** Starts a run. Rejects with TenureError `unavailable` when the agent cannot be started at all. */
  launch(spec: LaunchSpec, observe: (event: AgentEvent) => void): Promise<AgentRun>;
  /** Does the agent still have its record of that conversation, which was held in `cwd`? Never throws. */
  remembers(agentSessionId: string, cwd: string): Promise<boolean>;
  /**
   * Can the agent work now with that model? The cheapest question that proves it, without tools and
   * without a trace. Never rejects: `completed`, or how a run would end.
   */
  tryOut(model: string | null, signal?: AbortSignal): Promise<TriedOut>;
}

export interface TriedOut {
  kind: SessionOutcome;
  detail: string;
  resetsAt: number | null;
}

/** A prompt with the UUID under which the agent takes it once, over all runs of the conversation. */
export interface Message {
  id: string;
  text: string;
}

export interface AgentCheck {
  ok: boolean;
  version: string | null;
  path: string | null;
  /** A sentence for a person, null when ok. */
  problem: string | null;
}

export interface LaunchSpec {
  sessionId: string;
  /** Our UUID for the agent's own conversation; kept over a resume. */
  agentSessionId: string;
  /** True: go on with `agentSessionId` instead of starting it. */
  resume: boolean;
  /** Null on resume: only go on (a deferred call runs first). */
  prompt: string | null;
  /** The UUID of `prompt`, where it may have reached the agent before. */
  promptId?: string;
  /** The conversation of which `agentSessionId` becomes a copy; left out: it begins empty. */
  forkOf?: string;
  /** Asked when a turn has come to its end: what the agent is to be told next. */
  next?(): Message | null;
  cwd: string;
  model: string | null;
  /**
   * What earlier runs of this conversation used; `usage` and `result` count on from there. Left out
   * on a resume, figures come only with its `result`, as the agent itself adds them up.
   */
  usedBefore?: AgentUsage;
  /** Where the agent asks before each tool call. */
  gate: {
    /** The hook's URL on loopback. */
    url: string;
    /** The session's own token. */
    token: string;
    /** Seconds after which the caller gives up; our answers come earlier. */
    timeoutSeconds: number;
    /** The same question in process, for agents that are part of the program. */
    ask(call: GateCall): Promise<GateAnswer>;
  };
  /** A file with the MCP servers of this run; null or left out: none. */
  mcpConfig?: string | null;
  /** The list-price dollars at which this run has to end by itself; null or left out: no limit. */
  maxCostUsd?: number | null;
  /** Put into the environment of every process as `NONCE_VARIABLE`, to find what reparented. */
  nonce: string;
  limits: AgentLimits;
}

/** Totals of a conversation. Tokens that were read from a cache count as input. */
export interface AgentUsage {
  inputTokens: number | null;
  outputTokens: number | null;
  /** List-price estimate in US dollars. */
  costUsd: number | null;
  turns: number | null;
}

/** All in milliseconds. */
export interface AgentLimits {
  /** Until the agent's first sign of life. */
  startupMs: number;
  /** Silence while no tool runs. */
  stallMs: number;
  /** Silence while a tool runs. */
  toolStallMs: number;
  /** The same silences until the run is shown as stalled; not before its end where they are longer. */
  stallWarnMs: number;
  toolStallWarnMs: number;
  /** False: a stalled run is only shown, never ended. */
  stallEnds: boolean;
  /** From the result to the end of the process. */
  graceMs: number;
  /** From SIGTERM to SIGKILL. */
  killMs: number;
}

export interface GateCall {
  tool: string;
  input: unknown;
  cwd: string;
  toolUseId: string | null;
  agentId: string | null;
}

export interface GateAnswer {
  permission: 'allow' | 'deny' | 'defer';
  reason: string;
  /** With an allow: what the tool gets instead of what the agent gave it. */
  updatedInput?: Record<string, unknown>;
}

export type AgentEvent =
  /** The process exists; comes before anything else, so that the ledger can be written. */
  | { type: 'spawned'; identity: ProcessIdentity | null }
  | { type: 'started'; agentSessionId: string; version: string | null; model: string | null }
  /** A raw line for the transcript on disk. `isJson`: it is known to be a JSON object, in one line. */
  | { type: 'line'; text: string; isJson: boolean }
  | { type: 'activity'; phase: Phase; activity: string | null; lastTool: string | null }
  /** Totals of the conversation so far: the newest replaces the earlier ones. */
  | {
      type: 'usage';
      inputTokens: number;
      outputTokens: number;
      costUsd: number | null;
      turns: number | null;
      /** In this run alone, where what earlier ones cost is not known. */
      runCostUsd?: number;
      /** Of the input, in this run alone; left out: not known. */
      cache?: { readTokens: number; writeTokens: number };
    }
  /** What the service said of the account's usage limits. Times are epoch milliseconds. */
  | { type: 'limits'; report: LimitReport }
  /** The agent wants a tool (`turn` = its message id). `agentId`: set when a subagent made the call. */
  | {
      type: 'tool_call';
      turn: string;
      toolUseId: string;
      tool: string;
      agentId: string | null;
      /** Equal only for the same tool with the same input. */
      key: string;
      /** In words: `Running npm test`. */
      what: string;
    }
  /** A tool reported back. `ok` false: it failed or was refused. */
  | {
      type: 'tool_result';
      toolUseId: string;
      ok: boolean;
      /** What a failed one said. */
      said?: string;
    }
  /** The MCP servers that the agent found, and whether each could be reached. */
  | { type: 'servers'; servers: { name: string; ok: boolean }[] }
  /** What became of a prompt that was given with an id: its turn began, or is over. */
  | { type: 'message'; id: string; state: 'taken' | 'done' }
  | { type: 'result'; result: AgentResult }
  /** The processes of the run as last seen, whenever they have changed. */
  | { type: 'tree'; processes: ProcessIdentity[] }
  /** It is silent for suspiciously long; null: it spoke again, or was given more time. */
  | { type: 'stall'; stall: Stall | null };

export type LimitStatus = 'allowed' | 'warning' | 'rejected';

export interface LimitReport {
  status: LimitStatus;
  /** The window that the status is about; null: none was named. */
  name: string | null;
  /** 0–1. */
  utilization: number | null;
  resetsAt: number | null;
  windows: { name: string; status: LimitStatus | null; utilization: number | null; resetsAt: number | null }[];
}

/** What the agent itself reported at the end; a claim, not a measurement. */
export interface AgentResult {
  /** What this result would be as an ending, should nothing come after it. */
  kind: AgentEnding['kind'];
  /** The id of the tool call at which it deferred; null unless `kind` is `deferred`. */
  deferred: string | null;
  text: string | null;
  costUsd: number | null;
  turns: number | null;
  inputTokens: number | null;
  outputTokens: number | null;
}

export interface AgentEnding {
  /** `deferred`: it ended at a tool call that waits for a person, to be resumed. */
  kind: SessionOutcome | 'deferred';
  /** A sentence with the evidence. */
  detail: string;
  deferred: { toolUseId: string; tool: string } | null;
  /** Epoch ms at which a quota resets, when it was told. */
  resetsAt: number | null;
  /** What of the process tree could not be ended. */
  stillAlive: number[];
}

export interface AgentRun {
  /** Never rejects. Settles when the process tree is gone or what is left of it is known. */
  ended: Promise<AgentEnding>;
  /** Ends the whole process group: interrupt, then kill. Safe to call often; the first cause wins. */
  stop(cause: 'stopped' | 'timed_out' | 'budget' | 'ended_by_gate' | 'interrupted'): Promise<void>;
  /**
   * How many tool calls the turn of this call has. Null when that is not known (the agent is still
   * speaking, or the call was not seen yet) or when a run cannot end at this call and be resumed (a
   * subagent's call, or background work goes on). Only at 1 may the call be deferred.
   */
  callsInTurnOf(toolUseId: string): number | null;
  /** Gives a silent run so many milliseconds until it is shown as stalled again. */
  snooze(ms: number): void;
}

/** One question to a model, without tools and without a place in anybody's files. */
export interface ModelQuestion {
  /** An alias of a family (`sonnet`) or a full name; never silently another one. */
  model: string;
  system: string;
  prompt: string;
  /** JSON Schema that the answer has to fit; null: a text. */
  schema: object | null;
  /** With a schema at least 2: the answer and its acceptance are a turn each (T-04A). */
  maxTurns: number;
  maxCostUsd: number;
  timeoutMs: number;
  /** Put into the environment of every process as `NONCE_VARIABLE`. */
  nonce: string;
  signal?: AbortSignal | undefined;
}

/** Why there is no answer. */
export type ModelFailure =
  /** Nothing to ask with: the agent is missing or too old. */
  | 'unavailable'
  | 'auth_required'
  | 'quota'
  | 'transient'
  | 'model_not_found'
  /** Another model answered than the one that was asked. */
  | 'other_model'
  | 'refused'
  | 'budget'
  | 'timeout'
  | 'aborted'
  /** It answered, but not in the form that was asked for. */
  | 'invalid'
  | 'crashed';

export interface ModelReply {
  /** `answered`: `value` is what it said; else why there is nothing. */
  kind: 'answered' | ModelFailure;
  /** A sentence with the evidence; empty when it answered. */
  detail: string;
  /** The object that fits the schema as far as the CLI looked, or the text; undefined when there is none. */
  value: unknown;
  /** The model that answered, by its full name; null: it was not told. */
  model: string | null;
  costUsd: number | null;
  /** With those of a cache. */
  inputTokens: number | null;
  outputTokens: number | null;
  cacheReadTokens: number | null;
  cacheWriteTokens: number | null;
}
