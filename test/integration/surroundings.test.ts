import { afterEach, expect, test } from 'vitest';
import { ServiceSettings } from '../../src/shared/contract/services.ts';
import { type HttpTarget, startHttpTarget } from '../fakes/services/http-target.ts';
import { type Rig, type RigOptions, startRig, until } from '../rig.ts';

let rig: Rig;
let web: HttpTarget;
afterEach(async () => {
  await rig.stop();
  await web.close();
});

/** What the agent was told first, by the real CLI to the model. */
async function told(options: RigOptions): Promise<string> {
  rig = await startRig(options);
  web = await startHttpTarget();
  const { project } = await rig.addProject({ name: 'shop' });
  const settings = { name: 'Shop front', project: 'shop', target: { kind: 'http', url: web.url } };
  await rig.call('services.add', ServiceSettings.parse(settings));
  await until('it is up', async () => (await rig.call('services.list', {}))[0]?.state === 'up');
  const { id } = await rig.call('sessions.launch', { projectId: project.id, prompt: 'GO' });
  await rig.ended(id);
  return JSON.stringify(rig.api.requests[0]?.messages);
}

test('a new session is told how the machine and the services of its project are (S1-34)', async () => {
  const first = await told({});
  expect(first).toMatch(/System: CPU (\d+ %|unknown), .+ free, disk \d+ %/);
  expect(first).toContain('Services: Shop front: up');
});

test('and nothing of it where that is switched off', async () => {
  const first = await told({ config: { sessions: { context: { machine: false, services: false, revenue: false } } } });
  expect(first).toContain('GO');
  expect(first).not.toMatch(/System: CPU|Shop front/);
});
