import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { z } from 'zod';
import type { GateAnswer, GateCall } from '../drivers/driver.ts';
import type { Auth } from './auth.ts';
import { bearerOf, type GatewayEnv } from './guard.ts';

/** What Claude Code posts before a tool call; unknown keys are let through. */
const PreToolUse = z.looseObject({
  tool_name: z.string().min(1).max(300),
  tool_input: z.unknown(),
  cwd: z.string().max(4_096),
  tool_use_id: z.string().max(300).nullish(),
  agent_id: z.string().max(300).nullish(),
});

const MOST_BYTES = 32 * 1024 * 1024;

/** The agent's side of the conversation: a body that denies even where the status is not looked at. */
const reply = (permission: GateAnswer['permission'], reason: string, updatedInput?: Record<string, unknown>) => ({
  hookSpecificOutput: {
    hookEventName: 'PreToolUse',
    permissionDecision: permission,
    permissionDecisionReason: reason,
    ...(updatedInput && { updatedInput }),
  },
});

export type AskGate = (sessionId: string, call: GateCall, signal: AbortSignal) => Promise<GateAnswer>;

/** The gate's door. Everything that is not an explicit answer of the gate is a deny. */
export function hookRoutes(auth: Auth, ask: AskGate): Hono<GatewayEnv> {
  const app = new Hono<GatewayEnv>();
  const limit = bodyLimit({
    maxSize: MOST_BYTES,
    onError: (c) => c.json(reply('deny', `The gate reads at most ${MOST_BYTES} bytes of a tool call.`), 413),
  });
  app.post('/hooks/claude/pre-tool-use', limit, async (c) => {
    const token = bearerOf(c);
    const principal = token === null ? null : auth.byBearer(token);
    if (principal?.kind !== 'session') {
      const why = 'The gate does not know this session: its token is missing, unknown or expired. Nothing may run.';
      return c.json(reply('deny', why), 401);
    }
    const parsed = PreToolUse.safeParse(await c.req.json().catch(() => null));
    if (!parsed.success) {
      const what = parsed.error.issues.map((i) => `${i.path.join('.') || 'body'}: ${i.message}`).join('; ');
      return c.json(reply('deny', `The gate could not read this tool call (${what}), so it may not run.`), 400);
    }
    const { tool_name: tool, tool_input: input, cwd, tool_use_id: toolUseId, agent_id: agentId } = parsed.data;
    const call: GateCall = { tool, input, cwd, toolUseId: toolUseId ?? null, agentId: agentId ?? null };
    const answer = await ask(principal.sessionId, call, c.req.raw.signal);
    return c.json(reply(answer.permission, answer.reason, answer.updatedInput));
  });
  return app;
}
