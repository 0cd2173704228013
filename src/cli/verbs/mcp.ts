// biome-ignore-all lint/suspicious/noTemplateCurlyInString: names stand like this in the file.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { McpConfig, type McpEntry, type McpOverview, type McpServer } from '../../shared/contract/mcp.ts';
import { clockTime } from '../../shared/format.ts';
import { issueWords } from '../../shared/issue-words.ts';
import { projectNamed } from '../project-ref.ts';
import { oneLine, paragraphs, table } from '../text.ts';
import { type Cli, defineVerb, UsageError } from '../verb.ts';

const whatOf = (server: McpServer): string =>
  'command' in server ? [server.command, ...(server.args ?? [])].join(' ') : `${server.type} ${server.url}`;

function stateOf({ breaker, missing }: McpEntry): string {
  if (missing.length > 0) return `needs ${missing.join(', ')}`;
  if (breaker.state === 'off') return `off until ${clockTime(breaker.until ?? 0)}: ${breaker.reason ?? ''}`;
  return breaker.state === 'trying' ? 'the next call tries it' : 'on';
}

const REPOSITORY = {
  new: (hash: string) => `asks to be allowed: "tenure mcp allow <project> ${hash.slice(0, 12)}" after you have looked`,
  allowed: () => 'is allowed as it is',
  changed: (hash: string) => `has changed since you allowed it: "tenure mcp allow <project> ${hash.slice(0, 12)}"`,
  refused: () => 'cannot be used',
};

function describe({ servers, repository }: McpOverview): string {
  return paragraphs(
    table(
      ['server', 'from', 'state', 'runs'],
      servers.map((one) => [one.name, one.origin, stateOf(one), whatOf(one.server)]),
      'No MCP servers. "tenure mcp add <project> <name> --command …" adds one.',
    ),
    repository && `${oneLine(repository.path)} ${REPOSITORY[repository.state](repository.hash)}.`,
    repository?.problem ?? null,
  );
}

const answer = (overview: McpOverview) => ({ json: overview, text: describe(overview) });

/** `NAME=value`s as a record. @throws UsageError */
function pairs(given: readonly string[] | undefined, option: string): Record<string, string> | undefined {
  if (!given) return undefined;
  const entries = given.map((pair) => {
    const at = pair.indexOf('=');
    if (at < 1) throw new UsageError(`--${option} takes NAME=value, but got "${pair}".`);
    return [pair.slice(0, at), pair.slice(at + 1)] as const;
  });
  return Object.fromEntries(entries);
}

/** The servers of a file in the shape of `.mcp.json`. @throws UsageError */
function fromFile(cli: Cli, file: string): McpConfig {
  const path = resolve(cli.cwd, file);
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new UsageError(`${path} could not be read as JSON: ${String(error)}.`);
  }
  const parsed = McpConfig.safeParse(value, { error: issueWords });
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new UsageError(`${path} is no list of MCP servers: ${issue?.path.join('.')}: ${issue?.message}.`);
}

const mcpList = defineVerb({
  name: 'mcp list',
  summary: "List a project's MCP servers with their state, and the repository's own file.",
  takes: ['project'],
  example: 'tenure mcp list shop',
  run: async (cli, [ref = '']) => answer(await cli.call('mcp.list', { projectId: (await projectNamed(cli, ref)).id })),
});

const mcpAdd = defineVerb({
  name: 'mcp add',
  summary: 'Add an MCP server to a project, or those of a file. Secrets stand as ${NAME}.',
  takes: ['project', 'name?'],
  options: {
    command: { type: 'string', value: '<program>', help: 'a server that is started' },
    arg: { type: 'string', value: '<argument>', multiple: true, help: 'one argument of it; may be given often' },
    env: { type: 'string', value: '<NAME=value>', multiple: true, help: "may be given often; ${NAME} is Tenure's own" },
    url: { type: 'string', value: '<url>', help: 'a server that is reached' },
    sse: { type: 'boolean', help: 'by server-sent events instead of HTTP' },
    header: { type: 'string', value: '<Name=value>', multiple: true, help: 'may be given often' },
    file: { type: 'string', value: '<path>', help: 'all servers of a file like .mcp.json' },
  },
  example: "tenure mcp add shop github --command github-mcp --env 'GITHUB_TOKEN=${GITHUB_TOKEN}'",
  async run(cli, [ref = '', name = ''], values) {
    const ways = [values.command, values.url, values.file].filter((way) => way !== undefined).length;
    if (ways !== 1) throw new UsageError('Give one of --command, --url and --file.');
    if (values.file === undefined && name === '')
      throw new UsageError('Name the server: tenure mcp add <project> <name>.');
    const { id: projectId } = await projectNamed(cli, ref);
    const [env, headers] = [pairs(values.env, 'env'), pairs(values.header, 'header')];
    const server: McpServer | null =
      values.command !== undefined
        ? { command: values.command, ...(values.arg && { args: values.arg }), ...(env && { env }) }
        : values.url !== undefined
          ? { type: values.sse ? 'sse' : 'http', url: values.url, ...(headers && { headers }) }
          : null;
    const config = server ? { mcpServers: { [name]: server } } : fromFile(cli, values.file ?? '');
    return answer(await cli.call('mcp.add', { projectId, config }));
  },
});

const mcpRemove = defineVerb({
  name: 'mcp remove',
  summary: 'Take an MCP server from a project.',
  takes: ['project', 'name'],
  example: 'tenure mcp remove shop github',
  run: async (cli, [ref = '', name = '']) =>
    answer(await cli.call('mcp.remove', { projectId: (await projectNamed(cli, ref)).id, name })),
});

const mcpReset = defineVerb({
  name: 'mcp reset',
  summary: 'Switch an MCP server on again that its failures had switched off.',
  takes: ['project', 'name'],
  example: 'tenure mcp reset shop github',
  run: async (cli, [ref = '', name = '']) =>
    answer(await cli.call('mcp.reset', { projectId: (await projectNamed(cli, ref)).id, name })),
});

const mcpAllow = defineVerb({
  name: 'mcp allow',
  summary: "Allow the repository's own .mcp.json as it is, by the beginning of its hash, or no longer.",
  takes: ['project', 'hash?'],
  options: { revoke: { type: 'boolean', help: 'no longer' } },
  example: 'tenure mcp allow shop 3f9a12c40b7e',
  async run(cli, [ref = '', start = ''], values) {
    const { id: projectId } = await projectNamed(cli, ref);
    if (values.revoke) return answer(await cli.call('mcp.repository', { projectId, hash: null }));
    const { repository } = await cli.call('mcp.list', { projectId });
    if (!repository) throw new UsageError('The repository has no .mcp.json.');
    if (start.length < 8 || !repository.hash.startsWith(start)) {
      throw new UsageError(
        `Name the file that you have looked at by the beginning of its hash: ${repository.path} is ${repository.hash.slice(0, 12)} now.`,
      );
    }
    return answer(await cli.call('mcp.repository', { projectId, hash: repository.hash }));
  },
});

export const mcpVerbs = [mcpList, mcpAdd, mcpRemove, mcpReset, mcpAllow];
