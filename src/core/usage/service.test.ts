import { describe, expect, it } from 'vitest';
import { insertProject, insertSession, testDatabase } from '../../../test/builders.ts';
import { createFakeClock } from '../../../test/fakes/clock.ts';
import type { Config } from '../../shared/config.ts';
import { createIds } from '../adapters/ids.ts';
import { createJournal } from '../kernel/journal.ts';
import { silentLog } from '../kernel/log.ts';
import { createTelemetry } from '../telemetry/service.ts';
import { createUsage } from './service.ts';

const HOUR = 3_600_000;
const NONE = { usd: null, tokens: null };
const usd = (amount: number) => ({ usd: amount, tokens: null });

/** The record of spawns and what is made of it, from that instant on, in New York. */
function lab(start: string, budgets: Partial<Config['usage']['budgets']> = {}) {
  const { db, dir } = testDatabase();
  const clock = createFakeClock(Date.parse(start));
  const told: string[] = [];
  const journal = createJournal(db, clock, (error) => {
    throw error;
  });
  journal.subscribe((fact) => {
    if (fact.type === 'budget.warned') told.push(`${fact.body.budget.scope} ${fact.body.budget.state}`);
  });
  const config: Config['usage'] = {
    warnShare: 0.8,
    whenSpent: 'pause',
    budgets: { session: NONE, project: NONE, day: NONE, ...budgets },
  };
  const projectId = insertProject(db, { name: 'shop' });
  const usage = createUsage({
    db,
    journal,
    clock,
    log: silentLog,
    config: () => config,
    timezone: () => 'America/New_York',
    project: () => ({ name: 'shop' }),
    projects: () => [{ id: projectId, name: 'shop' }],
  });
  const changed = usage.recordChanged;
  const telemetry = createTelemetry({ db, journal, clock, ids: createIds(), log: silentLog, dataDir: dir, changed });
  const known = { inputTokens: 900, outputTokens: 100, cacheReadTokens: 0, cacheWriteTokens: 0 };

  return {
    clock,
    usage,
    told,
    config,
    projectId,
    /** A run begins. */
    begin(sessionId = insertSession(db, { projectId })) {
      const task = { askedBy: 'person', caste: 'session', task: 'Fix it', model: 'opus', source: 'fallback' as const };
      const id = telemetry.began({ ...task, sessionId, projectId });
      usage.began(id, sessionId, projectId);
      return {
        sessionId,
        noted: (costUsd: number) => usage.noted(id, { ...known, costUsd }, { ...known, costUsd }),
        end(costUsd: number | null): void {
          telemetry.ended(id, { outcome: 'completed', usage: { ...known, costUsd } });
          usage.ended(id);
        },
      };
    },
    judged: (sessionId: string, costUsd: number): void => {
      const judge = { askedBy: 'evaluation', caste: 'judge', task: 'judge', model: 'sonnet', source: 'caste-default' };
      telemetry.ended(telemetry.began({ ...judge, source: 'caste-default', sessionId }), {
        outcome: 'completed',
        usage: { ...known, costUsd },
      });
    },
  };
}

describe("a day's budget", () => {
  it.each<[string, string, number]>([
    ['an ordinary day', '2026-11-20T23:00:00-05:00', 24],
    ['the day of 23 hours', '2026-03-07T23:00:00-05:00', 23],
    ['the day of 25 hours', '2026-10-31T23:00:00-04:00', 25],
  ])('is spent until midnight, and begins anew then: into %s and out of it', (_day, start, hours) => {
    const { clock, usage, begin, projectId } = lab(start, { day: usd(1) });
    begin().end(1);
    expect(usage.mayNotStart(projectId)?.resetsAt).toBe(clock.now() + HOUR);
    clock.advance(HOUR - 1);
    expect(usage.mayNotStart(projectId)).not.toBeNull();
    clock.advance(1);
    expect(usage.mayNotStart(projectId)).toBeNull();
    begin().end(1);
    expect(usage.mayNotStart(projectId)?.resetsAt).toBe(clock.now() + hours * HOUR);
    clock.advance(hours * HOUR - 1);
    expect(usage.mustPause(projectId)).toMatch(/^Today's budget, \$1\.00, is spent \(\$1\.00\)\. It begins anew at/);
    clock.advance(1);
    expect(usage.mustPause(projectId)).toBeNull();
    const { byDay, today } = usage.summary({ days: 3 });
    expect(byDay.map((day) => [day.runs, day.costUsd])).toEqual([
      [1, 1],
      [1, 1],
      [0, 0],
    ]);
    expect(byDay.at(-1)?.day).toBe(today);
  });

  it('counts what runs over midnight on the day on which it ends, whole', () => {
    const { clock, usage, begin } = lab('2026-11-20T23:30:00-05:00', { day: usd(10) });
    const run = begin();
    run.noted(2);
    expect(usage.today()).toMatchObject({ day: '2026-11-20', running: 1, costUsd: 2 });
    clock.advance(HOUR);
    expect(usage.today()).toMatchObject({ day: '2026-11-21', running: 1, costUsd: 2 });
    run.end(3);
    expect(usage.today()).toMatchObject({ day: '2026-11-21', running: 0, costUsd: 3 });
    expect(usage.summary({ days: 2 }).byDay.map(({ costUsd }) => costUsd)).toEqual([0, 3]);
  });

  it('is warned of once in each state and day, and unknown costs make it a least', () => {
    const { clock, usage, begin, told } = lab('2026-11-20T09:00:00-05:00', { day: usd(1) });
    const run = begin();
    for (const cost of [0.1, 0.8, 0.85, 1, 1.2]) run.noted(cost);
    run.end(1.2);
    begin().end(null);
    expect(told).toEqual(['day warning', 'day over']);
    expect(usage.notices()).toEqual([
      "Today's budget, $1.00, is spent (at least $1.20, 1 unknown). It begins anew at 00:00 (America/New_York).",
    ]);
    clock.advance(24 * HOUR);
    begin().end(0.9);
    expect(told).toEqual(['day warning', 'day over', 'day warning']);
  });
});

describe('a project', () => {
  it('has a budget of its own before the one of every project, and its judges count against it', () => {
    const { usage, begin, judged, projectId } = lab('2026-11-20T09:00:00-05:00', { project: usd(1) });
    usage.setBudgets({ projectId, session: null, day: usd(3) });
    const run = begin();
    run.end(2);
    expect(usage.mayNotStart(projectId)).toBeNull();
    judged(run.sessionId, 1);
    expect(usage.mayNotStart(projectId)?.sentence).toMatch(/^Today's budget of "shop", \$3\.00, is spent \(\$3\.00\)/);
    expect(usage.summary({ projectId }).total.costUsd).toBe(3);
    expect(() => usage.setBudgets({ projectId, session: NONE, day: null })).toThrow(/needs dollars or tokens/);
  });
});

describe("a session's budget", () => {
  it('ends its run when it is reached, with the sentence, and not by what judged it', () => {
    const { usage, begin, judged, projectId, told } = lab('2026-11-20T09:00:00-05:00', { session: usd(1) });
    const run = begin();
    expect([run.noted(0.99), told]).toEqual([null, ['session warning']]);
    judged(run.sessionId, 5);
    const totals = { inputTokens: 900, outputTokens: 100, costUsd: 0.99 };
    expect(usage.sessionSpent(run.sessionId, projectId, totals)).toBeNull();
    expect(usage.leftUsd(run.sessionId, projectId, totals)).toBeCloseTo(0.01, 10);
    expect(run.noted(1)).toBe('The budget of this session, $1.00, is spent ($1.00).');
    expect(told).toEqual(['session warning', 'session over']);
  });
});
