import type { Clock } from '../../kernel/ports.ts';
import { activityOf } from '../activity.ts';
import type { AgentEnding, AgentEvent, AgentResult, AgentRun, GateAnswer, LaunchSpec, Message } from '../driver.ts';
import { within } from '../within.ts';
import type { Memory, MemoryFile } from './memory.ts';
import type { Script, Step } from './scripts.ts';
import { inputOf, perform, type ToolDeps } from './tools.ts';

export interface DemoRunDeps {
  clock: Clock;
  tools: ToolDeps;
  memory: MemoryFile;
  /** Between two steps, milliseconds. */
  paceMs: number;
  version: string;
}

type StopCause = Parameters<AgentRun['stop']>[0];
type Unfinished = Pick<AgentEnding, 'kind' | 'detail' | 'deferred'>;

const completed = (detail: string): Unfinished => ({ kind: 'completed', detail, deferred: null });

/** Plays a script: asks the gate before every call, does what it may, takes a refusal for an answer. */
export function playScript(
  deps: DemoRunDeps,
  script: Script,
  start: Memory,
  spec: LaunchSpec,
  observe: (event: AgentEvent) => void,
): AgentRun {
  const { clock, memory, paceMs } = deps;
  const halt = new AbortController();
  let stoppedBy: StopCause | null = null;
  let current: string | null = null;
  let stillAlive: number[] = [];
  let turns = spec.usedBefore?.turns ?? 0;
  const refused = [...start.refused];

  const halted = new Promise<void>((resolve) => halt.signal.addEventListener('abort', () => resolve()));

  const line = (value: object): void => observe({ type: 'line', text: JSON.stringify(value), isJson: true });
  const speak = (id: string, block: object): void =>
    line({ type: 'assistant', message: { id, role: 'assistant', model: 'demo', content: [block] } });
  /** A scripted agent uses no tokens and costs nothing; it says so. */
  const used = { inputTokens: 0, outputTokens: 0, costUsd: 0 };

  const ask = (step: Step, toolUseId: string): Promise<GateAnswer> =>
    Promise.race([
      spec.gate.ask({ tool: step.tool, input: inputOf(step, spec.cwd), cwd: spec.cwd, toolUseId, agentId: null }),
      halted.then((): GateAnswer => ({ permission: 'deny', reason: 'The run was stopped.' })),
    ]).catch((error: unknown): GateAnswer => ({ permission: 'deny', reason: `The gate failed: ${String(error)}` }));

  const reportBack = (toolUseId: string, ok: boolean, output: string): void => {
    const block = { type: 'tool_result', tool_use_id: toolUseId, content: output, is_error: !ok };
    line({ type: 'user', message: { role: 'user', content: [block] } });
    observe({ type: 'tool_result', toolUseId, ok });
  };

  /** One call. An ending: the work stops there. */
  const take = async (step: Step, index: number): Promise<Unfinished | null> => {
    const toolUseId = `demo_${spec.agentSessionId}_${index}`;
    const input = inputOf(step, spec.cwd);
    const turn = `demo_turn_${spec.agentSessionId}_${index}`;
    observe({ type: 'activity', phase: 'thinking', activity: null, lastTool: null });
    await within(clock, paceMs, halted);
    if (halt.signal.aborted) return null;
    turns += 1;
    current = toolUseId;
    speak(turn, { type: 'text', text: step.say });
    speak(turn, { type: 'tool_use', id: toolUseId, name: step.tool, input });
    const activity = activityOf(step.tool, input, spec.cwd);
    const key = `${step.tool} ${JSON.stringify(input)}`;
    observe({ type: 'tool_call', turn, toolUseId, tool: step.tool, agentId: null, key, what: activity });
    observe({ type: 'activity', phase: 'tool', activity, lastTool: step.tool });
    observe({ type: 'usage', ...used, turns });
    const answer = await ask(step, toolUseId);
    if (halt.signal.aborted) return null;
    if (answer.permission === 'defer') {
      const detail = `It ended at a call of ${step.tool} that waits for an answer.`;
      return { kind: 'deferred', detail, deferred: { toolUseId, tool: step.tool } };
    }
    if (answer.permission === 'deny') {
      reportBack(toolUseId, false, answer.reason);
      refused.push(activity);
      return step.ifRefused === 'go_on' ? null : completed(`I stop here: I may not go on. (${answer.reason})`);
    }
    const { ok, output, stillAlive: left = [] } = await perform(step, deps.tools, halt.signal);
    stillAlive = left;
    if (halt.signal.aborted) return null;
    reportBack(toolUseId, ok, output);
    if (ok || step.tool === 'Bash') return null;
    return completed(`I stop here: ${activity} failed. ${output}`);
  };

  const play = async (): Promise<Unfinished> => {
    await memory.write({ script: script.name, step: start.step, refused });
    for (let index = start.step; index < script.steps.length; index += 1) {
      const step = script.steps[index];
      const ending = step ? await take(step, index) : null;
      if (stoppedBy !== null) return { kind: stoppedBy, detail: 'The demo agent was stopped.', deferred: null };
      if (ending) return ending;
      await memory.write({ script: script.name, step: index + 1, refused });
    }
    return completed(refused.length === 0 ? script.done : `Done, without what I may not do: ${refused.join('; ')}.`);
  };

  /** A further prompt is answered truthfully: a script cannot follow it. Nothing is passed over in silence. */
  const answerTo = ({ id, text }: Message): string => {
    observe({ type: 'message', id, state: 'taken' });
    const asked = text.length > 200 ? `${text.slice(0, 200)}…` : text;
    const said = `I have read “${asked}”. I am the scripted demo agent and do only what my script says; a real agent would go on from here.`;
    turns += 1;
    speak(`demo_answer_${id}`, { type: 'text', text: said });
    observe({ type: 'message', id, state: 'done' });
    return said;
  };

  /** Answers whatever prompts there are, in their order; the last answer, or null without any. */
  const answerAll = (): string | null => {
    let said: string | null = null;
    const first = spec.promptId !== undefined && spec.prompt !== null ? { id: spec.promptId, text: spec.prompt } : null;
    for (let message = first ?? spec.next?.(); message; message = spec.next?.()) said = answerTo(message);
    return said;
  };

  const untilEnded = async (): Promise<AgentEnding> => {
    await Promise.resolve(); // whoever launched gets the run before its first event
    const { agentSessionId } = spec;
    line({ type: 'system', subtype: 'init', session_id: agentSessionId, model: 'demo', version: deps.version });
    observe({ type: 'started', agentSessionId, version: deps.version, model: 'demo' });
    const ending = await play().catch(
      (error: unknown): Unfinished => ({ kind: 'crashed', detail: String(error), deferred: null }),
    );
    if (stoppedBy === null) {
      const text = ending.kind === 'completed' ? (answerAll() ?? ending.detail) : null;
      const result: AgentResult = {
        kind: ending.kind,
        deferred: ending.deferred?.toolUseId ?? null,
        text,
        ...used,
        turns,
      };
      line({ type: 'result', subtype: 'success', is_error: false, result: text, num_turns: turns, total_cost_usd: 0 });
      observe({ type: 'result', result });
    }
    const detail = ending.kind === 'completed' ? 'It came to its end.' : ending.detail;
    return { ...ending, detail, resetsAt: null, stillAlive };
  };
  const ended = untilEnded();

  return {
    ended,
    async stop(cause) {
      stoppedBy ??= cause;
      halt.abort();
      await ended;
    },
    snooze: () => undefined,
    callsInTurnOf: (toolUseId) => (toolUseId === current ? 1 : null),
  };
}
