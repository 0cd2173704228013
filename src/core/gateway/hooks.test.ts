import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { insertSession } from '../../../test/builders.ts';
import { bearer, type GatewayRig, gatewayRig, OWNER } from '../../../test/gateway-rig.ts';

let rig: GatewayRig;
beforeEach(async () => {
  rig = await gatewayRig();
});
afterEach(() => rig.close());

describe('the gate at the door', () => {
  const hook = (token: string | null, body: unknown) =>
    fetch(`${rig.base}/hooks/claude/pre-tool-use`, {
      method: 'POST',
      headers: token === null ? {} : bearer(token),
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  const good = {
    tool_name: 'Bash',
    tool_input: { command: 'ls' },
    cwd: '/x',
    tool_use_id: 'toolu_1',
    session_id: 'whatever',
  };
  const decision = async (response: Response): Promise<string> =>
    ((await response.json()) as { hookSpecificOutput: { permissionDecision: string } }).hookSpecificOutput
      .permissionDecision;

  test('a known session asks, as itself, whatever it claims', async () => {
    const id = insertSession(rig.store.db);
    const response = await hook(rig.auth.mintSessionToken(id, 1_000), good);
    expect(await decision(response)).toBe('allow');
    expect(rig.asked).toEqual([
      {
        sessionId: id,
        call: { tool: 'Bash', input: { command: 'ls' }, cwd: '/x', toolUseId: 'toolu_1', agentId: null },
      },
    ]);
  });

  test.each([
    ['no token', () => null],
    ['an unknown token', () => 'tnr_session_x'],
    ['the owner token', () => OWNER],
    ['the read token', () => rig.auth.readToken],
    [
      'a revoked token',
      () => {
        const id = insertSession(rig.store.db);
        const token = rig.auth.mintSessionToken(id, 1_000);
        rig.auth.revokeSessionToken(id);
        return token;
      },
    ],
  ])('%s: 401 and a deny, and the gate is not asked', async (_name, token) => {
    const response = await hook(token(), good);
    expect(response.status).toBe(401);
    expect(await decision(response)).toBe('deny');
    expect(rig.asked).toEqual([]);
  });

  test.each([
    ['not json', 'x{'],
    ['null', 'null'],
    ['no tool', { ...good, tool_name: '' }],
    ['no cwd', { ...good, cwd: 7 }],
    ['a list', [good]],
  ])('malformed (%s): a deny', async (_name, body) => {
    const response = await hook(rig.auth.mintSessionToken(insertSession(rig.store.db), 1_000), body);
    expect(response.status).toBe(400);
    expect(await decision(response)).toBe('deny');
    expect(rig.asked).toEqual([]);
  });
});
