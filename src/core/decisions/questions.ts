import { z } from 'zod';
import type { Decision } from '../../shared/contract/decisions.ts';
import type { AgentQuestion } from '../../shared/contract/questions.ts';
import { TenureError } from '../../shared/errors.ts';
import { reveal } from '../../shared/reveal.ts';
import type { ClassifiedAction } from '../actions/classify.ts';
import type { GateAnswer, GateCall } from '../drivers/driver.ts';
import { redactDeep } from '../kernel/redact.ts';
import { allowed, denied } from './holds.ts';

/** The tool by which an agent asks; the gate itself hands it the answers. */
const TOOL = 'AskUserQuestion';

/** Characters of all questions of one call together. */
const LONGEST = 32_000;

const Input = z.looseObject({
  questions: z
    .array(
      z.looseObject({
        question: z.string().min(1).max(10_000),
        header: z.string().max(200).default(''),
        multiSelect: z.boolean().default(false),
        options: z
          .array(z.looseObject({ label: z.string().max(1_000), description: z.string().max(10_000).default('') }))
          .max(20)
          .default([]),
      }),
    )
    .min(1)
    .max(10),
});

/** What a call asks the person, without credentials; null: it is no question, or not one that can be read. */
export function questionsIn(call: GateCall): AgentQuestion[] | null {
  const parsed = call.tool === TOOL ? Input.safeParse(call.input) : null;
  // What no person would read through is no question; the gate then judges it as any call.
  if (!parsed?.success || JSON.stringify(parsed.data.questions).length > LONGEST) return null;
  const questions = parsed.data.questions.map(({ question, header, multiSelect, options }) => ({
    question,
    header,
    multiSelect,
    options: options.map(({ label, description }) => ({ label, description })),
    answer: null,
  }));
  return redactDeep(questions) as AgentQuestion[];
}

/** With hidden characters named, so that they cannot turn a text around. */
const told = (text: string): string =>
  reveal(text)
    .map((piece) => (piece.hidden === null ? piece.text : `[${piece.hidden}]`))
    .join('');

/** The action that a person sees of a question: what is asked, in one line and whole. */
export function asAction(action: ClassifiedAction, questions: readonly AgentQuestion[]): ClassifiedAction {
  const lines = questions.flatMap(({ question, options }) => [
    question,
    ...options.map(({ label, description }) => `- ${label}${description === '' ? '' : `: ${description}`}`),
  ]);
  const [first] = questions;
  return {
    ...action,
    summary: first ? told(first.question.replaceAll('\n', ' ⏎ ')).slice(0, 240) : action.summary,
    detail: told(lines.join('\n')),
    changes: [],
    files: [],
  };
}

/** @throws TenureError invalid, unless there is one answer to each question. */
export function answered(questions: readonly AgentQuestion[], answers: readonly string[]): AgentQuestion[] {
  if (answers.length !== questions.length) {
    throw new TenureError(
      'invalid',
      `The agent asked ${questions.length} ${questions.length === 1 ? 'question' : 'questions'}, but ${answers.length} ${answers.length === 1 ? 'answer was' : 'answers were'} given. Answer each, in their order.`,
    );
  }
  return questions.map((question, at) => ({ ...question, answer: answers[at] ?? null }));
}

const UNANSWERED =
  'Nobody answered this question in time. Choose what is safest and easiest to undo, and say at the end what you assumed.';

/** What the asking tool gets: the answers, or why there are none. */
export function answerTo(
  { id, state, answerReason }: Pick<Decision, 'id' | 'state' | 'answerReason'>,
  questions: readonly AgentQuestion[],
  call: GateCall,
): GateAnswer {
  const parsed = state === 'approved' ? Input.safeParse(call.input) : null;
  if (parsed?.success) {
    const pairs = parsed.data.questions.map(({ question }, at) => [question, questions[at]?.answer ?? '']);
    const answers = Object.fromEntries(pairs) as Record<string, string>;
    return { ...allowed(`A person has answered (${id}).`), updatedInput: { ...parsed.data, answers } };
  }
  if (state === 'expired') return denied(UNANSWERED);
  return denied(`The person does not answer this: ${answerReason ?? 'no reason was given'}.`);
}
