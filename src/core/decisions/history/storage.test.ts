import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { insertProject, insertSession, type TestDatabase, testDatabase } from '../../../../test/builders.ts';
import { createFakeClock } from '../../../../test/fakes/clock.ts';
import { STAGES, stageOf } from '../../../shared/decision-stage.ts';
import { type StoredDecision } from '../row.ts';
import { createDecisionStorage } from '../storage.ts';
import { createHistory } from './service.ts';

const clock = createFakeClock();
let store: TestDatabase;
let sessionId: string;
let projectId: string;
let n = 0;

beforeEach(() => {
  store = testDatabase();
  projectId = insertProject(store.db, { name: 'shop' });
  sessionId = insertSession(store.db, { projectId });
  n = 0;
});

function add(over: Partial<StoredDecision> = {}): string {
  n += 1;
  const id = `dec_${n}`;
  createDecisionStorage(store.db).insert({
    id,
    sessionId,
    projectId,
    project: 'shop',
    action: { tool: 'Bash', summary: `npm run task-${n}`, detail: `npm run task-${n}`, cwd: '/tree' },
    risk: 'low',
    level: 'cautious',
    verdict: 'allow',
    state: 'allowed',
    reasons: [{ code: 'why', text: 'Because of "it".' }],
    steps: 1,
    askedAt: clock.now() - 1_000 * (100 - n),
    deadline: null,
    answeredAt: null,
    answeredBy: null,
    answerReason: null,
    answerCode: null,
    alike: null,
    undoable: false,
    outcome: null,
    urgency: 'normal',
    escalations: 0,
    warned: false,
    quietUntil: null,
    tribunal: null,
    startedAt: null,
    settledAt: null,
    auto: false,
    wrong: null,
    toolUseId: `toolu_${n}`,
    agentId: null,
    actionHash: `hash_${n}`,
    treeMark: null,
    toldAt: null,
    deliveredAt: null,
    agent: 'claude/opus',
    kind: 'Bash:why',
    form: null,
    ruleId: null,
    warnAt: null,
    ...over,
  });
  return id;
}

const history = () => createHistory({ db: store.db, clock });

describe('a page of the history', () => {
  test('is newest first, and says how many there are in all', () => {
    for (let i = 0; i < 7; i++) add();
    const { total, decisions } = history().page({ limit: 3, offset: 2 });
    expect([total, decisions.map(({ id }) => id)]).toEqual([7, ['dec_5', 'dec_4', 'dec_3']]);
    expect(history().page({ offset: 100 })).toMatchObject({ total: 7, decisions: [] });
  });

  test('is filtered by everything at once, and by words as they are seen', () => {
    add();
    add({ risk: 'high', agent: 'claude/haiku' });
    store.db.prepare('UPDATE decisions SET answer_reason = ? WHERE id = ?').run('100% "sure"', add());
    const ids = (filter: Parameters<ReturnType<typeof history>['page']>[0]) =>
      history()
        .page(filter)
        .decisions.map(({ id }) => id);
    expect(ids({ text: 'TASK-2' })).toEqual(['dec_2']);
    expect(ids({ text: 'because of "it"' })).toEqual(['dec_3', 'dec_2', 'dec_1']);
    expect(ids({ text: 'BECAUSE of "IT"' })).toEqual(['dec_3', 'dec_2', 'dec_1']);
    expect(ids({ text: '0% "s' })).toEqual(['dec_3']);
    expect(ids({ text: '%' })).toEqual(['dec_3']);
    expect(ids({ text: "' OR 1=1 --" })).toEqual([]);
    expect(ids({ risk: 'high', agent: 'claude/haiku', tool: 'Bash', projectId, sessionId })).toEqual(['dec_2']);
    expect(ids({ risk: 'high', agent: 'claude/opus' })).toEqual([]);
    expect(ids({ stages: [] })).toEqual([]);
    expect(history().page({}).agents).toEqual(['claude/haiku', 'claude/opus']);
  });

  test('finds each decision in the stage that it is shown in, and in no other', () => {
    const state = fc.constantFrom('allowed', 'refused', 'pending', 'approved', 'denied', 'expired', 'void');
    const outcome = fc.constantFrom('ran', 'failed', 'unknown', null);
    fc.assert(
      fc.property(state, outcome, fc.boolean(), (given, end, delivered) => {
        const id = add({ state: given });
        store.db
          .prepare('UPDATE decisions SET outcome = ?, delivered_at = ? WHERE id = ?')
          .run(given === 'allowed' || given === 'approved' ? end : null, delivered ? 5 : null, id);
        const found = STAGES.filter((stage) =>
          history()
            .page({ stages: [stage], limit: 1_000 })
            .decisions.some((decision) => decision.id === id),
        );
        const [shown] = history()
          .page({ limit: 1_000 })
          .decisions.filter((decision) => decision.id === id);
        expect(shown && found).toEqual(shown && [stageOf(shown)]);
      }),
      { numRuns: 100 },
    );
  });
});

test('figures are of the days asked for, and of the project', () => {
  add({ outcome: null });
  add({ askedAt: clock.now() - 40 * 86_400_000 });
  const other = insertProject(store.db, { name: 'other' });
  expect(history().metrics({}).total).toBe(1);
  expect(history().metrics({ days: 90 }).total).toBe(2);
  expect(history().metrics({ projectId: other }).total).toBe(0);
  const series = history().series({ metric: 'decisions', days: 2, bucketMs: 86_400_000 });
  expect(series.map(({ value }) => value)).toEqual([0, 1]);
  // No question makes a million points.
  expect(history().series({ metric: 'decisions', days: 365, bucketMs: 60_000 }).length).toBeLessThanOrEqual(2_000);
});

test('what ran into a limit is told by the codes of its reasons, never by what their texts say', () => {
  const because = (code: string, text = 'x') => ({ reasons: [{ code, text }] });
  add(because('unmet_session_limit'));
  add(because('unmet_failure_rate'));
  add(because('unmet_within_rate'));
  add(because('reads', '"code":"unmet_within_rate" {"code":"unmet_session_limit"}'));
  add({ state: 'refused', verdict: 'deny', risk: 'critical' });
  expect(history().metrics({}).violations).toEqual({ safety: 1, constraint: 2, rateLimit: 1 });
});
