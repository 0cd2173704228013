import type { JudgeView } from '../../../shared/contract/evidence.ts';
import { TenureError } from '../../../shared/errors.ts';
import type { Ids } from '../../kernel/ports.ts';
import { redact } from '../../kernel/redact.ts';
import { type Opinion, scoreOfDimensions } from '../opinion.ts';
import type { EvaluationDeps, ToJudge } from '../service.ts';
import { JudgeAnswer, judgePrompt, PROMPT_VERSION } from './prompt.ts';

/** A question to a model, as the one door to models takes it. */
interface JudgeCall {
  role: 'judge';
  model: string;
  system: string;
  prompt: string;
  schema: typeof JudgeAnswer;
  priority: number;
  waitMs: number;
  timeoutMs: number;
  maxCostUsd: number;
  sessionId: string;
  signal?: AbortSignal | undefined;
}

type JudgeReply = { model: string; costUsd: number | null; durationMs: number } & (
  | { answered: true; value: JudgeAnswer }
  | { answered: false; kind: string; detail: string }
);

export interface JudgeSettings {
  /** Why no model is asked; null: one is. */
  off: string | null;
  model: string;
  waitMs: number;
  timeoutMs: number;
  maxCostUsd: number;
}

export interface JudgeDeps {
  ids: Pick<Ids, 'secret'>;
  git: { log(cwd: string, from: string, to: string, limit: number): Promise<{ message: string }[]> };
  /** Asks a model. Never rejects. */
  call(question: JudgeCall): Promise<JudgeReply>;
  settings(session: ToJudge['session']): JudgeSettings;
}

/** Before what nobody waits for, after what a person waits for. */
const PRIORITY = 1;
const LONGEST_WORDS = 2_000;
const MOST_COMMITS = 50;

const NOTHING = { dimensions: null, accomplishments: [], failures: [], openQuestions: [] };
const NO_VIEW: JudgeView = {
  state: 'off',
  model: null,
  promptVersion: null,
  inputsHash: null,
  score: null,
  reasoning: null,
  detail: null,
  costUsd: null,
  durationMs: null,
};

/** No model was asked, and why. */
const off = (detail: string): Opinion => ({ judge: { ...NO_VIEW, detail }, ...NOTHING });

/** Asks a model what a session's work is worth. What fails is told as a failure, never as a score. */
export function createJudge({ ids, git, call, settings }: JudgeDeps): EvaluationDeps['judge'] {
  async function messagesOf({ session, measured }: ToJudge): Promise<string[]> {
    const { baseCommit, headCommit } = measured;
    if (baseCommit === null || headCommit === null) return [];
    try {
      const commits = await git.log(session.cwd ?? session.project.path, baseCommit, headCommit, MOST_COMMITS);
      return commits.map(({ message }) => message);
    } catch (error) {
      if (error instanceof TenureError) return [];
      throw error;
    }
  }

  return async (asked, signal) => {
    const { off: why, ...limits } = settings(asked.session);
    if (why !== null) return off(why);
    const { system, prompt, inputsHash } = judgePrompt(asked, await messagesOf(asked), ids.secret());
    const reply = await call({
      role: 'judge',
      ...limits,
      system,
      prompt,
      schema: JudgeAnswer,
      priority: PRIORITY,
      sessionId: asked.session.sessionId,
      signal,
    });
    signal?.throwIfAborted();
    const { model, costUsd, durationMs } = reply;
    const view: JudgeView = { ...NO_VIEW, model, promptVersion: PROMPT_VERSION, inputsHash, costUsd, durationMs };
    if (!reply.answered) return { judge: { ...view, state: 'failed', detail: reply.detail }, ...NOTHING };
    const { reasoning, accomplishments, failures, openQuestions, ...dimensions } = reply.value;
    return {
      judge: {
        ...view,
        state: 'answered',
        score: scoreOfDimensions(dimensions),
        reasoning: redact(reasoning).slice(0, LONGEST_WORDS),
      },
      dimensions,
      accomplishments: accomplishments.map(redact),
      failures: failures.map(redact),
      openQuestions: openQuestions.map(redact),
    };
  };
}
