import Sqlite from 'better-sqlite3';
import { expect, test } from 'vitest';
import { insertSession } from '../../../test/rows.ts';
import { createEvaluationStorage } from '../evaluation/storage.ts';
import { migrate } from './migrate.ts';
import { migrations } from './migrations/index.ts';

test('evaluations, scores and the summary of a database from before stay what they were', () => {
  const db = new Sqlite(':memory:');
  migrate(db, migrations.slice(0, 1));
  const ids = [4, null].map((score) => {
    const id = insertSession(db, { level: 'cautious', state: 'ended' });
    db.prepare(
      "INSERT INTO evaluations VALUES (?, ?, ?, 'It was good.', 'completed', '{\"commits\":2,\"steps\":[]}', 7)",
    ).run(`evl_${id}`, id, score);
    const credit = db.prepare(
      'INSERT INTO trust_ledger (kind, session_id, evaluation_id, level, score, at) VALUES (?, ?, ?, ?, ?, 7)',
    );
    credit.run('session', id, null, 'cautious', null);
    credit.run('evaluation', id, `evl_${id}`, 'cautious', score);
    return id;
  });
  const summary = () => db.prepare("SELECT * FROM trust_summary WHERE autonomy_level = 'cautious'").get();
  const before = summary();
  migrate(db, migrations);
  expect(summary()).toEqual(before);
  expect(summary()).toMatchObject({ total_sessions: 2, total_evaluations: 1, sum_eval_scores: 4 });

  const [rated = ''] = ids;
  expect(createEvaluationStorage(db).first(rated)).toMatchObject({
    number: 1,
    score: 4,
    evidenceScore: 4,
    recommendation: null,
    judge: null,
    accomplishments: [],
    at: 7,
    evidence: { commits: 2, flags: [], verifyBefore: null },
  });
  // A person's word counts instead, once, and never twice.
  const override = db.prepare("INSERT INTO trust_overrides (session_id, score, set_by, at) VALUES (?, ?, 'owner', 8)");
  override.run(rated, 1);
  override.run(rated, 2);
  expect(summary()).toMatchObject({ total_evaluations: 1, sum_eval_scores: 2 });
  override.run(ids[1], 5);
  expect(summary()).toMatchObject({ total_evaluations: 2, sum_eval_scores: 7 });
  override.run(rated, null);
  expect(summary()).toMatchObject({ total_evaluations: 2, sum_eval_scores: 9 });
  expect(() => db.exec('UPDATE evaluations SET score = 5')).toThrow(/never changed/);
  expect(() => db.exec('DELETE FROM ratings; DELETE FROM trust_overrides')).toThrow(/append-only/);
  db.close();
});
