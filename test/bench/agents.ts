import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '../../src/core/db/open.ts';
import { TIERS } from '../../src/shared/tiers.ts';
import { createAgentsWorld } from '../fakes/agents.ts';
import { createFakeClock, START } from '../fakes/clock.ts';
import { fixed, latency } from './measure.ts';

const EVENTS = 1_000_000;
const AGENTS = 20;
const LOOKS = 2_000;
const SEEN = 2_000;

/** Score as of any past event of a million, and one observation from its commit to score, tier and anomalies. */
export async function agentsBench(): Promise<string[]> {
  const dir = mkdtempSync(join(tmpdir(), 'tenure-bench-'));
  const clock = createFakeClock();
  const db = openDatabase({ dir, now: START });
  const world = createAgentsWorld(db, clock);
  world.work({ score: 5 });
  const insert = db.prepare(
    `INSERT INTO agent_events (agent, seq, at, kind, before, after, tier, body) VALUES (?, ?, ?, 'completed', ?, ?, ?, '{"text":"On app: 5 of 5."}')`,
  );
  db.transaction(() => {
    for (let n = 0; n < EVENTS; n += 1)
      insert.run(`claude/m${n % AGENTS}`, 1_000 + n, START + n, n % 1_000, n % 1_000, TIERS[n % TIERS.length]);
  })();
  let at = 12_345;
  const asOf = await latency(LOOKS, () => {
    at = (at * 48_271) % 2_147_483_647;
    return world.agents.asOf(`claude/m${at % AGENTS}`, 1_000 + AGENTS + (at % (EVENTS - AGENTS)));
  });
  const read = await latency(LOOKS, () => world.agents.scoreOf('claude/opus'));
  const seen = await latency(SEEN, () => {
    clock.advance(600_000);
    world.work({ score: 5 });
  });
  db.close();
  rmSync(dir, { recursive: true });
  return [
    `score as of one of ${EVENTS} events   p50 ${fixed(asOf.p50, 3)} ms, p99 ${fixed(asOf.p99, 3)} ms (bar 50 ms)`,
    `score that the gate reads          p50 ${fixed(read.p50 * 1000)} µs, p99 ${fixed(read.p99 * 1000)} µs`,
    `one task from its start to its tier p50 ${fixed(seen.p50)} ms, p99 ${fixed(seen.p99)} ms`,
  ];
}
