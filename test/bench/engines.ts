import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '../../src/core/db/open.ts';
import { type GateFacts, NO_HISTORY, verdictOf } from '../../src/core/decisions/rules.ts';
import { createDecisionStorage } from '../../src/core/decisions/storage.ts';
import { LEVELS, RISKS } from '../../src/shared/policy.ts';
import { insertProject, insertSession } from '../rows.ts';
import { fixed, quantile } from './measure.ts';

const AGENTS = 1_000;
const CALLS = 20_000;
const ROUNDS = 7;

interface Subject {
  name: string;
  call(n: number): unknown;
}

/** Microseconds of each call, in order of size. */
function times({ call }: Subject, calls: number): number[] {
  const seen: number[] = [];
  for (let n = 0; n < calls; n++) {
    const began = process.hrtime.bigint();
    call(n);
    seen.push(Number(process.hrtime.bigint() - began) / 1_000);
  }
  return seen.sort((a, b) => a - b);
}

const ours = (): Subject => {
  const facts = LEVELS.flatMap((level) =>
    RISKS.flatMap((risk) =>
      [null, 850].map(
        (score): GateFacts => ({
          level,
          risk,
          actionReasons: [{ code: 'edits_worktree', text: 'Edits a file of the work tree.' }],
          source: 'person',
          hardDeny: null,
          irreversible: false,
          agent: { name: 'claude/opus', score },
          history: { ...NO_HISTORY, ranOfKind: 10, finished: 40, failed: 2 },
          limits: { minScore: 800, autoPerHour: 50, failureRate: 0.3, failureMin: 20, sessionActions: null },
          tribunal: null,
          rule: null,
        }),
      ),
    ),
  );
  return { name: 'Tenure, every rule asked', call: (n) => verdictOf(facts[n % facts.length] as GateFacts) };
};

/** The same table (level × risk → allowed or not) as 20 rules; null: the package is not installed. */
async function casbin(): Promise<Subject | null> {
  const packageName = 'casbin';
  const found = await import(packageName).catch(() => null);
  if (!found) return null;
  const model = found.newModelFromString(`[request_definition]
r = sub, lvl, risk
[policy_definition]
p = lvl, risk
[policy_effect]
e = some(where (p.eft == allow))
[matchers]
m = r.lvl == p.lvl && r.risk == p.risk`);
  const enforcer = await found.newEnforcer(model);
  for (const level of LEVELS) for (const risk of RISKS) await enforcer.addPolicy(level, risk);
  return {
    name: 'casbin, enforceSync',
    call: (n) => enforcer.enforceSync(`agent${n % AGENTS}`, LEVELS[n % 4], RISKS[n % 5]),
  };
}

async function cedar(): Promise<Subject | null> {
  const packageName = '@cedar-policy/cedar-wasm/nodejs';
  const found = await import(packageName).catch(() => null);
  if (!found) return null;
  const policies = LEVELS.flatMap((level) =>
    RISKS.map(
      (risk) =>
        `permit (principal, action == Action::"use", resource) when { context.level == "${level}" && context.risk == "${risk}" };`,
    ),
  ).join('\n');
  const parsed = found.preparsePolicySet('gate', { staticPolicies: policies });
  if (parsed.type !== 'success') throw new Error(JSON.stringify(parsed));
  const subject = {
    name: 'cedar-wasm, pre-parsed',
    call: (n: number) =>
      found.statefulIsAuthorized({
        principal: { type: 'Agent', id: `agent${n % AGENTS}` },
        action: { type: 'Action', id: 'use' },
        resource: { type: 'Tool', id: 'Bash' },
        context: { level: LEVELS[n % 4], risk: RISKS[n % 5] },
        preparsedPolicySetId: 'gate',
        entities: [],
      }),
  };
  const first = subject.call(0);
  if (first.type !== 'success') throw new Error(JSON.stringify(first));
  return subject;
}

/** What is on record of an agent, asked before each verdict, among 100,000 decisions of 20 agents. */
function eligibility(): string {
  const dir = mkdtempSync(join(tmpdir(), 'tenure-bench-'));
  const db = openDatabase({ dir, now: Date.now() });
  const projectId = insertProject(db, { name: 'bench' });
  const sessionId = insertSession(db, { projectId });
  const insert = db.prepare(
    `INSERT INTO decisions (id, session_id, project_id, tool, action, action_hash, risk, level, verdict, state, reasons,
       steps, asked_at, outcome, settled_at, agent, kind, auto)
     VALUES (?, ?, ?, 'Bash', '{}', ?, 'low', 'cautious', 'allow', 'allowed', '[]', 1, ?, ?, ?, ?, ?, ?)`,
  );
  const now = 1_700_000_000_000;
  db.transaction(() => {
    for (let n = 0; n < 100_000; n++) {
      const at = now - n * 500;
      const outcome = n % 17 === 0 ? 'failed' : 'ran';
      insert.run(
        `dec_${n}`,
        sessionId,
        projectId,
        `h${n}`,
        at,
        outcome,
        at,
        `agent${n % 20}`,
        `Bash:k${n % 30}`,
        n % 2,
      );
    }
  })();
  const storage = createDecisionStorage(db);
  const since = { failureOfKind: now - 86_400_000, failures: now - 3_600_000, hourAgo: now - 3_600_000 };
  const look = (n: number) =>
    storage.history({ agent: `agent${n % 20}`, kind: `Bash:k${n % 30}`, sessionId: null, ...since });
  for (let n = 0; n < 500; n++) look(n);
  const seen = times({ name: '', call: look }, 5_000);
  db.close();
  rmSync(dir, { recursive: true, force: true });
  return `record of an agent, of 100,000   p50 ${fixed(quantile(seen, 0.5))} µs, p99 ${fixed(quantile(seen, 0.99))} µs`;
}

/** The gate beside other policy engines, in one run, in turns; and the question that goes before each verdict. */
export async function enginesBench(): Promise<string[]> {
  const [mine, ...others] = [ours(), await casbin(), await cedar()];
  const subjects = [mine, ...others.filter((one) => one !== null)];
  for (const subject of subjects) times(subject, 5_000);
  const p99 = new Map<string, number[]>();
  const p50 = new Map<string, number[]>();
  for (let round = 0; round < ROUNDS; round++) {
    for (const subject of subjects) {
      const seen = times(subject, CALLS);
      p99.set(subject.name, [...(p99.get(subject.name) ?? []), quantile(seen, 0.99)]);
      p50.set(subject.name, [...(p50.get(subject.name) ?? []), quantile(seen, 0.5)]);
    }
  }
  const median = (values: readonly number[] = []): number =>
    quantile(
      values.toSorted((a, b) => a - b),
      0.5,
    );
  const own = p99.get(mine.name) ?? [];
  const lines = subjects.map(({ name }) => {
    const ratios = (p99.get(name) ?? []).map((value, round) => value / (own[round] ?? Number.NaN));
    const times = name === mine.name ? '' : `, p99 ${fixed(median(ratios))}× ours`;
    return `${name.padEnd(32)}p50 ${fixed(median(p50.get(name)))} µs, p99 ${fixed(median(p99.get(name)))} µs${times}`;
  });
  const missing = ['casbin', 'cedar-wasm'].filter((_, n) => others[n] === null);
  if (missing.length > 0)
    lines.push(
      `not installed, so not compared: ${missing.join(', ')} (npm install --no-save casbin @cedar-policy/cedar-wasm)`,
    );
  return [...lines, eligibility()];
}
