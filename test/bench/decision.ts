import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { classify } from '../../src/core/actions/classify.ts';
import { casesIn } from '../../src/core/actions/corpus/cases.ts';
import { machine } from '../../src/core/actions/corpus/context.ts';
import { createClock } from '../../src/core/adapters/clock.ts';
import { createIds } from '../../src/core/adapters/ids.ts';
import { openDatabase } from '../../src/core/db/open.ts';
import type { GateSession } from '../../src/core/decisions/judge.ts';
import { viewOf } from '../../src/core/decisions/row.ts';
import { createDecisions } from '../../src/core/decisions/service.ts';
import { createDecisionStorage } from '../../src/core/decisions/storage.ts';
import { createJournal } from '../../src/core/kernel/journal.ts';
import { silentLog } from '../../src/core/kernel/log.ts';
import { createSeal } from '../../src/core/ledger/seal.ts';
import { createLedger } from '../../src/core/ledger/service.ts';
import { Config } from '../../src/shared/config.ts';
import { insertProject, insertSession } from '../rows.ts';
import { fixed, latency, quantile, ratioOf, shown } from './measure.ts';

const ROUND = 150;
const PAIRS = 7;

/** What a decision costs over its record, and what it takes to understand the lines of both corpora. */
export async function decisionBench(): Promise<string[]> {
  return [...(await recorded('FULL')), ...(await recorded('NORMAL')), ...understood()];
}

/**
 * A call that is understood (what that takes is measured below) to its verdict, written down with its fact and chained into the ledger, beside writing
 * the same row, fact and event alone; both one transaction of that durability.
 */
async function recorded(sync: 'FULL' | 'NORMAL'): Promise<string[]> {
  const dir = mkdtempSync(join(tmpdir(), 'tenure-bench-'));
  const db = openDatabase({ dir, now: 0 });
  db.pragma(`synchronous = ${sync}`);
  const clock = createClock();
  const ids = createIds();
  const journal = createJournal(db, clock, () => undefined);
  const ledger = createLedger({ db, journal, clock, seal: createSeal(Buffer.alloc(32, 7).toString('base64url')) });
  const projectId = insertProject(db, { name: 'app' });
  const id = insertSession(db, { projectId });
  const settings = Config.parse({}).decisions;
  const context = machine();
  const session: GateSession = {
    id,
    projectId,
    project: 'app',
    level: 'cautious',
    source: 'person',
    open: true,
    running: true,
    cwd: context.worktree,
    projectPath: context.project,
    branch: null,
    verifyCommand: null,
    agent: 'claude/opus',
    brief: 'Do it.',
  };
  const chain = (decisionId: string): void =>
    void ledger.append({ kind: 'trust.credited', subject: id, body: { decisionId, verdict: 'allow' } });
  const understoodAction = classify({ tool: 'Bash', input: { command: 'git status' }, cwd: session.cwd }, context);
  const decisions = createDecisions({
    db,
    journal,
    clock,
    ids,
    log: silentLog,
    limits: () => settings,
    scoreOf: () => 850,
    quietEnds: () => null,
    noted: (_emit, decision) => chain(decision.id),
    tribunal: { isSet: () => false, patienceMs: () => 60_000, begin: () => undefined },
    rules: { wordFor: () => null, use: () => undefined },
    session: () => session,
    classify: () => understoodAction,
    mark: () => Promise.resolve('tree'),
    effect: () => Promise.reject(new Error('nothing is asked here')),
    mayDefer: () => false,
  });
  let n = 0;
  const call = () => {
    n += 1;
    return { tool: 'Bash', input: { command: 'git status' }, cwd: session.cwd, toolUseId: `toolu_${n}`, agentId: null };
  };
  const decide = async (): Promise<void> => {
    const { permission, reason } = await decisions.ask(id, call(), null);
    if (permission !== 'allow') throw new Error(`the gate said ${permission}: ${reason}`);
  };
  await decide();
  const storage = createDecisionStorage(db);
  const [kept] = storage.ofSession(id);
  if (!kept) throw new Error('nothing was recorded');
  const record = (): void =>
    journal.commit((emit) => {
      n += 1;
      const one = { ...kept, id: ids.next('dec'), toolUseId: `toolu_${n}` };
      storage.insert(one);
      chain(one.id);
      emit({ type: 'decision.recorded', body: { decision: viewOf(one) } });
    });
  const whole: number[] = [];
  const spent = { whole: [] as number[], alone: [] as number[] };
  const timed = async (once: () => unknown, into: number[]) => {
    const before = process.cpuUsage();
    const spread = await latency(ROUND, once);
    const { user, system } = process.cpuUsage(before);
    into.push((user + system) / ROUND);
    return spread;
  };
  const { ratio, subject, reference } = await ratioOf(
    PAIRS,
    async () => {
      const { p50, p99 } = await timed(decide, spent.whole);
      whole.push(p99);
      return p50;
    },
    async () => (await timed(record, spent.alone)).p50,
  );
  db.close();
  rmSync(dir, { recursive: true });
  const middle = (values: number[]): number =>
    quantile(
      values.toSorted((a, b) => a - b),
      0.5,
    );
  const p99 = middle(whole);
  const [mine, bare] = [middle(spent.whole), middle(spent.alone)];
  return [
    `decision, recorded, ${sync.padEnd(6)}      p50 ${fixed(subject * 1000, 0)} µs, p99 ${fixed(p99 * 1000, 0)} µs; the record alone p50 ${fixed(reference * 1000, 0)} µs`,
    `ratio of p50                    ${shown(ratio)}`,
    `of processor time               ${fixed(mine, 0)} µs, the record alone ${fixed(bare, 0)} µs: ${fixed(mine / bare)}×`,
  ];
}

/** Classifying every line of both corpora: the middle of five rounds for each, by the processor's clock. */
function understood(): string[] {
  const lines = ['benign', 'hostile'].flatMap((name) =>
    casesIn(readFileSync(join(import.meta.dirname, '..', '..', `src/core/actions/corpus/${name}.jsonl`), 'utf8')),
  );
  const context = machine();
  const once = (command: string): number => {
    const began = process.hrtime.bigint();
    classify({ tool: 'Bash', input: { command }, cwd: context.worktree }, context);
    return Number(process.hrtime.bigint() - began) / 1_000;
  };
  for (const { command } of lines) once(command);
  const times = lines
    .map(({ command }) => {
      const seen = Array.from({ length: 5 }, () => once(command)).sort((a, b) => a - b);
      return { command, us: quantile(seen, 0.5) };
    })
    .sort((a, b) => a.us - b.us);
  const us = times.map((one) => one.us);
  const slow = times
    .slice(-3)
    .toReversed()
    .map(({ command, us: took }) => `${fixed(took, 0)} µs ${JSON.stringify(command.slice(0, 60))}`);
  return [
    `a shell line understood         p50 ${fixed(quantile(us, 0.5), 0)} µs, p99 ${fixed(quantile(us, 0.99), 0)} µs over ${lines.length} lines`,
    ...slow.map((text) => `  slowest                       ${text}`),
  ];
}
