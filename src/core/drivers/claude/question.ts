import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AgentEnvironment, type Child, type Clock, NONCE_VARIABLE, type Spawner } from '../../kernel/ports.ts';
import type { AgentCheck, ModelFailure, ModelQuestion, ModelReply } from '../driver.ts';
import { type Json, objectOf, parseObject, textOf } from '../json.ts';
import { createTreeKeeper } from '../tree.ts';
import { within } from '../within.ts';
import { ASKED_VARIABLE } from './asked.ts';
import { endingOfExit, endingOfResult, type Signs } from './endings.ts';
import { createLineReader } from './lines.ts';
import { plain, usageOf } from './question-usage.ts';

/** From the exit on, for what is still in the pipe. */
const DRAIN_MS = 250;
/** From the result to the end of the process, which has nothing left to do. */
const GRACE_MS = 500;
const KILL = { askMs: 300, limitMs: 2_000 };
const STDERR_KEPT = 4_096;
const MAX_LINE_BYTES = 4 << 20;

export interface QuestionDeps {
  spawner: Spawner;
  clock: Clock;
  environment: AgentEnvironment;
  check(): Promise<AgentCheck>;
  /** The mark of this engine's data directory (see `endAsked`). */
  by: string;
}

/** The CLI's arguments for a question. The prompt goes by stdin: it may be long, and it is nobody's argument. */
export function questionArguments(question: ModelQuestion): string[] {
  return [
    '-p',
    ...'--output-format stream-json --verbose --no-session-persistence --disable-slash-commands'.split(' '),
    ...'--permission-prompts none --permission-mode default --setting-sources user --strict-mcp-config'.split(' '),
    '--settings',
    JSON.stringify({ disableAllHooks: true }),
    '--tools',
    '',
    '--model',
    question.model,
    '--max-turns',
    String(question.maxTurns),
    '--max-budget-usd',
    String(question.maxCostUsd),
    '--system-prompt',
    question.system,
    ...(question.schema === null ? [] : ['--json-schema', JSON.stringify(question.schema)]),
  ];
}

function nothing(kind: ModelFailure, detail: string, result: Json | null = null): ModelReply {
  const { models: _models, ...usage } = usageOf(result);
  return { kind, detail, value: undefined, ...usage };
}

/**
 * Asks a model one question by the person's own Claude Code: in a throw-away folder, without tools,
 * hooks, servers or a record of the conversation. Never rejects; leaves no process behind.
 */
export function createQuestions({ spawner, clock, environment, check, by }: QuestionDeps) {
  return async function ask(question: ModelQuestion): Promise<ModelReply> {
    const { path, problem } = await check();
    if (path === null || problem !== null) return nothing('unavailable', problem ?? 'Claude Code cannot be used.');
    if (question.signal?.aborted) return nothing('aborted', 'It was called off.');
    const cwd = await mkdtemp(join(tmpdir(), 'tenure-question-'));
    try {
      const env = { ...(await environment.forAgent()), [NONCE_VARIABLE]: question.nonce, [ASKED_VARIABLE]: by };
      const child = await spawner.start(path, questionArguments(question), { cwd, env });
      return await listen(child, question);
    } catch (error) {
      return nothing('unavailable', `Claude Code (${path}) did not start: ${(error as Error).message}.`);
    } finally {
      await rm(cwd, { recursive: true, force: true }).catch(() => undefined);
    }
  };

  async function listen(child: Child, question: ModelQuestion): Promise<ModelReply> {
    const tree = createTreeKeeper({ spawner, clock }, child.identity, question.nonce);
    const signs: Signs = { result: null, apiError: null, limitResetsAt: null, spoke: false, cutOff: false, stderr: '' };
    const over = Promise.withResolvers<void>();
    let cut: { kind: ModelFailure; detail: string } | null = null;
    const end = (kind: ModelFailure, detail: string): void => {
      cut ??= { kind, detail };
      over.resolve();
    };
    let lastWhole = true;

    const lines = createLineReader(
      {
        onLine(text) {
          signs.spoke = true;
          const line = parseObject(text);
          lastWhole = line !== null;
          if (line?.type === 'result') {
            signs.result = line;
            over.resolve();
          }
          if (line?.subtype !== 'api_retry') return;
          signs.apiError = textOf(line.error) ?? signs.apiError;
          // It would try ten times more, for minutes; no login mends itself.
          if (line.error === 'authentication_failed') end('auth_required', 'The service refused the login.');
        },
        onDropped: (bytes) => end('crashed', `It wrote a line of ${bytes} bytes.`),
      },
      MAX_LINE_BYTES,
    );
    child.onStdout((chunk) => lines.push(chunk));
    child.onStderr((chunk) => {
      signs.stderr = (signs.stderr + chunk.toString('utf8')).slice(-STDERR_KEPT);
    });
    const limit = clock.after(question.timeoutMs, () => {
      const seconds = Math.round(question.timeoutMs / 1000);
      const why = signs.apiError === null ? '' : ` It met "${signs.apiError}" and kept trying.`;
      end(signs.apiError === null ? 'timeout' : 'transient', `It did not answer within ${seconds} s.${why}`);
    });
    const onAbort = (): void => end('aborted', 'It was called off.');
    question.signal?.addEventListener('abort', onAbort, { once: true });
    child.write(question.prompt);
    child.closeStdin();

    await Promise.race([over.promise, child.exited]);
    if (cut === null && signs.result !== null) await within(clock, GRACE_MS, child.exited);
    limit.cancel();
    question.signal?.removeEventListener('abort', onAbort);
    const left = await tree.end(cut === null ? KILL.askMs : 0, KILL.limitMs);
    await within(clock, DRAIN_MS, child.stdoutEnded);
    signs.cutOff = lines.end() && !lastWhole;
    child.release();
    const reply = replyOf(signs, cut, question, left.length === 0 ? await child.exited : null);
    return reply;
  }
}

/** What came of a question. The result counts over how the process ended, our own reason over both. */
function replyOf(
  signs: Signs,
  cut: { kind: ModelFailure; detail: string } | null,
  question: ModelQuestion,
  exit: { exitCode: number | null; signal: string | null } | null,
): ModelReply {
  const { result } = signs;
  if (cut !== null) return nothing(cut.kind, cut.detail, result);
  if (result === null) {
    const ending = endingOfExit(exit ?? { exitCode: null, signal: null }, signs);
    return nothing(failureOf(ending.kind), ending.detail);
  }
  const ending = endingOfResult(result, signs);
  if (ending.kind !== 'completed') {
    const missing = objectOf(result).api_error_status === 404;
    return nothing(missing ? 'model_not_found' : failureOf(ending.kind), ending.detail || ending.kind, result);
  }
  const { models, ...usage } = usageOf(result);
  if (models.length > 0 && isFullName(question.model) && !models.includes(plain(question.model))) {
    return nothing('other_model', `"${question.model}" was asked, but "${usage.model}" answered.`, result);
  }
  const value = question.schema === null ? (textOf(result.result) ?? undefined) : result.structured_output;
  if (value === undefined) return nothing('invalid', 'It answered without the form that was asked for.', result);
  return { kind: 'answered', detail: '', value, ...usage };
}

/** Aliases name a family, whose newest member answers; a full name is one model. */
const isFullName = (model: string): boolean => /\d/.test(plain(model));

function failureOf(kind: ReturnType<typeof endingOfResult>['kind']): ModelFailure {
  switch (kind) {
    case 'auth_required':
    case 'quota':
    case 'transient':
    case 'model_not_found':
    case 'refused':
    case 'budget':
      return kind;
    case 'max_turns':
      return 'invalid';
    default:
      return 'crashed';
  }
}
