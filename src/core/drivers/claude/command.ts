import type { LaunchSpec } from '../driver.ts';

/** How the session's token travels: by the environment alone, never on a command line. */
export const TOKEN_VARIABLE = 'TENURE_TOKEN';

/** What is said to a resumed agent that has nothing to go on with by itself. */
export const CONTINUE = 'Continue from where you left off.';

/**
 * The gate: a hook before every tool call, which blocks when it fails in any way. Given for this
 * run alone; the person's own settings files are never touched.
 */
const settingsFor = ({ url, timeoutSeconds }: LaunchSpec['gate']) => ({
  hooks: {
    PreToolUse: [
      {
        matcher: '*',
        hooks: [
          {
            type: 'http',
            url,
            timeout: timeoutSeconds,
            onFailure: 'block',
            headers: { Authorization: `Bearer $${TOKEN_VARIABLE}` },
            allowedEnvVars: [TOKEN_VARIABLE],
          },
        ],
      },
    ],
  },
});

/** The CLI's arguments for a run. The prompt goes by stdin. */
export function argumentsFor(spec: LaunchSpec): string[] {
  // Partial messages tell when a turn's calls are complete, and that a silent agent is writing.
  const format = '--input-format stream-json --output-format stream-json --verbose --include-partial-messages';
  // The host answers prompts: only so is the agent offered the tool by which it asks. Every prompt that
  // the gate has not answered before is refused (`refusalOf`).
  // A repository's own hooks, settings and servers would run without anybody's trust.
  const bounds = '--permission-prompt-tool stdio --permission-mode default --setting-sources user --strict-mcp-config';
  return [
    '-p',
    ...format.split(' '),
    ...bounds.split(' '),
    ...conversationOf(spec),
    ...(spec.mcpConfig == null ? [] : ['--mcp-config', spec.mcpConfig]),
    '--settings',
    JSON.stringify(settingsFor(spec.gate)),
    ...(spec.model === null ? [] : ['--model', spec.model]),
    // Counted by the CLI from the start of this process on, at every answer: dollars come to us only with a result.
    ...(spec.maxCostUsd == null ? [] : ['--max-budget-usd', spec.maxCostUsd.toFixed(6)]),
  ];
}

/** The answer to a prompt of the CLI's own: what the gate has not let through may not run. */
export const refusalOf = (requestId: string): string =>
  `${JSON.stringify({
    type: 'control_response',
    response: {
      subtype: 'success',
      request_id: requestId,
      response: { behavior: 'deny', message: 'The gate did not let this through, so it may not run.' },
    },
  })}\n`;

function conversationOf({ resume, forkOf, agentSessionId }: LaunchSpec): string[] {
  if (resume) return ['--resume', agentSessionId];
  if (forkOf !== undefined) return ['--resume', forkOf, '--fork-session', '--session-id', agentSessionId];
  return ['--session-id', agentSessionId];
}

/** A prompt as a line for the CLI's stdin. With an id (a UUID) it is taken once, over all runs of the conversation. */
export const promptLine = (text: string, id?: string): string =>
  `${JSON.stringify({ type: 'user', ...(id && { uuid: id }), message: { role: 'user', content: [{ type: 'text', text }] } })}\n`;
