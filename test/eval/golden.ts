import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '../../src/core/db/open.ts';
import type { EvaluationRecord } from '../../src/shared/contract/evaluations.ts';
import { START } from '../fakes/clock.ts';
import { repositoryAt } from '../rows.ts';
import type { GoldenCase } from './cases.ts';
import { recorded, replay } from './replay.ts';
import { type Verdict, verdictOf, verdictOfAll } from './verdict.ts';

export interface CaseResult {
  name: string;
  expected: Verdict;
  verdict: Verdict;
  scores: (number | null)[];
  /** Each a sentence; none: as expected. */
  problems: string[];
}

/** One run of a case in a folder of its own, which is gone afterwards. */
async function once(golden: GoldenCase, repetition: number): Promise<EvaluationRecord> {
  const folder = mkdtempSync(join(tmpdir(), 'tenure-eval-'));
  const path = join(folder, 'app');
  mkdirSync(path);
  const db = openDatabase({ dir: join(folder, 'data'), now: START });
  try {
    const repository = repositoryAt(path, folder);
    repository.git('init', '--quiet', '--initial-branch=main');
    return await replay(golden, repository, { db }, recorded(golden.judge, repetition));
  } finally {
    db.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function problemsOf(golden: GoldenCase, runs: readonly EvaluationRecord[], verdict: Verdict): string[] {
  const { expect } = golden;
  const problems: string[] = [];
  if (verdict !== expect.verdict) problems.push(`The verdict is ${verdict}, not ${expect.verdict}.`);
  for (const { score, evidence } of runs) {
    const [least, most] = Array.isArray(expect.score) ? expect.score : [expect.score, expect.score];
    const fits = score === null || least === null || most === null ? score === least : score >= least && score <= most;
    if (!fits) problems.push(`The score is ${score ?? 'none'}, not ${JSON.stringify(expect.score)}.`);
    const codes = evidence.flags.map(({ code }) => code);
    for (const code of expect.flags ?? []) {
      if (!codes.includes(code)) problems.push(`The flag ${code} is missing; there are ${codes.join(', ') || 'none'}.`);
    }
  }
  return [...new Set(problems)];
}

/** Replays a case as often as it or the caller asks for. */
export async function runCase(golden: GoldenCase, repeat = 1): Promise<CaseResult> {
  const runs: EvaluationRecord[] = [];
  for (let n = 0; n < Math.max(repeat, golden.repeat ?? 1); n += 1) runs.push(await once(golden, n));
  const verdict = verdictOfAll(runs.map(verdictOf));
  return {
    name: golden.name,
    expected: golden.expect.verdict,
    verdict,
    scores: runs.map(({ score }) => score),
    problems: problemsOf(golden, runs, verdict),
  };
}

/** 0 only when there was something to look at and all of it came out as it has to. */
export const exitCodeOf = (results: readonly CaseResult[]): 0 | 1 =>
  results.length > 0 && results.every(({ problems }) => problems.length === 0) ? 0 : 1;
