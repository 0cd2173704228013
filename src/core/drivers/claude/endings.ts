import type { Exit } from '../../kernel/ports.ts';
import type { AgentEnding } from '../driver.ts';
import { type Json, listOf, numberOf, objectOf, textOf } from '../json.ts';

/** What of a run says how it ended. */
export interface Signs {
  /** The newest `result` line. */
  result: Json | null;
  /** The class of the newest API error that the CLI reported: `rate_limit`, `authentication_failed`, … */
  apiError: string | null;
  /** Epoch ms at which a usage limit resets, from `rate_limit_event`; null: none was hit. */
  limitResetsAt: number | null;
  /** There was a line before anything else. */
  spoke: boolean;
  /** The output stopped in the middle of a line. */
  cutOff: boolean;
  /** The last that was written to stderr. */
  stderr: string;
}

export type Ending = Pick<AgentEnding, 'kind' | 'detail' | 'deferred' | 'resetsAt'>;

const ending = (kind: Ending['kind'], detail: string, more: Partial<Ending> = {}): Ending => ({
  kind,
  detail,
  deferred: null,
  resetsAt: null,
  ...more,
});

/** How a run ends by its `result`. Goes by what was said, never by the exit code: versions differ. */
export function endingOfResult(result: Json, signs: Signs): Ending {
  const said = textOf(result.result) ?? listOf(result.errors).map(String).join('; ');
  const deferred = objectOf(result.deferred_tool_use);
  const [toolUseId, tool] = [textOf(deferred.id), textOf(deferred.name)];
  if (result.stop_reason === 'tool_deferred' && toolUseId !== null && tool !== null) {
    return ending('deferred', `It ended at a call of ${tool} that waits for an answer.`, {
      deferred: { toolUseId, tool },
    });
  }
  if (result.stop_reason === 'refusal') return ending('refused', said || 'The model refused to go on.');
  if (result.subtype === 'error_max_turns') return ending('max_turns', said);
  if (result.subtype === 'error_max_budget_usd') return ending('budget', said);
  const failed = failureIn(said, result, signs);
  if (failed) return failed;
  if (result.is_error === true) return ending('crashed', said || `It reported "${String(result.subtype)}".`);
  if (result.stop_reason === 'max_tokens')
    return ending('truncated', 'Its last answer was cut off at the token limit.');
  return ending('completed', 'It came to its end.');
}

/** Failures of the service behind the agent. Old versions report some as a success, with the failure as text. */
function failureIn(said: string, result: Json, signs: Signs): Ending | null {
  const isError = result.is_error === true;
  const error = isError ? signs.apiError : null;
  const status = isError ? numberOf(result.api_error_status) : null;
  // What a model ends its own turn with is its word: else it would say that a limit was reached, and go unscored.
  const told = isError || result.stop_reason !== 'end_turn' ? said : '';
  const stated = (pattern: RegExp): boolean => pattern.test(told);

  if (stated(/^No conversation found/i)) return ending('unknown_session', said);
  if (result.api_error === 'max_output_tokens') return ending('truncated', said);
  if (
    error === 'authentication_failed' ||
    status === 401 ||
    status === 403 ||
    stated(/^(Not logged in|Please run \/login|Invalid API key|Failed to authenticate|OAuth token)/i)
  ) {
    return ending('auth_required', said);
  }
  // Old versions put the reset behind it, in epoch seconds.
  const toldReset = /^Claude AI usage limit reached\|(\d{10})/.exec(told)?.[1];
  if (
    result.api_error === 'usage_limit_reached' ||
    error === 'billing_error' ||
    toldReset !== undefined ||
    stated(/^(You['’]ve hit your .*limit|Claude AI usage limit reached|Credit balance is too low)/i)
  ) {
    const words = said.replace(/^(Claude AI usage limit reached)\|\d+/, '$1.');
    const resetsAt = signs.limitResetsAt ?? (toldReset === undefined ? null : Number(toldReset) * 1000);
    return ending('quota', words || 'The usage limit was reached.', { resetsAt });
  }
  if (error === 'model_not_found') return ending('model_not_found', said);
  if (error === 'rate_limit' || error === 'overloaded' || error === 'server_error') return ending('transient', said);
  if (status === 429 || (status !== null && status >= 500)) return ending('transient', said);
  if (isError && stated(/^API Error: .*(connect|network|socket|timed? ?out|ECONN|fetch failed)/i)) {
    return ending('transient', said);
  }
  return null;
}

/** How a run ends that ended without a `result`. */
export function endingOfExit({ exitCode, signal }: Exit, signs: Signs): Ending {
  const how = signal === null ? `code ${exitCode}` : `signal ${signal}`;
  const words = signs.stderr.trim().split('\n').slice(-3).join(' ');
  const detail = `It ended with ${how} and no result${words === '' ? '.' : `: ${words}`}`;
  if (/No conversation found/i.test(signs.stderr)) return ending('unknown_session', words);
  if (/Not logged in|Please run \/login|Invalid API key/i.test(signs.stderr)) return ending('auth_required', words);
  if (signs.cutOff) return ending('truncated', `Its output stopped in the middle of a line; it ended with ${how}.`);
  if (signal === null && exitCode === 0) return ending('truncated', detail);
  if (signal === null && !signs.spoke) return ending('launch_failed', detail);
  return ending('crashed', detail);
}
