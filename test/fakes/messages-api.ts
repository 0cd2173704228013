import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * A stand-in for the Messages API on loopback: enough of it for the real `claude` CLI to run whole
 * sessions without an account. No dependencies, so that benches can use it too.
 */

export type Block =
  | { type: 'text'; text: string }
  | { type: 'tool_use'; name: string; input: Record<string, unknown>; id?: string };

export interface TurnUsage {
  input_tokens: number;
  output_tokens: number;
  cache_creation_input_tokens: number;
  cache_read_input_tokens: number;
}

/** One answer of the model, or of the server in its place. */
export type Turn =
  | {
      blocks: Block[];
      stopReason?: string;
      waitMs?: number;
      betweenMs?: number;
      headers?: Record<string, string>;
      /** What the turn is said to have used; 100 tokens in and 20 out unless given. */
      usage?: Partial<TurnUsage>;
    }
  | { status: number; errorType: string; message: string; headers?: Record<string, string> }
  /** Begins an answer and breaks the connection in the middle of it. */
  | { cutAfter: string };

export interface ApiRequest {
  model: string;
  system: string;
  /** What the model is told last: texts and tool results, joined by line feeds. */
  lastUserText: string;
  toolResults: { id: string; text: string; isError: boolean }[];
  tools: string[];
  messages: unknown[];
  at: number;
}

/** The queue of answers, or a function that thinks up each answer (null: the default echo). */
export type Script = Turn[] | ((request: ApiRequest, index: number) => Turn | null);

export interface MessagesApi {
  url: string;
  /** Every `POST /v1/messages` that had tools, oldest first: the turns of agents. */
  requests: ApiRequest[];
  /** Requests without tools (titles, summaries), answered with a fixed text and not from the script. */
  sideRequests: ApiRequest[];
  /** The environment in which the real CLI talks to this server, with a throw-away home. */
  env(home: string): Record<string, string>;
  close(): Promise<void>;
}

export const say = (text: string): Turn => ({ blocks: [{ type: 'text', text }] });

export const use = (...calls: [name: string, input: Record<string, unknown>, id?: string][]): Turn => ({
  blocks: calls.map(([name, input, id]) => ({ type: 'tool_use', name, input, ...(id ? { id } : {}) })),
});

export const bash = (command: string): Turn => use(['Bash', { command, description: 'Run it' }]);

export const refusal = (text = ''): Turn => ({
  blocks: text ? [{ type: 'text', text }] : [],
  stopReason: 'refusal',
});

/**
 * Plays the answers in order; when they are used up, says what it was told.
 * @param aside what requests without tools get: titles, summaries, checks.
 */
export async function startMessagesApi(
  script: Script = [],
  aside: (request: ApiRequest) => Turn = () => say('A title'),
): Promise<MessagesApi> {
  const requests: ApiRequest[] = [];
  const sideRequests: ApiRequest[] = [];
  const queue = Array.isArray(script) ? [...script] : null;
  const run = randomUUID().slice(0, 8); // ids stay unique over servers, as a resumed session needs
  let ids = 0;

  const answer = (request: ApiRequest): Turn => {
    const echo = say(`echo: ${request.lastUserText}`);
    if (typeof script === 'function') return script(request, requests.length - 1) ?? echo;
    return queue?.shift() ?? echo;
  };

  const server = createServer((request, response) => {
    void serve(request, response).catch((error: unknown) => response.destroy(error as Error));
  });

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await read(request);
    const path = request.url?.split('?')[0];
    if (path === '/v1/messages/count_tokens') return json(response, 200, { input_tokens: 10 });
    if (path !== '/v1/messages' || request.method !== 'POST') {
      return json(response, 404, { type: 'error', error: { type: 'not_found_error', message: 'not here' } });
    }
    const asked = describe(JSON.parse(body) as RawRequest);
    const side = asked.tools.length === 0;
    (side ? sideRequests : requests).push(asked);
    await play(response, asked, side ? aside(asked) : answer(asked), () => `${run}_${++ids}`);
  };

  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    requests,
    sideRequests,
    env: (home) => ({
      HOME: home,
      ANTHROPIC_BASE_URL: url,
      ANTHROPIC_API_KEY: 'sk-ant-test',
      DISABLE_TELEMETRY: '1',
      DISABLE_AUTOUPDATER: '1',
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
    }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

interface RawBlock {
  type: string;
  text?: string;
  tool_use_id?: string;
  is_error?: boolean;
  content?: string | RawBlock[];
}

interface RawRequest {
  model: string;
  system?: string | RawBlock[];
  messages: { role: string; content: string | RawBlock[] }[];
  tools?: { name: string }[];
}

const textOf = (content: string | RawBlock[] | undefined): string =>
  typeof content === 'string' || content === undefined
    ? (content ?? '')
    : content.map((block) => block.text ?? textOf(block.content)).join('\n');

function describe(raw: RawRequest): ApiRequest {
  const last = raw.messages.findLast((message) => message.role === 'user')?.content ?? '';
  const blocks = typeof last === 'string' ? [] : last;
  return {
    model: raw.model,
    system: textOf(raw.system),
    lastUserText: textOf(last),
    toolResults: blocks
      .filter((block) => block.type === 'tool_result')
      .map((block) => ({
        id: block.tool_use_id ?? '',
        text: textOf(block.content),
        isError: block.is_error === true,
      })),
    tools: (raw.tools ?? []).map((tool) => tool.name),
    messages: raw.messages,
    at: performance.now(),
  };
}

async function play(response: ServerResponse, asked: ApiRequest, turn: Turn, nextId: () => string): Promise<void> {
  if ('status' in turn) {
    const error = { type: 'error', error: { type: turn.errorType, message: turn.message } };
    return json(response, turn.status, error, turn.headers);
  }
  const blocks: Block[] = 'cutAfter' in turn ? [{ type: 'text', text: turn.cutAfter }] : turn.blocks;
  const headers = 'headers' in turn ? turn.headers : {};
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache', ...headers });
  const send = (type: string, data: object): void => {
    response.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`);
  };
  const usage: TurnUsage = {
    input_tokens: 100,
    output_tokens: 20,
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: 0,
    ...('usage' in turn && turn.usage),
  };
  const message = { id: `msg_${nextId()}`, type: 'message', role: 'assistant', model: asked.model, content: [] };
  send('message_start', { message: { ...message, stop_reason: null, stop_sequence: null, usage } });
  if ('waitMs' in turn && turn.waitMs !== undefined) await wait(response, turn.waitMs);
  for (const [index, block] of blocks.entries()) {
    if (index > 0 && 'betweenMs' in turn && turn.betweenMs !== undefined) await wait(response, turn.betweenMs);
    if (block.type === 'text') {
      send('content_block_start', { index, content_block: { type: 'text', text: '' } });
      send('content_block_delta', { index, delta: { type: 'text_delta', text: block.text } });
    } else {
      const id = block.id ?? `toolu_${nextId()}`;
      send('content_block_start', { index, content_block: { type: 'tool_use', id, name: block.name, input: {} } });
      const partial = JSON.stringify(block.input);
      send('content_block_delta', { index, delta: { type: 'input_json_delta', partial_json: partial } });
    }
    send('content_block_stop', { index });
  }
  if ('cutAfter' in turn) {
    response.destroy();
    return;
  }
  const wanted = blocks.some((block) => block.type === 'tool_use') ? 'tool_use' : 'end_turn';
  send('message_delta', { delta: { stop_reason: turn.stopReason ?? wanted, stop_sequence: null }, usage });
  send('message_stop', {});
  response.end();
}

/** A slow model: until the time is over or the client has left. */
async function wait(response: ServerResponse, ms: number): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ms);
    response.once('close', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

function json(response: ServerResponse, status: number, body: object, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}
