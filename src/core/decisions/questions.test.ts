import { describe, expect, test } from 'vitest';
import { answered, answerTo, questionsIn } from './questions.ts';

const INPUT = {
  questions: [
    {
      question: 'Which colour?',
      header: 'Colour',
      options: [{ label: 'Red' }, { label: 'Blue', description: 'Cold' }],
    },
  ],
};
const call = (input: unknown, tool = 'AskUserQuestion') => ({ tool, input, cwd: '/', toolUseId: 't', agentId: null });

describe('what an agent asks', () => {
  test('is read with what it leaves out, and without credentials', () => {
    expect(questionsIn(call(INPUT))).toEqual([
      {
        question: 'Which colour?',
        header: 'Colour',
        multiSelect: false,
        options: [
          { label: 'Red', description: '' },
          { label: 'Blue', description: 'Cold' },
        ],
        answer: null,
      },
    ]);
    const secret = `ghp_${'a1B2c3'.repeat(6)}`;
    const [asked] = questionsIn(call({ questions: [{ question: `Use ${secret}?` }] })) ?? [];
    expect(asked?.question).toBe('Use [redacted]?');
  });

  test.each([
    ['another tool', call(INPUT, 'Bash')],
    ['no question', call({ questions: [] })],
    ['no text', call({ questions: [{ question: 7 }] })],
    ['nothing', call(null)],
    ['too many', call({ questions: Array.from({ length: 11 }, () => ({ question: 'Why?' })) })],
  ])('%s is no question', (_, given) => {
    expect(questionsIn(given)).toBeNull();
  });

  test('takes one answer to each', () => {
    const questions = questionsIn(call(INPUT)) ?? [];
    expect(answered(questions, ['Blue'])[0]?.answer).toBe('Blue');
    expect(() => answered(questions, ['Blue', 'Red'])).toThrow('asked 1 question, but 2 answers were given');
  });

  test('gets the answers as the tool hands them over, what else it gave unchanged', () => {
    const questions = answered(questionsIn(call(INPUT)) ?? [], ['Blue']);
    const given = { id: 'dec_1', state: 'approved', answerReason: null } as const;
    expect(answerTo(given, questions, call({ ...INPUT, metadata: { source: 'x' } }))).toMatchObject({
      permission: 'allow',
      updatedInput: { metadata: { source: 'x' }, answers: { 'Which colour?': 'Blue' } },
    });
  });

  test.each([
    ['expired', null, 'Nobody answered this question in time.'],
    ['denied', 'Ask the team.', 'The person does not answer this: Ask the team.'],
  ] as const)('%s is told as such, and never as an answer', (state, answerReason, words) => {
    const answer = answerTo({ id: 'dec_1', state, answerReason }, questionsIn(call(INPUT)) ?? [], call(INPUT));
    expect(answer.permission).toBe('deny');
    expect(answer.reason).toContain(words);
    expect(answer.updatedInput).toBeUndefined();
  });
});
