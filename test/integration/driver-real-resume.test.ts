import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { watch } from '../fakes/gate.ts';
import { bash, say, use } from '../fakes/messages-api.ts';
import { type ClaudeLab, COMMITTED, commitTurn, openLab, SEEN_WITH, spawner, told } from '../fakes/real-claude.ts';

/*
 * How the real CLI goes on with a conversation: after a deferred call, after a kill, after a stop.
 */
let lab: ClaudeLab;
beforeEach(async () => {
  lab = await openLab();
});
afterEach(() => lab.close());

describe('deferred calls', () => {
  it('end the run, are asked again under the same id on resume, and run when allowed', async () => {
    let callsInTurn: number | null = null;
    const first = await lab.start([commitTurn]);
    lab.gate.decide = ({ toolUseId }) => {
      callsInTurn = first.run.callsInTurnOf(toolUseId ?? '');
      return 'defer';
    };
    const ending = await first.run.ended;
    const [asked] = lab.gate.calls;
    expect(callsInTurn).toBe(1);
    expect(ending).toMatchObject({ kind: 'deferred', deferred: { toolUseId: asked?.toolUseId, tool: 'Bash' } });
    expect(lab.subject()).not.toBe(COMMITTED);

    let beforeInit: number | null = null;
    const { run, of, api, events } = await lab.resume(first, [say('Committed.')]);
    lab.gate.decide = ({ toolUseId }) => {
      beforeInit = run.callsInTurnOf(toolUseId ?? '');
      return 'allow';
    };
    expect(await run.ended).toMatchObject({ kind: 'completed' });
    expect(beforeInit).toBe(1);
    expect(lab.gate.calls[1]).toEqual(asked);
    expect(lab.subject()).toBe(COMMITTED);
    expect(of('started')[0]).toMatchObject({ version: SEEN_WITH });
    expect(api.requests[0]?.toolResults[0]).toMatchObject({ id: asked?.toolUseId, isError: false });
    expect(api.requests[0]?.lastUserText).toContain('Continue from where you left off.');
    // Its own totals go on over a resume.
    expect(of('result')[0]?.result).toMatchObject({ inputTokens: 200, outputTokens: 40 });
    // The call has run before the resumed process says `init`.
    const kinds = events.flatMap((e) =>
      e.type === 'line' ? [(JSON.parse(e.text) as { subtype?: string }).subtype] : [e.type],
    );
    expect(kinds.indexOf('tool_result')).toBeLessThan(kinds.indexOf('init'));
  });

  it('can be deferred again, and do not run when denied: the agent is told why', async () => {
    lab.gate.decide = () => 'defer';
    const first = await lab.start([commitTurn]);
    await first.run.ended;
    const second = await lab.resume(first, []);
    expect(await second.run.ended).toMatchObject({ kind: 'deferred', deferred: { tool: 'Bash' } });
    lab.gate.decide = () => ({ permission: 'deny', reason: 'Leave it.' });
    const { run, api } = await lab.resume(second, [say('Left.')]);
    expect(await run.ended).toMatchObject({ kind: 'completed' });
    expect(new Set(lab.gate.calls.map(({ toolUseId }) => toolUseId)).size).toBe(1);
    expect(told(api.requests[0])).toContain('Leave it.');
    expect(lab.subject()).not.toBe(COMMITTED);
  });

  it('come before a prompt that is given with the resume, whose turn follows', async () => {
    lab.gate.decide = () => 'defer';
    const first = await lab.start([commitTurn]);
    await first.run.ended;
    lab.gate.decide = () => 'allow';
    const { run, api, of } = await lab.resume(first, [say('Committed.'), say('And told.')], 'THE ANSWERS');
    expect(await run.ended).toMatchObject({ kind: 'completed' });
    expect(api.requests[0]?.lastUserText).not.toContain('THE ANSWERS');
    expect(api.requests[1]?.lastUserText).toContain('THE ANSWERS');
    expect(of('result').map(({ result }) => result.text)).toEqual(['Committed.', 'And told.']);
  });

  it('lose nothing when another call of the turn has run', async () => {
    lab.gate.decide = ({ input }) => (JSON.stringify(input).includes('one') ? 'defer' : 'allow');
    const first = await lab.start([use(['Bash', { command: 'touch one' }], ['Bash', { command: 'touch two' }])]);
    expect(await first.run.ended).toMatchObject({ kind: 'deferred' });
    lab.gate.decide = () => 'allow';
    const { run, api } = await lab.resume(first, [say('Both.')]);
    await run.ended;
    expect(lab.gate.calls).toHaveLength(3);
    expect(api.requests[0]?.toolResults.map(({ isError }) => isError)).toEqual([false, false]);
    expect(existsSync(join(lab.repository.path, 'one')) && existsSync(join(lab.repository.path, 'two'))).toBe(true);
  });

  it('lose all but the last when two of one turn are deferred: hence only at one call a turn', async () => {
    lab.gate.decide = () => 'defer';
    const first = await lab.start([use(['Bash', { command: 'touch one' }], ['Bash', { command: 'touch two' }])]);
    expect(await first.run.ended).toMatchObject({ deferred: { toolUseId: lab.gate.calls[1]?.toolUseId } });
    lab.gate.decide = () => 'allow';
    const { run } = await lab.resume(first, [say('One of them.')]);
    await run.ended;
    expect(lab.gate.calls).toHaveLength(3);
    expect([existsSync(join(lab.repository.path, 'one')), existsSync(join(lab.repository.path, 'two'))]).toEqual([
      false,
      true,
    ]);
  });
});

describe('cut off', () => {
  it('a call that was being held is not asked again: the agent hears that nobody knows its outcome', async () => {
    lab.gate.decide = () => null;
    const first = await lab.start([commitTurn]);
    await expect.poll(() => lab.gate.calls.length, { timeout: 10_000 }).toBe(1);
    await expect.poll(() => lab.recordOf(first.spec).includes(lab.gate.calls[0]?.toolUseId ?? '-')).toBe(true);
    const [spawned] = first.of('spawned');
    if (spawned?.identity) spawner.signalGroup(spawned.identity, 'SIGKILL');
    expect(await first.run.ended).toMatchObject({ kind: 'crashed', stillAlive: [] });

    lab.gate.decide = () => 'allow';
    const { run, api } = await lab.resume(first, [say('I see.')], 'Go on.');
    expect(await run.ended).toMatchObject({ kind: 'completed' });
    expect(lab.gate.calls).toHaveLength(1);
    expect(JSON.stringify(api.requests[0]?.messages)).toContain('its outcome is unknown');
    expect(lab.subject()).not.toBe(COMMITTED);
  });

  it('a resumed run with nothing to go on with is told to continue', async () => {
    const first = await lab.start([say('Done.')]);
    await first.run.ended;
    const spec = { ...first.spec, resume: true, prompt: null };
    const api = await lab.startApi([say('Still done.')]);
    const limits = { ...spec.limits, startupMs: 3_000 };
    const { run, of } = await watch(lab.driverFor(api), { ...spec, limits });
    expect(await run.ended).toMatchObject({ kind: 'completed' });
    expect(of('result')[0]?.result.text).toBe('Still done.');
  });

  it('stop takes the whole tree along in under two seconds, what has left the group too', async () => {
    const hide = `setsid sh -c 'echo $$ > daemon; exec sleep 300' > /dev/null 2>&1 & sleep 301`;
    const { run, spec } = await lab.start([bash(`sh -c "${hide}"`)]);
    const pidOf = () => Number(readFileSync(join(lab.repository.path, 'daemon'), 'utf8'));
    await expect
      .poll(() => existsSync(join(lab.repository.path, 'daemon')) && pidOf() > 0, { timeout: 10_000 })
      .toBe(true);
    const daemon = spawner.identify(pidOf());
    const began = performance.now();
    await run.stop('stopped');
    expect(performance.now() - began).toBeLessThan(10_000);
    expect(await run.ended).toMatchObject({ kind: 'stopped', stillAlive: [] });
    expect(daemon && spawner.probe(daemon)).toBe('dead');
    expect(await spawner.treeOf({ pid: 0, startedAt: null }, { name: 'TENURE_NONCE', value: spec.nonce })).toEqual([]);
  });
});
