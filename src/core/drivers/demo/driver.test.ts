import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { tempDir } from '../../../../test/builders.ts';
import { launchSpec, startGate, type TestGate, watch } from '../../../../test/fakes/gate.ts';
import { Config } from '../../../shared/config.ts';
import { createClock } from '../../adapters/clock.ts';
import { createAgentEnvironment } from '../../adapters/shell-env.ts';
import { createSpawner } from '../../adapters/spawner.ts';
import { createDemoDriver } from './driver.ts';
import { createSampleProject, type SampleProject } from './sample.ts';

const spawner = createSpawner();
const clock = createClock();
const environment = createAgentEnvironment({
  spawner,
  env: { PATH: process.env.PATH, HOME: tempDir('demo-home') },
  platform: process.platform,
  config: () => Config.parse({}).claude,
});
const demo = (paceMs = 0) => createDemoDriver({ spawner, clock, environment, paceMs });

let gate: TestGate;
let sample: SampleProject;
beforeEach(async () => {
  gate = await startGate();
  sample = await createSampleProject({ spawner, environment }, tempDir('demo'));
});
afterEach(() => gate.close());

const git = (...args: string[]): string => execFileSync('git', args, { cwd: sample.path, encoding: 'utf8' }).trim();
const verify = () =>
  spawner.run('sh', ['-c', sample.verifyCommand], { cwd: sample.path, env: envOf(), timeoutMs: 20_000 });
const envOf = () => ({ PATH: process.env.PATH ?? '' });
const commands = () => gate.calls.map((call) => (call.input as { command?: string }).command ?? call.tool);

describe('the sample project', () => {
  it('is a real repository whose verify command passes', async () => {
    expect(git('status', '--porcelain')).toBe('');
    expect(git('log', '--format=%s')).toBe('Give discounts\nCount what a cart costs');
    expect(git('rev-parse', 'origin/main')).toBe(git('rev-parse', 'HEAD'));
    expect(await verify()).toMatchObject({ ok: true });
  });
});

describe('the demo agent', () => {
  it('fixes, tests and commits for real, each call through the gate', async () => {
    const { run, of } = await watch(demo(), launchSpec(gate, sample.path, { prompt: 'Fix the total.' }));
    expect(await run.ended).toMatchObject({ kind: 'completed', deferred: null, stillAlive: [] });
    expect(commands()).toEqual([
      'git status --short',
      'Read',
      'Edit',
      'Edit',
      'node --test',
      expect.stringContaining('git commit'),
    ]);
    expect(git('log', '-1', '--format=%s')).toBe('Count a line without a count as one');
    expect(git('status', '--porcelain')).toBe('');
    expect(await verify()).toMatchObject({ ok: true });
    expect(of('started')).toHaveLength(1);
    expect(of('tool_result').every(({ ok }) => ok)).toBe(true);
    expect(of('activity').map(({ activity }) => activity)).toContain('Editing src/cart.js');
    expect(of('result').map(({ result }) => result.kind)).toEqual(['completed']);
    for (const { text } of of('line')) expect(JSON.parse(text)).toHaveProperty('type');
  });

  it('answers every further prompt, in order, before it is done with it', async () => {
    const waiting = [
      { id: 'm1', text: 'And the docs?' },
      { id: 'm2', text: 'Thanks.' },
    ];
    const spec = launchSpec(gate, sample.path, { prompt: 'Fix the total.' });
    const { run, of, events } = await watch(demo(), { ...spec, next: () => waiting.shift() ?? null });
    await run.ended;
    expect(of('message').map(({ id, state }) => `${id} ${state}`)).toEqual([
      'm1 taken',
      'm1 done',
      'm2 taken',
      'm2 done',
    ]);
    const told = events.findIndex((event) => event.type === 'line' && event.text.includes('And the docs?'));
    expect(told).toBeLessThan(events.findIndex((event) => event.type === 'message' && event.state === 'done'));
    expect(of('result')[0]?.result.text).toContain('“Thanks.”');
  });

  it('leaves the verify command failing when it is careless', async () => {
    const { run } = await watch(demo(), launchSpec(gate, sample.path, { prompt: 'Simplify the rounding.' }));
    expect(await run.ended).toMatchObject({ kind: 'completed' });
    expect(git('log', '-1', '--format=%s')).toBe('Round discounts down');
    expect(await verify()).toMatchObject({ ok: false, exitCode: 1 });
  });

  it('really pushes when it may, and goes on differently when it may not', async () => {
    gate.decide = ({ input }) => (JSON.stringify(input).includes('git push') ? 'deny' : 'allow');
    const spec = launchSpec(gate, sample.path, { prompt: 'Mend the discount and push it.' });
    const { run, of } = await watch(demo(), spec);
    expect(await run.ended).toMatchObject({ kind: 'completed' });
    expect(of('result')[0]?.result.text).toBe('Done, without what I may not do: Running git push origin HEAD.');
    expect(git('rev-list', '--count', 'origin/main..HEAD')).toBe('1');

    git('reset', '--hard', '--quiet', 'origin/main');
    gate.decide = () => 'allow';
    const again = await watch(demo(), launchSpec(gate, sample.path, { prompt: 'Mend the discount and push it.' }));
    await again.run.ended;
    git('fetch', '--quiet');
    expect(git('rev-list', '--count', 'origin/main..HEAD')).toBe('0');
  });

  it('ends the work where a refusal leaves nothing to do', async () => {
    gate.decide = ({ tool }) => (tool === 'Edit' ? { permission: 'deny', reason: 'not today' } : 'allow');
    const { run, of } = await watch(demo(), launchSpec(gate, sample.path, { prompt: 'Fix it.' }));
    expect(await run.ended).toMatchObject({ kind: 'completed' });
    expect(of('result')[0]?.result.text).toContain('not today');
    expect(git('status', '--porcelain')).toBe('');
  });

  it('finds nothing to do, and says so in the agreed form', async () => {
    const { run, of } = await watch(demo(), launchSpec(gate, sample.path, { prompt: 'Check the shop.' }));
    await run.ended;
    expect(of('result')[0]?.result.text).toMatch(/^NOTHING TO DO: /m);
    expect(git('rev-list', '--count', 'origin/main..HEAD')).toBe('0');
  });

  it('ends at a deferred call and asks for the same one when it goes on, in another engine too', async () => {
    gate.decide = ({ input }) => (JSON.stringify(input).includes('git commit') ? 'defer' : 'allow');
    const spec = launchSpec(gate, sample.path, { prompt: 'Fix the total.' });
    const first = await watch(demo(), spec);
    const ending = await first.run.ended;
    expect(ending).toMatchObject({ kind: 'deferred', deferred: { tool: 'Bash' } });
    expect(ending.deferred?.toolUseId).toBe(gate.calls.at(-1)?.toolUseId);
    expect(git('log', '-1', '--format=%s')).toBe('Give discounts');

    gate.calls.length = 0;
    gate.decide = () => 'allow';
    const second = await watch(demo(), { ...spec, resume: true, prompt: null });
    expect(await second.run.ended).toMatchObject({ kind: 'completed' });
    expect(gate.calls.map(({ toolUseId }) => toolUseId)).toEqual([ending.deferred?.toolUseId]);
    expect(git('log', '-1', '--format=%s')).toBe('Count a line without a count as one');
    expect(existsSync(join(sample.path, '.git/tenure-demo', `${spec.agentSessionId}.json`))).toBe(true);
  });

  it('plays its scripts in turn when the prompt names none', async () => {
    const driver = demo();
    const texts: (string | null | undefined)[] = [];
    for (let session = 0; session < 5; session += 1) {
      const { run, of } = await watch(driver, launchSpec(gate, sample.path, { prompt: sample.defaultPrompt }));
      await run.ended;
      texts.push(of('result')[0]?.result.text);
      git('reset', '--hard', '--quiet', 'main@{upstream}');
    }
    expect(new Set(texts).size).toBe(4);
    expect(texts[4]).toBe(texts[0]);
  });

  it('stops at once, while it thinks, while it is asked about and while a command runs', async () => {
    const thinking = await watch(demo(60_000), launchSpec(gate, sample.path));
    await thinking.run.stop('stopped');
    expect(await thinking.run.ended).toMatchObject({ kind: 'stopped', stillAlive: [] });
    expect(gate.calls).toEqual([]);

    gate.decide = () => null;
    const held = await watch(demo(), launchSpec(gate, sample.path));
    await expect.poll(() => gate.calls.length).toBe(1);
    await held.run.stop('timed_out');
    expect(await held.run.ended).toMatchObject({ kind: 'timed_out' });
    expect(held.of('tool_result')).toEqual([]);

    const slow =
      "import { test } from 'node:test';\ntest('slow', () => new Promise((go) => setTimeout(go, 60_000)));\n";
    writeFileSync(join(sample.path, 'test/slow.test.js'), slow);
    gate.decide = () => 'allow';
    const spec = launchSpec(gate, sample.path, { prompt: 'Check the shop.' });
    const tree = () => spawner.treeOf({ pid: 0, startedAt: null }, { name: 'TENURE_NONCE', value: spec.nonce });
    const busy = await watch(demo(), spec);
    await expect.poll(async () => (await tree()).length, { timeout: 10_000 }).toBeGreaterThan(1);
    const began = performance.now();
    await busy.run.stop('stopped');
    expect(performance.now() - began).toBeLessThan(2_000);
    expect(await tree()).toEqual([]);
  });

  it('works in no repository but the sample, and in no directory without git', async () => {
    const other = tempDir('other');
    execFileSync('git', ['init', '--quiet', other]);
    const { run, of } = await watch(demo(), launchSpec(gate, other, { prompt: 'Fix the total.' }));
    expect(await run.ended).toMatchObject({ kind: 'completed' });
    expect(of('result')[0]?.result.text).toContain('not the sample project');
    expect(commands()).toEqual(['git status --short', 'git log --oneline -5']);
    await expect(demo().launch(launchSpec(gate, tempDir('no-git')), () => undefined)).rejects.toThrow(/cannot work in/);
  });

  it('has no part in the sample’s text beyond what was edited', async () => {
    const { run } = await watch(demo(), launchSpec(gate, sample.path, { prompt: 'Fix the total.' }));
    await run.ended;
    expect(readFileSync(join(sample.path, 'src/cart.js'), 'utf8')).toContain('(item.count ?? 1)');
    expect(git('diff', '--stat', 'origin/main', 'HEAD')).toContain('2 files changed');
  });
});
