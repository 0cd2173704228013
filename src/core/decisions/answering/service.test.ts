import { describe, expect, test } from 'vitest';
import { bashCall, gateRig, HOUR, rest } from '../../../../test/gate-rig.ts';

describe('a no', () => {
  test.each([
    ['safety_concern', null, 'It is not safe.', 'safety_concern'],
    [
      'wrong_timing',
      'After the release',
      'This is not the time for it. After the release.',
      'wrong_timing: After the release',
    ],
    ['other', 'Use the fixture!', 'Use the fixture!', 'Use the fixture!'],
    [null, null, 'no reason was given.', null],
  ] as const)(
    '%s, %s: the reason reaches the agent in words and is kept by its code',
    async (code, reason, told, noted) => {
      const rig = gateRig();
      const { answer, id } = await rig.ask(rig.addSession(), 'push');
      rig.decisions.deny(id, 'owner', reason, code);
      expect(await answer).toEqual({ permission: 'deny', reason: `A person denied this: ${told}` });
      expect(rig.decisions.get(id)).toMatchObject({ state: 'denied', answerCode: code, answerReason: reason });
      expect(rig.decisions.acts(id)).toMatchObject([{ act: 'denied', by: 'owner', detail: noted }]);
    },
  );

  test('"other" says nothing by itself', async () => {
    const rig = gateRig();
    const { id } = await rig.ask(rig.addSession(), 'push');
    expect(() => rig.decisions.deny(id, 'owner', null, 'other')).toThrow(/give the reason in words/);
    expect(rig.decisions.get(id).state).toBe('pending');
  });
});

describe('taking an answer back', () => {
  test.each(['approve', 'deny'] as const)(
    '%s: within its time nothing has happened, and the question waits again',
    async (how) => {
      const rig = gateRig({ undoMs: 3_000 });
      const { answer, id } = await rig.ask(rig.addSession(), 'push');
      const deadline = rig.decisions.get(id).deadline;
      if (how === 'approve') await rig.decisions.approve(id, 'owner', false);
      else rig.decisions.deny(id, 'owner', null);
      rig.clock.advance(2_000);
      await rest();
      expect(rig.decisions.get(id)).toMatchObject({ undoable: true, startedAt: null });
      expect(rig.decisions.undo(id, 'owner')).toMatchObject({
        state: 'pending',
        answeredAt: null,
        answeredBy: null,
        deadline,
      });
      // The held call waits on, and gets the answer that stands in the end.
      await rest();
      rig.clock.advance(1_000);
      await rest();
      rig.decisions.deny(id, 'owner', 'better not');
      await rest();
      rig.clock.advance(3_000);
      expect(await answer).toEqual({ permission: 'deny', reason: 'A person denied this: better not.' });
      expect(rig.decisions.acts(id).map(({ act, by, detail }) => [act, by, detail])).toEqual([
        [how === 'approve' ? 'approved' : 'denied', 'owner', null],
        ['undone', 'owner', how === 'approve' ? 'approved' : 'denied'],
        ['denied', 'owner', 'better not'],
      ]);
    },
  );

  test('not taken back, the answer is handed over when its time is over', async () => {
    const rig = gateRig({ undoMs: 3_000 });
    const { answer, id } = await rig.ask(rig.addSession(), 'push');
    await rig.decisions.approve(id, 'owner', false);
    await rest();
    rig.clock.advance(3_000);
    expect((await answer).permission).toBe('allow');
    expect(() => rig.decisions.undo(id, 'owner')).toThrow(/the agent has it/);
  });

  test('an approval that nobody has come for can be taken back much later, also after a restart', async () => {
    const rig = gateRig({ undoMs: 3_000 });
    const session = rig.addSession();
    const { answer, id } = await rig.ask(session, 'push');
    rig.clock.advance(60_000);
    expect((await answer).permission).toBe('defer');
    await rig.decisions.approve(id, 'owner', false);
    rig.clock.advance(HOUR / 2);
    rig.restart();
    rig.decisions.undo(id, 'owner');
    const again = rig.decisions.ask(
      session.id,
      { tool: 'Bash', input: { command: 'push' }, cwd: session.cwd, toolUseId: 'toolu_push', agentId: null },
      null,
    );
    await rest();
    expect(rig.decisions.get(id).state).toBe('pending');
    rig.decisions.deny(id, 'owner', null);
    await rest();
    rig.clock.advance(3_000);
    expect((await again).permission).toBe('deny');
  });

  test('what ran out of time, what the agent was told, and what nobody answered stays', async () => {
    const rig = gateRig();
    const session = rig.addSession();
    const { id } = await rig.ask(session, 'push');
    expect(() => rig.decisions.undo(id, 'owner')).toThrow(/nobody has answered/);
    rig.clock.advance(60_000);
    await rest();
    rig.decisions.deny(id, 'owner', null);
    rig.decisions.tell(session.id, null);
    expect(() => rig.decisions.undo(id, 'owner')).toThrow(/cannot be taken back/);
    const late = await rig.ask(session, 'push again');
    rig.clock.advance(60_000);
    await rest();
    rig.decisions.deny(late.id, 'owner', null);
    rig.clock.advance(HOUR);
    expect(() => rig.decisions.undo(late.id, 'owner')).toThrow(/ran out/);
  });
});

describe('identical questions', () => {
  test('of two sessions of a project are answered once, each on record; another one is not', async () => {
    const rig = gateRig();
    const [a, b, c] = [rig.addSession(), rig.addSession(), rig.addSession()];
    const [one, two, other] = [await rig.ask(a, 'push'), await rig.ask(b, 'push'), await rig.ask(c, 'push --force')];
    const { alike } = rig.decisions.get(one.id);
    expect(rig.decisions.get(two.id).alike).toBe(alike);
    expect(rig.decisions.get(other.id).alike).not.toBe(alike);
    const given = { answer: 'approve' as const, reason: null, code: null };
    expect(await rig.decisions.answerAlike(one.id, 'owner', given)).toEqual({
      answered: [one.id, two.id],
      refused: [],
    });
    expect([(await one.answer).permission, (await two.answer).permission]).toEqual(['allow', 'allow']);
    for (const { id } of [one, two]) {
      expect(rig.decisions.get(id)).toMatchObject({ state: 'approved', answeredBy: 'owner' });
      expect(rig.decisions.acts(id)).toHaveLength(1);
    }
    expect(rig.decisions.get(other.id).state).toBe('pending');
  });

  test('one whose ground has moved is refused by itself and named', async () => {
    const rig = gateRig();
    const [a, b] = [rig.addSession(), rig.addSession()];
    const [one, two] = [await rig.ask(a, 'push'), await rig.ask(b, 'push')];
    b.open = false;
    const result = await rig.decisions.answerAlike(one.id, 'owner', { answer: 'approve', reason: null, code: null });
    expect(result).toMatchObject({
      answered: [one.id],
      refused: [{ id: two.id, why: expect.stringMatching(/session has ended/) }],
    });
  });

  test('of one session at the same instant are one batch as well: one answer reaches each of the calls', async () => {
    const rig = gateRig();
    const session = rig.addSession();
    const both = ['toolu_1', 'toolu_2'].map((id) =>
      rig.decisions.ask(session.id, bashCall('push', session.cwd, id), null),
    );
    for (let turn = 0; turn < 30; turn++) await Promise.resolve();
    // A third comes while the first two wait.
    const third = rig.decisions.ask(session.id, bashCall('push', session.cwd, 'toolu_3'), null);
    for (let turn = 0; turn < 30; turn++) await Promise.resolve();
    const pending = rig.decisions.pending();
    expect(pending).toHaveLength(3);
    expect(new Set(pending.map(({ alike }) => alike)).size).toBe(1);
    const { answered, refused } = await rig.decisions.answerAlike(pending[0]?.id ?? '', 'owner', {
      answer: 'approve',
      reason: null,
      code: null,
    });
    expect([answered.length, refused]).toEqual([3, []]);
    expect((await Promise.all([...both, third])).map(({ permission }) => permission)).toEqual(Array(3).fill('allow'));
  });

  test('the same call asked once more by its own caller is no second question', async () => {
    const rig = gateRig();
    const session = rig.addSession();
    const one = await rig.ask(session, 'push', 'toolu_1');
    const again = rig.decisions.ask(session.id, bashCall('push', session.cwd, 'toolu_1'), null);
    for (let turn = 0; turn < 30; turn++) await Promise.resolve();
    expect(rig.decisions.pending().map(({ id }) => id)).toEqual([one.id]);
    rig.decisions.deny(one.id, 'owner', 'No');
    expect([(await one.answer).permission, (await again).permission]).toEqual(['deny', 'deny']);
  });

  test.each([
    ['by the same call', 'toolu_1'],
    ['by a new call', 'toolu_9'],
    ['by one without a name', null],
  ])('an older one that was let go and is asked again %s, while the newer waits, is no third', async (_how, again) => {
    const rig = gateRig();
    const session = rig.addSession();
    const gone = new AbortController();
    const one = rig.decisions.ask(session.id, bashCall('push', session.cwd, 'toolu_1'), gone.signal);
    await rest();
    const two = rig.decisions.ask(session.id, bashCall('push', session.cwd, 'toolu_2'), null);
    await rest();
    const asked = rig.decisions.pending().map(({ id }) => id);
    gone.abort();
    expect((await one).permission).toBe('deny');
    const back = rig.decisions.ask(session.id, bashCall('push', session.cwd, again), null);
    await rest();
    expect(rig.decisions.pending().map(({ id }) => id)).toEqual(asked);
    const given = { answer: 'approve' as const, reason: null, code: null };
    await rig.decisions.answerAlike(asked[0] ?? '', 'owner', given);
    expect([(await two).permission, (await back).permission]).toEqual(['allow', 'allow']);
    // Each answer was good for one call.
    const more = rig.decisions.ask(session.id, bashCall('push', session.cwd, 'toolu_3'), null);
    await rest();
    expect(rig.decisions.pending()).toHaveLength(1);
    rig.decisions.deny(rig.decisions.pending()[0]?.id ?? '', 'owner', null);
    expect((await more).permission).toBe('deny');
  });

  test('a critical one is always answered alone', async () => {
    const rig = gateRig();
    const { id } = await rig.ask(rig.addSession(), 'deploy');
    expect(rig.decisions.get(id).alike).toBeNull();
    await expect(
      rig.decisions.answerAlike(id, 'owner', { answer: 'approve', reason: null, code: null }),
    ).rejects.toThrow(/two steps/);
  });
});

test('an approval of one session is worth nothing in another, and nothing a second time', async () => {
  const rig = gateRig();
  const [a, b] = [rig.addSession(), rig.addSession()];
  b.cwd = a.cwd;
  const one = await rig.ask(a, 'push');
  await rig.decisions.approve(one.id, 'owner', false);
  const other = await rig.ask(b, 'push');
  expect(rig.decisions.get(other.id)).toMatchObject({ state: 'pending', sessionId: b.id });
  expect((await one.answer).permission).toBe('allow');
  const again = await rig.ask(a, 'push', 'toolu_replayed');
  expect(rig.decisions.get(again.id)).toMatchObject({ state: 'pending', sessionId: a.id });
});

describe('snooze', () => {
  test('keeps quiet until then, and leaves the deadline as it is', async () => {
    const rig = gateRig();
    const { id } = await rig.ask(rig.addSession(), 'push');
    const { deadline } = rig.decisions.get(id);
    const until = rig.decisions.snooze(id, 'owner', 600_000);
    expect(rig.decisions.get(id)).toMatchObject({ quietUntil: until, deadline });
    const seq = rig.journal.seq();
    rig.clock.advance(599_000);
    rig.decisions.remind();
    expect(rig.journal.seq()).toBe(seq);
    rig.clock.advance(1_000);
    rig.decisions.remind();
    expect(rig.decisions.get(id).quietUntil).toBeNull();
    // Told, once.
    expect(rig.journal.seq()).toBe(seq + 1);
    rig.decisions.remind();
    expect(rig.journal.seq()).toBe(seq + 1);
  });

  test('never so long that it runs out unheard', async () => {
    const rig = gateRig();
    const { id } = await rig.ask(rig.addSession(), 'push');
    const { deadline } = rig.decisions.get(id);
    expect(rig.decisions.snooze(id, 'owner', 24 * HOUR)).toBe((deadline ?? 0) - 60_000);
    rig.clock.advance(HOUR - 30_000);
    expect(() => rig.decisions.snooze(id, 'owner', HOUR)).toThrow(/Too little of its time/);
  });
});

test('what was done about a decision cannot be changed or deleted', async () => {
  const rig = gateRig();
  const { id } = await rig.ask(rig.addSession(), 'push');
  rig.decisions.deny(id, 'owner', null);
  expect(() => rig.store.db.prepare('UPDATE decision_acts SET by = ?').run('me')).toThrow(/append-only/);
  expect(() => rig.store.db.prepare('DELETE FROM decision_acts').run()).toThrow(/append-only/);
});
