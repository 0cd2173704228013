import { afterEach, expect, test } from 'vitest';
import { type Rig, startRig } from '../rig.ts';

let rig: Rig;
afterEach(() => rig.stop());

test('the real CLI says whether it is logged in, without asking anybody', async () => {
  rig = await startRig();
  const [login] = await rig.call('system.doctor', { only: ['Login'] });
  expect(login).toMatchObject({ name: 'Login', state: 'ok', detail: expect.stringContaining('is logged in') });
  expect(rig.api.requests).toEqual([]);
});

test('without a key and without an account it is a finding with the command that mends it', async () => {
  rig = await startRig({ config: { claude: { env: {}, passEnv: [] } } });
  const [login] = await rig.call('system.doctor', { only: ['Login'] });
  expect(login).toMatchObject({ state: 'failing', command: 'claude auth login', lastOkAt: null });
});
