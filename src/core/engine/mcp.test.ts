import { expect, test } from 'vitest';
import type { GateCall } from '../drivers/driver.ts';
import type { Mcp } from '../mcp/service.ts';
import { admitting } from './mcp.ts';

const CALL: GateCall = { toolUseId: 'toolu_1', tool: 'mcp__small__echo', input: {}, cwd: '/', agentId: null };

/** Two calls are judged in the same moment, while a server is being tried: both are allowed, one is admitted. */
test('a call that the gate allows and its server cannot take is called off, which is no failure of it', async () => {
  const calledOff: string[] = [];
  const ask = admitting(
    {
      ask: () => Promise.resolve({ permission: 'allow', reason: 'Allowed.' }),
      calledOff: (_session, toolUseId) => calledOff.push(toolUseId),
    },
    { admit: () => false, refusal: () => null } as unknown as Mcp,
    () => ({ projectId: 'prj' }),
  );
  expect(await ask('ses_1', CALL, null)).toEqual({
    permission: 'deny',
    reason: 'The MCP server is being tried by another call; ask again.',
  });
  expect(calledOff).toEqual(['toolu_1']);
});
