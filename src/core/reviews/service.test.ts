import { expect, test } from 'vitest';
import { insertSession, testDatabase } from '../../../test/builders.ts';
import { createFakeClock, START } from '../../../test/fakes/clock.ts';
import type { Envelope } from '../../shared/contract/index.ts';
import type { SaveComment } from '../../shared/contract/reviews.ts';
import type { Session } from '../../shared/contract/sessions.ts';
import { TenureError } from '../../shared/errors.ts';
import { createIds } from '../adapters/ids.ts';
import { createJournal } from '../kernel/journal.ts';
import { createReviews } from './service.ts';

function desk() {
  const { db, reopen } = testDatabase();
  const clock = createFakeClock();
  const id = insertSession(db, { state: 'ended', outcome: 'completed' });
  const facts: Envelope[] = [];
  const prompts: string[] = [];
  const gate = {
    answer: (): Promise<Session> => Promise.resolve({ id } as Session),
    /** After the prompt was queued, and before anybody heard of it. */
    cutOff: (): Promise<void> => Promise.resolve(),
  };
  const open = (store = db) => {
    const journal = createJournal(store, clock, (error) => {
      throw error;
    });
    journal.subscribe((fact) => facts.push(fact));
    return createReviews({
      db: store,
      journal,
      clock,
      ids: createIds(),
      session(given) {
        if (given === id) return given;
        throw new TenureError('not_found', `There is no session "${given}".`);
      },
      async followUp({ prompt, also }) {
        prompts.push(prompt);
        const after = await gate.answer();
        journal.commit(also);
        await gate.cutOff();
        return after;
      },
    });
  };
  const on = (more: Partial<SaveComment> = {}): SaveComment => ({
    sessionId: id,
    path: 'src/a.ts',
    side: 'after',
    from: 3,
    to: 3,
    quote: 'const a = 1;',
    text: 'Why one?',
    ...more,
  });
  return { id, clock, facts, prompts, gate, reviews: open(), on, restart: () => open(reopen()) };
}

test('drafts are kept over a restart, changed and thrown away, and each change is told', () => {
  const { id, clock, facts, reviews, on, restart } = desk();
  const later = reviews.save(on({ path: 'src/b.ts' }));
  const first = reviews.save(on());
  clock.advance(5_000);
  const changed = reviews.save(on({ id: first.id, text: 'Why not two?', to: 4 }));
  expect(changed).toMatchObject({ id: first.id, text: 'Why not two?', createdAt: START, updatedAt: START + 5_000 });
  const again = restart();
  expect(again.list(id)).toEqual([changed, later]);
  again.remove(later.id);
  expect(again.list(id)).toEqual([changed]);
  expect(facts.map(({ type, body }) => [type, body])).toEqual(
    [1, 2, 2, 1].map((drafts) => ['review.changed', { sessionId: id, drafts }]),
  );
});

test('all drafts go as one prompt with place and code; then they are sent, once and for good', async () => {
  const { id, reviews, on, prompts } = desk();
  reviews.save(on({ text: 'Use the constant.' }));
  reviews.save(on({ path: 'src/b.md', side: 'before', from: 7, to: 9, quote: '```\ncode\n```', text: 'Keep this.' }));
  const { comments } = await reviews.send(id);
  expect(comments.every(({ sentAt }) => sentAt === START)).toBe(true);
  expect(prompts).toEqual([
    [
      'I have reviewed your work and have 2 comments. Go through all of them, change what has to be changed, and say what you did about each.',
      '1. src/a.ts, line 3\n```\nconst a = 1;\n```\nUse the constant.',
      '2. src/b.md, lines 7–9 before your change\n````\n```\ncode\n```\n````\nKeep this.',
    ].join('\n\n'),
  ]);
  await expect(reviews.send(id)).rejects.toThrow('no comment that was not sent');
  const [sent] = comments;
  expect(() => reviews.save(on({ id: sent?.id ?? '' }))).toThrow('has gone to the agent');
  expect(() => reviews.remove(sent?.id ?? '')).toThrow('has gone to the agent');
  reviews.save(on({ text: 'One more.' }));
  await reviews.send(id);
  expect(prompts.at(-1)).toContain('1 comment.');
  expect(prompts.at(-1)).not.toContain('Use the constant.');
});

test('two clicks send once, and what could not be sent stays a draft', async () => {
  const { id, reviews, on, prompts, gate } = desk();
  const { id: draft } = reviews.save(on());
  let fail = (): void => undefined;
  gate.answer = () => new Promise((_, reject) => (fail = () => reject(new TenureError('conflict', 'Not now.'))));
  const first = reviews.send(id);
  await expect(reviews.send(id)).rejects.toThrow('on their way');
  expect(() => reviews.save(on({ id: draft, text: 'Too late' }))).toThrow('has gone');
  fail();
  await expect(first).rejects.toThrow('Not now.');
  expect(reviews.list(id)[0]?.sentAt).toBe(null);
  expect(prompts).toHaveLength(1);
  gate.answer = () => Promise.resolve({ id } as Session);
  expect((await reviews.send(id)).comments[0]?.sentAt).toBe(START);
});

test('what was queued is sent, although nobody heard of it any more', async () => {
  const { id, reviews, on, prompts, gate, restart } = desk();
  reviews.save(on());
  gate.cutOff = () => Promise.reject(new Error('cut off'));
  await expect(reviews.send(id)).rejects.toThrow('cut off');
  const again = restart();
  expect(again.list(id)[0]?.sentAt).toBe(START);
  await expect(again.send(id)).rejects.toThrow('no comment that was not sent');
  expect(prompts).toHaveLength(1);
});

test('what cannot be is refused in a sentence', async () => {
  const { id, reviews, on } = desk();
  expect(() => reviews.list('ses_none')).toThrow('no session "ses_none"');
  expect(() => reviews.save(on({ id: 'rev_none' }))).toThrow('no comment "rev_none"');
  for (let n = 1; n <= 12; n++) reviews.save(on({ from: n, to: n, quote: 'x'.repeat(9_000) }));
  await expect(reviews.send(id)).rejects.toThrow(/characters with the code they quote; a prompt has at most 100000/);
  for (let n = 13; n <= 200; n++) reviews.save(on({ from: n, to: n }));
  expect(() => reviews.save(on())).toThrow('200 comments that were not sent');
});

test('a credential in the quoted code is not kept', () => {
  const { reviews, on } = desk();
  expect(reviews.save(on({ quote: `token = "ghp_${'a1B2c3'.repeat(6)}"` })).quote).not.toContain('ghp_');
});
