import { type Context, Hono } from 'hono';
import { z } from 'zod';
import { Proposal, type Proposed } from '../../shared/contract/proposals.ts';
import { STAGES, type Stage } from '../../shared/decision-stage.ts';
import { TenureError } from '../../shared/errors.ts';
import { issueWords } from '../../shared/issue-words.ts';
import type { Auth, Principal } from './auth.ts';
import { atMost, type GatewayEnv, principalOf, requireReader } from './guard.ts';

export interface RestDeps {
  auth: Auth;
  /** Runs one method of the contract. */
  call(method: string, input: unknown, principal: Principal): Promise<unknown>;
  /** What a session's own token may do. */
  propose: {
    create(sessionId: string, wanted: Proposal): Promise<Proposed>;
    execute(sessionId: string, id: string, wanted: Proposal): Promise<Proposed>;
    report(sessionId: string, id: string, ok: boolean): Proposed['proposal'];
  };
}

const MOST_BYTES = 1024 * 1024;
const PAGE = 100;

/** The states of a proposal by the names of other systems. */
const ALSO: Readonly<Record<string, Stage>> = {
  pending_approval: 'pending',
  timeout: 'timed_out',
  denied: 'rejected',
};

/** @throws TenureError invalid: it is no state. */
function stagesOf(status: string): Stage[] {
  return status.split(',').map((one) => {
    const name = one.trim().toLowerCase();
    const stage = STAGES.find((known) => known === name) ?? ALSO[name];
    if (stage) return stage;
    throw new TenureError('invalid', `"${one}" is no state of a proposal; expected some of ${STAGES.join(', ')}.`);
  });
}

type Queries = Readonly<Record<string, string>>;

/** A number of the query; what is none is left for the contract to refuse by name. */
const numbers = (query: Queries, ...names: readonly string[]) =>
  Object.fromEntries(
    names.flatMap((name) =>
      query[name] === undefined ? [] : [[name, query[name] === '' ? null : Number(query[name])]],
    ),
  );
const texts = (query: Queries, ...names: readonly string[]) =>
  Object.fromEntries(names.flatMap((name) => (query[name] === undefined ? [] : [[name, query[name]]])));

const page = (query: Queries, fixed: object = {}) => ({
  limit: PAGE,
  ...texts(query, 'projectId', 'sessionId', 'agent', 'tool', 'risk', 'text'),
  ...numbers(query, 'since', 'until', 'limit', 'offset'),
  ...(query.status !== undefined && { stages: stagesOf(query.status) }),
  ...fixed,
});

interface Asked {
  id: string;
  query: Queries;
  body: Record<string, unknown>;
}
type Route = readonly [verb: 'get' | 'post' | 'put', path: string, method: string, input: (asked: Asked) => unknown];

/** Each path and the method of the contract behind it; who may call it is the method's own business. */
export const ROUTES: readonly Route[] = [
  ['get', '/proposals', 'decisions.page', ({ query }) => page(query)],
  ['get', '/proposals/pending', 'decisions.page', ({ query }) => page(query, { stages: ['pending'] })],
  ['get', '/proposals/session/:id', 'decisions.page', ({ id, query }) => page(query, { sessionId: id })],
  ['get', '/proposals/project/:id', 'decisions.page', ({ id, query }) => page(query, { projectId: id })],
  ['get', '/proposals/:id', 'decisions.get', ({ id }) => ({ id })],
  ['get', '/proposals/:id/log', 'decisions.acts', ({ id }) => ({ id })],
  ['post', '/proposals/:id/approve', 'decisions.approve', ({ id, body }) => ({ ...body, id })],
  ['post', '/proposals/:id/reject', 'decisions.deny', ({ id, body }) => ({ ...body, id })],
  ['post', '/proposals/:id/undo', 'decisions.undo', ({ id }) => ({ id })],
  ['post', '/proposals/:id/snooze', 'decisions.snooze', ({ id, body }) => ({ ...body, id })],
  ['post', '/proposals/:id/abort', 'decisions.abort', ({ id, body }) => ({ ...body, id })],
  ['post', '/abort/:id', 'decisions.abort', ({ id, body }) => ({ ...body, id })],
  ['get', '/analytics/summary', 'analytics.summary', () => ({})],
  [
    'get',
    '/analytics/metrics',
    'analytics.metrics',
    ({ query }) => ({ ...texts(query, 'projectId'), ...numbers(query, 'days') }),
  ],
  [
    'get',
    '/analytics/metrics/timeseries',
    'analytics.series',
    ({ query }) => ({ ...texts(query, 'metric', 'projectId'), ...numbers(query, 'days', 'bucketMs') }),
  ],
  [
    'get',
    '/analytics/alerts',
    'analytics.alerts',
    ({ query }) => ({ ...numbers(query, 'limit'), ...(query.all === 'true' && { all: true }) }),
  ],
  ['post', '/analytics/alerts/:id/acknowledge', 'analytics.acknowledge', ({ id }) => ({ id })],
  ['get', '/settings/automation', 'policy.settings', () => ({})],
  ['put', '/settings/automation', 'policy.set', ({ body }) => body],
  ['post', '/settings/automation/reset', 'policy.reset', ({ body }) => body],
  ['post', '/settings/automation/preview', 'policy.preview', ({ body }) => body],
  ['post', '/settings/automation/check', 'policy.check', ({ body }) => body],
  ['get', '/settings/trust', 'trust.settings', () => ({})],
  ['put', '/settings/trust', 'trust.set', ({ body }) => body],
  ['post', '/settings/trust/reset', 'trust.reset', ({ body }) => body],
  ['post', '/settings/trust/preview', 'trust.previewSettings', ({ body }) => body],
  ['get', '/settings/automation/rules', 'rules.list', ({ query }) => texts(query, 'projectId')],
];

/** The body as an object; none is an empty one. @throws TenureError invalid */
async function bodyOf(c: Context): Promise<Record<string, unknown>> {
  const text = await c.req.text();
  try {
    const value: unknown = text === '' ? {} : JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  } catch {
    // Said below.
  }
  throw new TenureError('invalid', 'The body is no JSON object.');
}

/** The session whose token this is. @throws TenureError not_allowed: it is a person's, or one that only reads. */
function sessionOf(principal: Principal): string {
  if (principal.kind === 'session') return principal.sessionId;
  throw new TenureError(
    'not_allowed',
    "Proposals come from agents, by their session's token: whoever proposes is never the one who approves.",
  );
}

/** @throws TenureError invalid */
function proposalIn(body: unknown): Proposal {
  const parsed = Proposal.safeParse(body, { error: issueWords });
  if (parsed.success) return parsed.data;
  throw new TenureError('invalid', `This is no tool call: ${z.prettifyError(parsed.error).replaceAll(/\s+/g, ' ')}`);
}

const Report = z.strictObject({ status: z.enum(['completed', 'failed']) });

/** The methods of the decision pipeline as resources, for programs that know no RPC (S2-02, S2-34, S3-66). */
export function restRoutes({ auth, call, propose }: RestDeps): Hono<GatewayEnv> {
  const app = new Hono<GatewayEnv>().basePath('/api/v1');
  app.use(atMost(MOST_BYTES));

  app.post('/proposals', async (c) => {
    const session = sessionOf(principalOf(c, auth));
    return c.json(await propose.create(session, proposalIn(await bodyOf(c))), 201);
  });
  app.post('/proposals/:id/execute', async (c) => {
    const session = sessionOf(principalOf(c, auth));
    return c.json(await propose.execute(session, c.req.param('id'), proposalIn(await bodyOf(c))));
  });
  app.post('/proposals/:id/status', async (c) => {
    const session = sessionOf(principalOf(c, auth));
    const report = Report.safeParse(await bodyOf(c));
    if (!report.success) throw new TenureError('invalid', 'Expected {"status": "completed"} or {"status": "failed"}.');
    return c.json(propose.report(session, c.req.param('id'), report.data.status === 'completed'));
  });

  for (const [verb, path, method, input] of ROUTES) {
    app[verb](path, async (c) => {
      const principal = principalOf(c, auth);
      requireReader(principal);
      const body = verb === 'get' ? {} : await bodyOf(c);
      const asked: Asked = { id: c.req.param('id') ?? '', query: c.req.query(), body };
      return c.json((await call(method, input(asked), principal)) ?? null);
    });
  }
  app.all('*', (c) => {
    throw new TenureError('not_found', `There is no ${c.req.method} ${c.req.path}; docs/api.md lists what there is.`);
  });
  return app;
}
