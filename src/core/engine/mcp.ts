import type { ClassifiedAction } from '../actions/classify.ts';
import type { Decisions } from '../decisions/service.ts';
import type { GateAnswer } from '../drivers/driver.ts';
import type { Mcp } from '../mcp/service.ts';

/** A call to a server that is off is denied like every hard deny: on the record, with its reason. */
export function whileOff(mcp: Mcp, projectId: string, tool: string, action: ClassifiedAction): ClassifiedAction {
  const text = mcp.refusal(projectId, tool);
  return text === null ? action : { ...action, hardDeny: { code: 'mcp_server_off', text } };
}

/** The gate, with what it lets through noted at the server: only that counts for or against one. */
export function admitting(
  decisions: Pick<Decisions, 'ask' | 'calledOff'>,
  mcp: Mcp,
  session: (id: string) => { projectId: string } | null,
): Decisions['ask'] {
  return async (id, call, signal): Promise<GateAnswer> => {
    const answer = await decisions.ask(id, call, signal);
    const projectId = session(id)?.projectId;
    if (answer.permission !== 'allow' || projectId === undefined) return answer;
    if (mcp.admit(id, projectId, call.tool, call.toolUseId)) return answer;
    if (call.toolUseId !== null) decisions.calledOff(id, call.toolUseId);
    const reason = mcp.refusal(projectId, call.tool) ?? 'The MCP server is being tried by another call; ask again.';
    return { permission: 'deny', reason };
  };
}
