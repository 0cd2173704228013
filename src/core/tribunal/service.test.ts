import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { insertProject, insertSession, type TestDatabase, testDatabase } from '../../../test/builders.ts';
import { createFakeClock } from '../../../test/fakes/clock.ts';
import { createIds } from '../adapters/ids.ts';
import { createJournal } from '../kernel/journal.ts';
import { silentLog } from '../kernel/log.ts';
import type { Case } from './rules.ts';
import { createTribunal, type TribunalDeps } from './service.ts';

const GIVEN: Case = {
  tool: 'Bash',
  detail: 'git commit -m x',
  risk: 'medium',
  reasons: [{ code: 'commits', text: "Changes the session's branch." }],
  irreversible: false,
  agent: 'claude/opus',
  project: 'shop',
  branch: 'tenure/s1',
  brief: 'Mend it.',
  history: { ranOfKind: 5, failedOfKind: 0 },
};
const yes = { answered: true as const, value: { vote: 'yes' as const, confidence: 0.9, reasoning: 'It is fine.' } };
const no = { answered: true as const, value: { vote: 'no' as const, confidence: 0.9, reasoning: 'It is not.' } };
const failed = { answered: false as const, kind: 'timeout', detail: 'It took too long.' };

let store: TestDatabase;
let sessionId: string;
let told: string[];
beforeEach(() => {
  store = testDatabase();
  sessionId = insertSession(store.db, { projectId: insertProject(store.db) });
  told = [];
});

function decision(id: string): void {
  store.db
    .prepare(
      `INSERT INTO decisions (id, session_id, project_id, tool, action, action_hash, risk, level, verdict, state, reasons, steps, asked_at)
       SELECT ?, id, project_id, 'Bash', '{}', ?, 'medium', 'moderate', 'ask', 'pending', '[]', 1, 0 FROM sessions WHERE id = ?`,
    )
    .run(id, id, sessionId);
}

function start(over: Partial<TribunalDeps> = {}) {
  const clock = createFakeClock();
  return createTribunal({
    db: store.db,
    journal: createJournal(store.db, clock, () => undefined),
    clock,
    ids: createIds(),
    log: silentLog,
    settings: () => ({ models: ['haiku', 'sonnet'], timeoutMs: 1_000, maxCostUsd: 0.1, minConfidence: 0.6 }),
    ask: () => Promise.resolve(yes),
    agreed: (id, words) => Promise.resolve(void told.push(`${id} agreed: ${words}`)),
    toPerson: (id) => void told.push(`${id} to the person`),
    ...over,
  });
}

/** Sits on one case to its end. */
async function sit(over: Partial<TribunalDeps>, given: Case = GIVEN, need: 'majority' | 'unanimous' = 'majority') {
  decision('dec_1');
  const tribunal = start(over);
  tribunal.begin('dec_1', sessionId, given, need);
  await expect.poll(() => told.length).toBeGreaterThan(0);
  return { tribunal, found: tribunal.get('dec_1') };
}

describe('a tribunal', () => {
  test('agrees, with every vote on record', async () => {
    const { found } = await sit({});
    expect(told).toEqual(['dec_1 agreed: 5 of 5 validators agreed (unanimous).']);
    expect(found).toMatchObject({ finding: 'unanimous', seats: 5, need: 'majority' });
    expect(found?.votes.map(({ validator, vote }) => `${validator}: ${vote}`)).toEqual([
      'policy: yes',
      'paths: yes',
      'history: yes',
      'haiku, question 1: yes',
      'sonnet, question 2: yes',
    ]);
  });

  test('asks no model where a rule vetoes', async () => {
    let asked = 0;
    const ask = () => {
      asked += 1;
      return Promise.resolve(yes);
    };
    const { found } = await sit({ ask }, { ...GIVEN, irreversible: true });
    expect([asked, told, found?.finding]).toEqual([0, ['dec_1 to the person'], 'split']);
  });

  test('gives each model its time and its price, for the session that asks', async () => {
    const asked: object[] = [];
    const ask: TribunalDeps['ask'] = ({ role, model, timeoutMs, maxCostUsd, sessionId: of }) => {
      asked.push({ role, model, timeoutMs, maxCostUsd, of });
      return Promise.resolve(yes);
    };
    await sit({ ask });
    expect(asked).toEqual(
      ['haiku', 'sonnet'].map((model) => ({
        role: 'validator',
        model,
        timeoutMs: 1_000,
        maxCostUsd: 0.1,
        of: sessionId,
      })),
    );
  });

  test('leaves to the person what needs unanimity and has only a majority', async () => {
    let n = 0;
    const ask = () => Promise.resolve(n++ === 0 ? yes : no);
    expect((await sit({ ask }, GIVEN, 'unanimous')).found?.finding).toBe('majority');
    expect(told).toEqual(['dec_1 to the person']);
  });

  test('a model does not vote on what it asks itself', async () => {
    const { found } = await sit({}, { ...GIVEN, agent: 'claude/claude-sonnet-4-5' });
    expect(found?.votes.find(({ validator }) => validator.startsWith('sonnet'))).toMatchObject({
      vote: 'abstain',
      reasoning: 'It is the model that asks.',
    });
    expect(found?.finding).toBe('unanimous');
  });

  test('tells the models the facts and the brief, and each only its own question', async () => {
    const prompts: string[] = [];
    const ask: TribunalDeps['ask'] = ({ prompt }) => {
      prompts.push(prompt);
      return Promise.resolve(yes);
    };
    await sit({ ask });
    expect(prompts).toHaveLength(2);
    expect(prompts[0]).toContain('do harm');
    expect(prompts[0]).not.toContain('plausible');
    for (const prompt of prompts) expect(prompt).toContain('git commit -m x');
  });

  test('that sat when Tenure ended has no finding, and its question is the person’s', async () => {
    decision('dec_1');
    const first = start({
      ask: ({ signal }) => new Promise((done) => signal?.addEventListener('abort', () => done(failed))),
    });
    first.begin('dec_1', sessionId, GIVEN, 'majority');
    await first.stop();
    expect(told).toEqual([]);
    const second = start();
    second.reconcile();
    expect([told, second.get('dec_1')?.finding]).toEqual([['dec_1 to the person'], 'missing']);
    second.reconcile();
    expect(told).toHaveLength(1);
  });
});

/** `TENURE_SCHEDULES=100000` for the whole of it. */
const SCHEDULES = Number(process.env['TENURE_SCHEDULES'] ?? 400);

test('no schedule of faults ever makes an approval: store errors, timeouts, ties, nonsense, late answers', async () => {
  const reply = fc.constantFrom('no', 'failed', 'throws', 'weak', 'yes');
  const breaks = fc.constantFrom('never', 'at the opening', 'at a vote', 'at the end');
  let n = 0;
  await fc.assert(
    fc.asyncProperty(reply, reply, breaks, async (first, second, broken) => {
      // What would rightly agree is no fault.
      fc.pre(broken !== 'never' || first !== 'yes' || second !== 'yes');
      n += 1;
      const id = `dec_${n}`;
      decision(id);
      told = [];
      const answers = [first, second];
      let commits = 0;
      const clock = createFakeClock();
      const journal = createJournal(store.db, clock, () => undefined);
      const failing: typeof journal = {
        ...journal,
        commit: (work) => {
          commits += 1;
          const fails =
            (broken === 'at the opening' && commits === 1) ||
            (broken === 'at a vote' && commits === 5) ||
            (broken === 'at the end' && commits === 7);
          if (fails) throw new Error('disk full');
          return journal.commit(work);
        },
      };
      const tribunal = start({
        journal: failing,
        ask: async () => {
          const how = answers.shift();
          if (how === 'throws') throw new Error('spawn failed');
          if (how === 'weak') return { ...yes, value: { ...yes.value, confidence: 0.1 } };
          return how === 'yes' ? yes : how === 'no' ? no : failed;
        },
      });
      tribunal.begin(id, sessionId, GIVEN, 'unanimous');
      await tribunal.stop();
      expect(told.filter((line) => line.includes('agreed'))).toEqual([]);
    }),
    { numRuns: SCHEDULES },
  );
});
