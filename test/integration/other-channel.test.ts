import { afterEach, expect, it } from 'vitest';
import { startHttpServer } from '../fakes/http-server.ts';
import { bash, say } from '../fakes/messages-api.ts';
import { type Rig, startRig, until } from '../rig.ts';

let rig: Rig | undefined;
let server: Awaited<ReturnType<typeof startHttpServer>>;
afterEach(async () => {
  await rig?.stop();
  await server.close();
});

it('a question that nobody answers is asked at the further channel once it has climbed there, and not before', async () => {
  const told: { id: string; body: string; escalations: Promise<number> }[] = [];
  server = await startHttpServer((request, response) => {
    let text = '';
    request.on('data', (chunk) => (text += chunk));
    request.on('end', () => {
      const { id, body } = JSON.parse(text) as { id: string; body: string };
      const standing = rig?.call('decisions.get', { id }).then(({ escalations }) => escalations);
      told.push({ id, body, escalations: standing ?? Promise.resolve(0) });
      response.end('{}');
    });
  });
  rig = await startRig({
    script: [bash('git push origin main'), say('Done.')],
    config: {
      notifications: { other: { url: `${server.url}/hook`, form: 'json', token: null } },
      // One rung below the last: a single time out of patience leads there; then there is time to answer.
      decisions: { timeouts: { highMs: 5_000 }, paths: { high: { begins: 'repeated' } } },
    },
  });
  const { project } = await rig.addProject();
  await rig.raiseTo('cautious');
  const { id } = await rig.call('sessions.launch', { projectId: project.id, prompt: 'Push.' });
  const asked = await rig.pending();
  expect(asked).toMatchObject({ urgency: 'high', escalations: 0 });

  await until('it is asked elsewhere', () => told.length > 0);
  await rig.call('decisions.deny', { id: asked.id });
  await rig.ended(id);
  expect(told).toHaveLength(1);
  expect(told[0]).toMatchObject({ id: asked.id, body: expect.stringContaining('git push origin main') });
  expect(await told[0]?.escalations).toBe(1);
}, 60_000);
