import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type {
  AgentDriver,
  AgentEvent,
  AgentLimits,
  AgentRun,
  GateAnswer,
  GateCall,
  LaunchSpec,
} from '../../src/core/drivers/driver.ts';
import { NONCE_VARIABLE, type Spawner } from '../../src/core/kernel/ports.ts';

/** What a test's gate says to a call; a number is an HTTP status, null no answer at all. */
export type Answer = GateAnswer['permission'] | GateAnswer | number | null;
export type Decide = (call: GateCall, nth: number) => Answer | Promise<Answer>;

export interface TestGate {
  url: string;
  token: string;
  /** Every call that was asked about, in order. */
  calls: GateCall[];
  /** `Authorization` headers as they came. */
  authorizations: (string | undefined)[];
  decide: Decide;
  /** The same question in process. */
  ask(call: GateCall): Promise<GateAnswer>;
  close(): Promise<void>;
}

const asAnswer = (answer: Exclude<Answer, number | null>): GateAnswer =>
  typeof answer === 'string' ? { permission: answer, reason: `the test says ${answer}` } : answer;

/** A small real hook server, as the gateway has one: what the hook posts, and its three answers. */
export async function startGate(decide: Decide = () => 'allow'): Promise<TestGate> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      gate.authorizations.push(request.headers.authorization);
      const body = JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>;
      const call: GateCall = {
        tool: String(body.tool_name),
        input: body.tool_input,
        cwd: String(body.cwd),
        toolUseId: typeof body.tool_use_id === 'string' ? body.tool_use_id : null,
        agentId: typeof body.agent_id === 'string' ? body.agent_id : null,
      };
      void Promise.resolve(gate.decide(call, gate.calls.push(call))).then((answer) => {
        if (answer === null || response.destroyed) return;
        if (typeof answer === 'number') {
          response.writeHead(answer).end('no');
          return;
        }
        const { permission, reason } = asAnswer(answer);
        const hookSpecificOutput = {
          hookEventName: 'PreToolUse',
          permissionDecision: permission,
          permissionDecisionReason: reason,
        };
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end(JSON.stringify({ hookSpecificOutput }));
      });
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const gate: TestGate = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    token: `token-${randomUUID()}`,
    calls: [],
    authorizations: [],
    decide,
    async ask(call) {
      const answer = await gate.decide(call, gate.calls.push(call));
      if (answer === null || typeof answer === 'number') return new Promise(() => undefined);
      return asAnswer(answer);
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return gate;
}

export const LIMITS: AgentLimits = {
  startupMs: 20_000,
  stallMs: 20_000,
  toolStallMs: 20_000,
  stallWarnMs: 20_000,
  toolStallWarnMs: 20_000,
  stallEnds: true,
  graceMs: 5_000,
  killMs: 5_000,
};

/** A launch of a test; what is not given is as usual. */
export function launchSpec(
  gate: TestGate,
  cwd: string,
  given: Partial<LaunchSpec> & { timeoutSeconds?: number } = {},
): LaunchSpec {
  const { timeoutSeconds = 30, ...rest } = given;
  return {
    sessionId: 'ses_test',
    agentSessionId: randomUUID(),
    resume: false,
    prompt: rest.resume ? null : 'Do it.',
    cwd,
    model: null,
    gate: { url: gate.url, token: gate.token, timeoutSeconds, ask: gate.ask },
    nonce: randomUUID(),
    limits: LIMITS,
    ...rest,
  };
}

/** Kills what a failed test has left behind of its runs. */
export async function reap(spawner: Spawner, nonces: readonly string[]): Promise<void> {
  for (const value of nonces) {
    const left = await spawner.treeOf({ pid: 0, startedAt: null }, { name: NONCE_VARIABLE, value });
    for (const one of left) spawner.signalOne(one, 'SIGKILL');
  }
}

/** A run and all that it has told. */
export interface Watched {
  run: AgentRun;
  events: AgentEvent[];
  of<T extends AgentEvent['type']>(type: T): Extract<AgentEvent, { type: T }>[];
}

export async function watch(driver: AgentDriver, spec: LaunchSpec): Promise<Watched> {
  const events: AgentEvent[] = [];
  const run = await driver.launch(spec, (event) => events.push(event));
  return {
    run,
    events,
    of: (type) => events.filter((event): event is Extract<AgentEvent, { type: typeof type }> => event.type === type),
  };
}
