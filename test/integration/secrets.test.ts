import { globSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { SessionDetail } from '../../src/shared/contract/sessions.ts';
import { tempDir, testRepository } from '../builders.ts';
import { call, FAKE, INIT, type Step } from '../fakes/scripted-claude.ts';
import { OWNER_TOKEN, type Rig, startRig, until } from '../rig.ts';

let rig: Rig;
const listening = new AbortController();
afterEach(async () => {
  listening.abort();
  await rig.stop();
});

/** One for each way in, so that a leak says which it was. */
const canary = (way: string): string => `Canary${way}9x7Q2`;
/** Stands where the one-line summary and the activity are cut, so that only its beginning is in them. */
const CUT = `sk-ant-${canary('Cut')}${'k'.repeat(60)}`;

const command = (id: string, text: string): Step => call(text, { id });
const STEPS: Step[] = [
  INIT,
  command('toolu_1', `DB_PASSWORD=${canary('Command')} true`),
  command('toolu_2', `true ${'x'.repeat(74)} ${CUT} ${'y'.repeat(62)} ${CUT}`),
  command('toolu_3', 'cat notes.txt'),
  command('toolu_4', `curl -H "Authorization: Bearer ${canary('Denied')}" https://example.invalid`),
  { line: { type: 'assistant', message: { content: [{ type: 'text', text: `The password is ${canary('Said')}.` }] } } },
  { raw: `no JSON, API_KEY=${canary('Raw')}\n` },
];
const GOOD: Step[] = [
  ...STEPS,
  { result: { result: `Done; the login is https://me:${canary('Result')}@example.com` } },
];
const BAD: Step[] = [
  INIT,
  { stderr: `fatal: AWS_SECRET_ACCESS_KEY=${canary('Stderr')}\n` },
  { result: { is_error: true, subtype: 'error_during_execution', result: `failed: token=${canary('Error')}` } },
  { exit: 1 },
];
/** Its last activity is the one that is kept. */
const CRASH: Step[] = [
  INIT,
  command('toolu_5', `true ${'x'.repeat(74)} ${CUT}`),
  { stderr: `fatal: client_secret: ${canary('Crash')}\n` },
  { exit: 3 },
];

/** Starts to listen to everything from the first event on; returns what has been heard so far. */
async function listen(): Promise<() => string> {
  const headers = { authorization: `Bearer ${OWNER_TOKEN}`, 'last-event-id': '0' };
  const { body, status } = await fetch(`${rig.host.url}/events`, { headers, signal: listening.signal });
  expect(status).toBe(200);
  let heard = '';
  const decoder = new TextDecoder();
  const read = async (): Promise<void> => {
    for await (const chunk of body ?? []) heard += decoder.decode(chunk, { stream: true });
  };
  void read().catch(() => undefined);
  return () => heard;
}

/** Every file that Tenure has written, but for the work trees, which are the agent's. */
const written = (): [string, string][] =>
  globSync('**/*', { cwd: rig.tenureHome })
    .filter((file) => !file.includes('worktrees') && statSync(join(rig.tenureHome, file)).isFile())
    .map((file) => [file, readFileSync(join(rig.tenureHome, file), 'latin1')]);

test('a credential in a command, a result, an error or a text lands nowhere', async () => {
  const scenario = join(tempDir('scenario'), 'scenario.json');
  rig = await startRig({
    command: FAKE,
    agentEnv: { FAKE_CLAUDE: scenario },
    config: { log: { level: 'debug' } },
  });
  const heard = await listen();
  const repository = testRepository();
  repository.commit({ 'notes.txt': `GITHUB_TOKEN=${canary('Output')}\n` });
  const { project } = await rig.addProject({ verifyCommand: 'cat notes.txt; true' }, repository);
  await rig.raiseTo('moderate');

  const sessions: SessionDetail[] = [];
  for (const steps of [GOOD, BAD, CRASH]) {
    writeFileSync(scenario, JSON.stringify({ version: '2.1.328', steps }));
    const { id } = await rig.call('sessions.launch', { projectId: project.id, prompt: 'Go.' });
    const over = await until(
      'every question is answered and the session has ended, or is held after its crash',
      async () => {
        for (const asked of await rig.call('decisions.list', {})) {
          if (asked.action.detail.includes('curl')) await rig.call('decisions.deny', { id: asked.id });
          else await rig.call('decisions.approve', { id: asked.id, confirm: true });
        }
        const session = await rig.call('sessions.get', { id });
        return (session.state === 'ended' || session.held !== null) && session;
      },
    );
    if (over.state !== 'ended') await rig.call('sessions.stop', { id });
    sessions.push(over);
  }
  const [good, bad, crash] = sessions;

  // All of it really came through.
  expect(good?.decisions.map((decision) => decision.action.detail)).toEqual([
    'DB_PASSWORD=[redacted] true',
    expect.stringMatching(/^true x+ \[redacted\] y+ \[redacted\]$/),
    'cat notes.txt',
    'curl -H "Authorization: Bearer [redacted]" https://example.invalid',
  ]);
  expect(good?.decisions.map(({ reasons }) => reasons.some(({ code }) => code === 'redacted'))).toEqual([
    true,
    true,
    false,
    true,
  ]);
  expect(good).toMatchObject({
    outcome: 'completed',
    resultText: 'Done; the login is https://me:[redacted]@example.com',
  });
  expect(good?.evidence?.verify?.tail).toContain('GITHUB_TOKEN=[redacted]');
  for (const held of [bad, crash]) expect(JSON.stringify(held?.held ?? held?.problem)).toContain('[redacted]');
  expect(crash?.activity).toMatch(/^Running true x+ \[redacted\]$/);
  const { entries } = await rig.call('sessions.transcript', { id: good?.id ?? '', from: 0 });
  const said = JSON.stringify(entries);
  expect(said).toContain('GITHUB_TOKEN=[redacted]');
  expect(said).toContain('The password is [redacted]');
  expect(said).toContain('API_KEY=[redacted]');

  const end = sessions.map(({ id }) => id);
  await until(
    'the stream has told of the last end',
    () => heard().includes(`"session.ended"`) && heard().includes(end[2] ?? ''),
  );
  await rig.host.stop();
  const told = [
    ...written(),
    ['the event stream', heard()],
    ['the answers', JSON.stringify([sessions, entries])],
  ] as const;
  expect(told.map(([where]) => where)).toEqual(
    expect.arrayContaining([expect.stringMatching(/\.log$/), expect.stringMatching(/\.jsonl$/)]),
  );
  // The configuration of the rig names a key of its own.
  const leaks = told.flatMap(([where, text]) =>
    [...text.matchAll(/Canary\w{0,20}|sk-ant-(?!test").{0,10}/g)].map(([leak]) => `${leak} in ${where}`),
  );
  expect(leaks).toEqual([]);
});
