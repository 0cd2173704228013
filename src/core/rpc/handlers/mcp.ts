import type { mcpMethods } from '../../../shared/contract/mcp.ts';
import type { Mcp } from '../../mcp/service.ts';
import type { Handlers } from '../dispatch.ts';

export interface McpServices {
  mcp: Mcp;
}

/** The MCP servers of projects. */
export function mcpHandlers(mcp: Mcp): Pick<Handlers, keyof typeof mcpMethods> {
  return {
    'mcp.list': ({ projectId }) => mcp.overview(projectId),
    'mcp.add': ({ projectId, config }) => mcp.add(projectId, config),
    'mcp.remove': ({ projectId, name }) => mcp.remove(projectId, name),
    'mcp.repository': ({ projectId, hash }) => mcp.allowRepository(projectId, hash),
    'mcp.reset': ({ projectId, name }) => mcp.reset(projectId, name),
  };
}
