import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { openDatabase } from '../../src/core/db/open.ts';
import { startHost } from '../../src/core/host.ts';
import { fixed, quantile } from './measure.ts';

const SESSIONS = 200;
const DECISIONS = 50;
const OPENINGS = 15;
const ROOT = join(import.meta.dirname, '..', '..');

/** 200 sessions, 50 of them parked at an open question: rows as the engine itself writes them. */
function furnish(dataDir: string, repository: string): void {
  const db = openDatabase({ dir: dataDir, now: Date.now() });
  db.prepare(
    `INSERT INTO projects (id, name, path, agent, verify_timeout_ms, worktree, ceiling, protected, time_box_ms, created_at)
     VALUES ('prj_bench', 'bench', ?, 'claude', 60000, 1, 'full', 0, 5400000, 0)`,
  ).run(repository);
  const session = db.prepare(
    `INSERT INTO sessions (id, project_id, agent, state, outcome, prompt, source, level, agent_session_id, time_box_ms, created_at,
       started_at, ended_at, nonce, agent_version, base_commit, activity)
     VALUES (?, 'prj_bench', 'claude', ?, ?, 'Do something useful', 'person', 'observe', ?, 5400000, ?, ?, ?, ?, '2.1.328', 'abc', 'Editing src/a.ts')`,
  );
  const decision = db.prepare(
    `INSERT INTO decisions (id, session_id, project_id, tool, action, action_hash, risk, level, verdict, state, reasons, steps, asked_at, deadline)
     VALUES (?, ?, 'prj_bench', 'Bash', ?, ?, 'high', 'observe', 'ask', 'pending', ?, 1, ?, ?)`,
  );
  const now = Date.now();
  db.transaction(() => {
    for (let n = 0; n < SESSIONS; n++) {
      const id = `ses_bench${n}`;
      const parked = n < DECISIONS;
      session.run(
        id,
        parked ? 'parked' : 'ended',
        parked ? null : 'completed',
        `a${n}`,
        now - n * 60_000,
        now - n * 60_000,
        parked ? null : now,
        `n${n}`,
      );
      if (!parked) continue;
      const command = `git push origin tenure/branch-${n} --set-upstream`;
      const action = JSON.stringify({ tool: 'Bash', summary: command, detail: command, cwd: repository });
      const reasons = JSON.stringify([{ code: 'level_asks', text: 'At Observe high-risk actions wait for a person.' }]);
      decision.run(`dec_bench${n}`, id, action, `h${n}`, reasons, now - n * 1_000, now + 3_600_000 + n * 1_000);
    }
  })();
  db.close();
}

/**
 * Hides the page that is there, or shows it again, as the shell does with its popover. @returns ms until what
 * follows from it has been rendered and painted.
 */
const HIDE = (hidden: boolean): Promise<number> =>
  new Promise((resolve) => {
    const began = performance.now();
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => hidden });
    document.dispatchEvent(new Event('visibilitychange'));
    requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - began)));
  });

/** Resolves once the page has nothing left to do. */
const IDLE = (): Promise<unknown> => new Promise((resolve) => requestIdleCallback(resolve));

/** From the page's start, and from the snapshot's arrival, to everything painted; 200 sessions, 50 questions. */
export async function popoverBench(): Promise<string[]> {
  const dir = mkdtempSync(join(tmpdir(), 'tenure-bench-'));
  const repository = join(dir, 'repository');
  mkdirSync(join(dir, 'tenure', 'data'), { recursive: true });
  mkdirSync(repository);
  execFileSync('git', ['init', '-q'], { cwd: repository });
  furnish(join(dir, 'tenure', 'data'), repository);
  writeFileSync(join(dir, 'tenure', 'config.jsonc'), JSON.stringify({ gateway: { port: 0 } }));
  const env = { ...process.env, TENURE_HOME: join(dir, 'tenure') };
  const host = await startHost({
    host: 'headless',
    env,
    rendererDir: join(ROOT, 'out', 'renderer'),
    version: 'bench',
    demo: false,
  });
  const browser = await chromium.launch({
    executablePath: process.env.TENURE_CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  });
  const page = await browser.newPage({ viewport: { width: 420, height: 600 } });
  await page.addInitScript((questions) => {
    const done = (): void => {
      if (document.querySelectorAll('article').length < questions) return;
      seen.disconnect();
      requestAnimationFrame(() =>
        setTimeout(() => document.documentElement.setAttribute('data-painted', String(performance.now()))),
      );
    };
    const seen = new MutationObserver(done);
    seen.observe(document, { childList: true, subtree: true });
  }, DECISIONS);
  await page.goto(host.loginUrl());
  const cold: number[] = [];
  const warm: number[] = [];
  for (let n = 0; n <= OPENINGS; n++) {
    await page.reload();
    await page.locator('html[data-painted]').waitFor({ state: 'attached' });
    const [painted, arrived] = await page.evaluate(() => {
      const snapshot = performance.getEntriesByType('resource').find((entry) => entry.name.includes('state.snapshot'));
      const at = Number(document.documentElement.getAttribute('data-painted'));
      return [at, snapshot instanceof PerformanceResourceTiming ? snapshot.responseEnd : Number.NaN];
    });
    // The first one fills the caches.
    if (n === 0) continue;
    cold.push(painted ?? Number.NaN);
    warm.push((painted ?? Number.NaN) - (arrived ?? Number.NaN));
  }
  const shown: number[] = [];
  for (let n = 0; n < OPENINGS; n++) {
    await page.evaluate(HIDE, true);
    await page.evaluate(IDLE);
    shown.push(await page.evaluate(HIDE, false));
  }
  await browser.close();
  await host.stop();
  rmSync(dir, { recursive: true, force: true });
  const line = (values: number[]): string => {
    const sorted = values.toSorted((a, b) => a - b);
    return `p50 ${fixed(quantile(sorted, 0.5), 0)} ms, worst ${fixed(sorted.at(-1) ?? Number.NaN, 0)} ms`;
  };
  return [
    `page start → all painted        ${line(cold)}`,
    `snapshot → all painted          ${line(warm)}`,
    `shown again → painted           ${line(shown)}`,
  ];
}
