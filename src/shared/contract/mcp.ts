import { z } from 'zod';
import { command, query } from './define.ts';

/** As it stands in `mcp__<server>__<tool>`: two underscores would be read as its end. */
const McpName = z
  .string()
  .regex(
    /^(?!.*__)[A-Za-z0-9_-]{1,64}(?<!_)$/,
    'a name of letters, digits, - and single _ (not at its end), 64 at the most',
  );
const text = z.string().max(8_000);
const named = z.record(z.string().min(1).max(200), text);

/** One server, in the shape of `.mcp.json`. `${NAME}` and `${NAME:-else}` stand for Tenure's environment. */
export const McpServer = z.union([
  z.strictObject({
    type: z.literal('stdio').optional(),
    command: text.min(1),
    args: z.array(text).max(200).optional(),
    env: named.optional(),
  }),
  z.strictObject({ type: z.enum(['http', 'sse']), url: text.min(1), headers: named.optional() }),
]);
export type McpServer = z.infer<typeof McpServer>;

export const McpConfig = z.strictObject({ mcpServers: z.record(McpName, McpServer) });
export type McpConfig = z.infer<typeof McpConfig>;

/**
 * Three failures in a row switch a server off for five minutes; then one call is let through, and its
 * result decides.
 */
export const McpBreaker = z.object({
  state: z.enum(['on', 'off', 'trying']),
  failures: z.number(),
  /** Epoch ms until which it is off; null while it is on. */
  until: z.number().nullable(),
  /** What its last failure said. */
  reason: z.string().nullable(),
});
export type McpBreaker = z.infer<typeof McpBreaker>;

export const McpEntry = z.object({
  name: z.string(),
  /** `repository`: from the repository's own file, which a person has allowed. */
  origin: z.enum(['project', 'repository']),
  server: McpServer,
  /** Names that it needs and that Tenure's environment does not have. */
  missing: z.array(z.string()),
  breaker: McpBreaker,
});
export type McpEntry = z.infer<typeof McpEntry>;

export const McpOverview = z.object({
  projectId: z.string(),
  servers: z.array(McpEntry),
  /** The repository's own `.mcp.json`; null: it has none. `changed`: it is another one than a person allowed. */
  repository: z
    .object({
      path: z.string(),
      hash: z.string(),
      state: z.enum(['new', 'allowed', 'changed', 'refused']),
      servers: z.array(z.string()),
      text: z.string(),
      /** Why it cannot be used, or null. */
      problem: z.string().nullable(),
    })
    .nullable(),
});
export type McpOverview = z.infer<typeof McpOverview>;

const of = { projectId: z.string() };

export const mcpMethods = {
  'mcp.list': query({
    summary: "A project's MCP servers with their state, and the repository's own file.",
    input: z.object(of),
    output: McpOverview,
  }),
  'mcp.add': command({
    summary: 'Add MCP servers to a project, or replace those of the same name.',
    input: z.object({ ...of, config: McpConfig }),
    output: McpOverview,
  }),
  'mcp.remove': command({
    summary: 'Take an MCP server from a project.',
    input: z.object({ ...of, name: z.string() }),
    output: McpOverview,
  }),
  'mcp.repository': command({
    summary: "Allow the repository's own .mcp.json as it is now (by its hash), or no longer (null).",
    input: z.object({ ...of, hash: z.string().nullable() }),
    output: McpOverview,
  }),
  'mcp.reset': command({
    summary: 'Switch an MCP server on again that its failures had switched off.',
    input: z.object({ ...of, name: z.string() }),
    output: McpOverview,
  }),
};

export const mcpFacts = {
  /** The servers of a project, or the state of one, have changed. */
  'mcp.changed': z.object({ projectId: z.string() }),
};
