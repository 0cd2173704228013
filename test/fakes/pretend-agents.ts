import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '../../src/core/db/open.ts';
import type { Snapshot } from '../../src/shared/contract/system.ts';
import { type AgentsWorld, createAgentsWorld } from './agents.ts';
import { createFakeClock } from './clock.ts';
import type { Answers, World } from './pretend-answers.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const DAYS = 24;
const HOSTILE = [{ code: 'touches_tenure', text: 'Writes the settings of Tenure.' }];
const EASED = [{ code: 'tests_removed', text: 'It cut the tests: 3 tests fewer than before.', paths: [], cap: 3 }];

/** Real agents of pretend sessions: how many tasks a day, and how many of ten succeed. */
const LIVES: readonly (readonly [model: string, perDay: number, good: number])[] = [
  ['claude-opus-5-5', 7, 10],
  ['claude-sonnet-5', 5, 9],
  ['claude-haiku-5', 3, 8],
  ['claude-opus-5', 2, 5],
];

function live(world: AgentsWorld, lives: typeof LIVES): void {
  for (let hour = 0; hour < DAYS * 24; hour += 1) {
    for (const [model, perDay, good] of lives) {
      if ((hour * perDay) % 24 >= perDay) continue;
      world.work({ score: ((hour * 7) % 10) + 1 > good ? 2 : 5, lines: 30 + (hour % 90) }, model);
    }
    world.clock.advance(HOUR);
    if (hour % 24 === 0) world.agents.tick();
  }
}

const made = new Map<string, AgentsWorld>();

/** The record behind a state of the screens, made once. */
function recordOf(state: Snapshot): AgentsWorld {
  const size = state.projects.length === 0 ? 'none' : state.sessions.length > 60 ? 'hundreds' : 'some';
  const known = made.get(size);
  if (known) return known;
  const db = openDatabase({ dir: mkdtempSync(join(tmpdir(), 'tenure-pretend-')), now: Date.now() });
  const world = createAgentsWorld(db, createFakeClock(Date.now() - DAYS * DAY));
  made.set(size, world);
  if (size === 'none') return world;
  live(world, size === 'some' ? LIVES : LIVES.slice(0, 2));
  if (size === 'hundreds') for (let n = 0; n < 240; n += 1) world.work({ score: 5 - (n % 4) }, `model-${n}`);
  world.decided({ agent: 'claude/claude-opus-5', reasons: HOSTILE });
  world.work({ score: 4, flags: EASED }, 'claude-sonnet-5');
  return world;
}

const recorded = (world: World): AgentsWorld['agents'] => recordOf(world.state()).agents;
const told = (world: World, agents: AgentsWorld['agents']): void =>
  world.tell({ type: 'agents.configured', body: { by: 'you', open: agents.open() } });

/** What the pretend engine answers about agents: the real record of a pretend past. */
export const AGENT_ANSWERS: Answers = {
  'agents.list': (world) => recorded(world).list(),
  'agents.get': (world, { id }) => recorded(world).get(id),
  'agents.anomalies': (world, { all, limit }) => recorded(world).anomalies(all ?? false, limit ?? 100),
  'agents.settings': (world) => recorded(world).settings(),
  'agents.preview': (world, { settings }) => recorded(world).preview(settings),
  'agents.configure': (world, { settings }) => {
    const agents = recorded(world);
    const now = agents.configure(settings, 'you');
    told(world, agents);
    return now;
  },
  'agents.acknowledge': (world, { id, note }) => {
    const agents = recorded(world);
    const anomaly = agents.acknowledge({ id, note: note ?? null, by: 'you' });
    told(world, agents);
    return anomaly;
  },
};
