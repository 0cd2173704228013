import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterEach, describe, expect, test } from 'vitest';
import { bash, say } from '../fakes/messages-api.ts';
import { type Rig, type RigOptions, startRig, until } from '../rig.ts';

let rig: Rig;
afterEach(() => rig.stop());

async function start(options: RigOptions) {
  rig = await startRig(options);
  const made = await rig.addProject({ name: 'shop', verifyCommand: 'test -f done.txt' });
  const launch = async (prompt: string, limits: object = {}) =>
    rig.ended((await rig.call('sessions.launch', { projectId: made.project.id, prompt, ...limits })).id);
  /** One good task, which under these rules is enough for the tier in which an agent is given tasks. */
  const earn = async () => {
    const { project } = await rig.addProject({ name: 'practice' });
    const { id } = await rig.call('sessions.launch', { projectId: project.id, prompt: 'PRACTISE' });
    await rig.ended(id);
    await rig.call('evaluations.rate', { sessionId: id, rating: 5 });
  };
  return { ...made, launch, earn };
}

const SOON = {
  base: 199,
  hysteresis: 0,
  points: { reviewed_well: { points: 100, days: 30 } },
  tiers: { PROBATIONARY: { from: 200, rate: 0, tasks: 0, days: 0 } },
};
const nothingDone = { script: () => bash('true') && say('I did nothing.'), config: { trust: { score: SOON } } };

describe('the next session on a project', () => {
  test('is told what was measured of the one before, unless that is switched off', async () => {
    const { project, launch } = await start({});
    const first = await launch('FIRST');
    expect(JSON.stringify(rig.api.requests[0]?.messages)).not.toContain('measured-before');
    await launch('SECOND');
    const told = JSON.stringify(rig.api.requests.at(-1)?.messages);
    expect(told).toContain('<measured-before>');
    expect(told).toContain(`Score: ${first.evaluation?.score} of 5`);
    for (const sentence of first.evaluation?.failures ?? []) expect(told).toContain(sentence.slice(0, 40));
    await rig.call('followOn.set', { projectId: project.id, brief: false });
    await launch('THIRD');
    expect(JSON.stringify(rig.api.requests.at(-1)?.messages)).not.toContain('measured-before');
  });

  test('is told what the person notes for every session, once, until the notes are taken back', async () => {
    const { project, launch } = await start({ script: () => say('Done.') });
    const notes = 'Never touch the price list.\nAsk before you add a dependency.';
    expect(await rig.call('followOn.set', { projectId: project.id, notes: `  ${notes}\n` })).toMatchObject({ notes });
    const { id } = await launch('FIRST');
    const told = () =>
      JSON.stringify(rig.api.requests.at(-1)?.messages).split('Never touch the price list.').length - 1;
    expect(told()).toBe(1);
    await rig.ended((await rig.call('sessions.resume', { id, prompt: 'MORE' })).id);
    expect(told()).toBe(1);
    expect(await rig.call('followOn.set', { projectId: project.id, notes: '' })).toMatchObject({ notes: null });
    await launch('SECOND');
    expect(told()).toBe(0);
  });

  test('starts by a recommendation where the project says so: as often as may be, then a person is asked', async () => {
    const { project, launch, earn } = await start(nothingDone);
    await rig.raiseTo('moderate');
    await earn();
    // A third poor score in a row would lower the level, and nothing starts by itself below Moderate.
    const settings = await rig.call('followOn.set', { projectId: project.id, start: true, most: 1 });
    expect(settings).toEqual({ projectId: project.id, notes: null, brief: true, start: true, most: 1 });
    const mcpServers = { small: { command: 'node', args: ['--version'] } };
    const given = { ceiling: 'moderate', budgetUsd: 3, timeBoxMs: 600_000, mcp: { mcpServers } };
    const first = await launch('FIRST', given);
    const recommended = first.evaluation?.recommendation;
    expect(['retry', 'continue']).toContain(recommended);
    const all = await until('two sessions have ended', async () => {
      const sessions = await rig.call('sessions.list', { projectId: project.id, state: 'ended' });
      return sessions.length === 2 && sessions.toReversed();
    });
    expect(all.map(({ lineage }) => lineage)).toEqual([null, { from: all[0]?.id, kind: recommended, nth: 1 }]);
    // What a person gave the first holds for the one that began by itself.
    const db = new Sqlite(join(rig.dataDir, 'tenure.db'), { readonly: true });
    const limits = db.prepare(
      'SELECT s.ceiling, s.budget_usd, s.time_box_ms, m.config FROM sessions s LEFT JOIN session_mcp m ON m.session_id = s.id WHERE s.project_id = ?',
    );
    const each = { ceiling: 'moderate', budget_usd: 3, time_box_ms: 600_000, config: JSON.stringify({ mcpServers }) };
    expect(limits.all(project.id)).toEqual([each, each]);
    db.close();
    const last = await until('it was decided', () => rig.call('followOn.next', { id: all[1]?.id ?? '' }));
    expect(last).toMatchObject({ sessionId: null, asks: true });
    expect(last.reason).toContain('started by a recommendation in a row');
    expect(await rig.call('followOn.next', { id: first.id })).toMatchObject({ sessionId: all[1]?.id, asks: false });
    await rig.restart();
    expect(await rig.call('sessions.list', { projectId: project.id })).toHaveLength(2);
  });

  test('ends with the level: three poor scores in a row lower it', async () => {
    const { project, launch, earn } = await start(nothingDone);
    await rig.raiseTo('moderate');
    await earn();
    await rig.call('followOn.set', { projectId: project.id, start: true, most: 9 });
    await launch('FIRST');
    const third = await until('three sessions have ended', async () => {
      const sessions = await rig.call('sessions.list', { projectId: project.id, state: 'ended' });
      return sessions.length === 3 && sessions[0];
    });
    const last = await until('it was decided', () => rig.call('followOn.next', { id: third.id }));
    expect(last).toMatchObject({ sessionId: null });
    expect(last.reason).toContain('from Moderate on');
    expect(await rig.call('trust.get', {})).toMatchObject({ level: 'cautious' });
  });

  test('does not start by itself unless the project says so, nor below Moderate', async () => {
    const { project, launch } = await start({});
    const first = await launch('FIRST');
    expect(await rig.call('followOn.next', { id: first.id })).toBeNull();
    await rig.call('followOn.set', { projectId: project.id, start: true });
    const second = await launch('SECOND');
    const next = await until('it was decided', () => rig.call('followOn.next', { id: second.id }));
    expect(next).toMatchObject({ sessionId: null, asks: false });
    expect(next.reason).toContain('from Moderate on');
    expect(await rig.call('sessions.list', {})).toHaveLength(2);
  });

  test('is given to no agent whose tier takes no task: a person is asked, and may launch it', async () => {
    const { project, launch } = await start({ script: nothingDone.script });
    await rig.raiseTo('moderate');
    await rig.call('followOn.set', { projectId: project.id, start: true });
    const { id } = await launch('FIRST');
    const next = await until('it was decided', () => rig.call('followOn.next', { id }));
    expect(next).toMatchObject({ sessionId: null, asks: true });
    expect(next.reason).toBe('Untrusted agents are given no tasks; only a person may launch one.');
    await launch('SECOND');
    expect(await rig.call('sessions.list', {})).toHaveLength(2);
  });

  test('asks for a look until a person has rated it, and again when that is taken back', async () => {
    const { project, launch, earn } = await start(nothingDone);
    await rig.raiseTo('moderate');
    await earn();
    await rig.call('followOn.set', { projectId: project.id, start: true, most: 1 });
    await launch('FIRST');
    const { id } = await until('the second has ended', async () => {
      const sessions = await rig.call('sessions.list', { projectId: project.id, state: 'ended' });
      return sessions.length === 2 && sessions[0];
    });
    const look = (asks: boolean) =>
      until(asks ? 'it asks' : 'it asks no more', async () => {
        const { notices } = await rig.call('state.snapshot', {});
        return notices.some((text) => text.startsWith('The last session on shop waits for your look.')) === asks;
      });
    await look(true);
    await rig.call('evaluations.rate', { sessionId: id, rating: 4 });
    await look(false);
    await rig.call('evaluations.rate', { sessionId: id, rating: null });
    await look(true);
  }, 60_000);
});
