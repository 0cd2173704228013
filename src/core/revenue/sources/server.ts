import type { Counters } from '../rules.ts';
import { at, countOf, parseExact } from './json.ts';

export type ServerSaid = { ok: true; counters: Counters } | { ok: false; error: string };

type Names = Readonly<Record<keyof Counters, string | null>>;

/** What model servers call their counters: vLLM, llama.cpp, SGLang, TGI, and the plain names of a `/health`. */
const USUAL: Readonly<Record<keyof Counters, readonly string[]>> = {
  requests: [
    'vllm:request_success_total',
    'sglang:num_requests_total',
    'tgi_request_success',
    'requests_total',
    'total_requests',
    'requests',
    'request_count',
    'requests_served',
    'stats.requests',
    'metrics.requests',
  ],
  tokensIn: [
    'vllm:prompt_tokens_total',
    'llamacpp:prompt_tokens_total',
    'sglang:prompt_tokens_total',
    'prompt_tokens_total',
    'total_prompt_tokens',
    'prompt_tokens',
    'tokens_in',
    'stats.prompt_tokens',
    'metrics.prompt_tokens',
  ],
  tokensOut: [
    'vllm:generation_tokens_total',
    'llamacpp:tokens_predicted_total',
    'sglang:generation_tokens_total',
    'generation_tokens_total',
    'completion_tokens_total',
    'total_completion_tokens',
    'total_generation_tokens',
    'completion_tokens',
    'generated_tokens',
    'tokens_out',
    'stats.completion_tokens',
    'metrics.completion_tokens',
  ],
};

const SAMPLE = /^(?<name>[a-zA-Z_:][\w:]*)(?:\{(?:[^"}]|"(?:[^"\\]|\\.)*")*\})?\s+(?<value>[^\s]+)(?:\s+-?\d+)?$/;

/** Every counter of a Prometheus page by name, summed over its labels; what is no number is left out. Never throws. */
export function parsePrometheus(text: string): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const raw of text.split('\n')) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#') || line.length > 4_000) continue;
    const { name, value } = SAMPLE.exec(line)?.groups ?? {};
    const number = value === undefined ? Number.NaN : Number(value);
    if (name !== undefined && Number.isFinite(number)) sums.set(name, (sums.get(name) ?? 0) + number);
  }
  return sums;
}

function finderIn(text: string): (name: string) => number | null {
  const parsed = parseExact(text);
  if (parsed.ok && typeof parsed.value === 'object') return (name) => countOf(at(parsed.value, name));
  const sums = parsePrometheus(text);
  return (name) => countOf(String(sums.get(name) ?? ''));
}

/**
 * The counters of a model server, from JSON or Prometheus text. A counter that was named must be there;
 * without names at least one of the usual ones (T-04V). Never throws.
 */
export function parseServer(text: string, names: Names): ServerSaid {
  if (text.trimStart().startsWith('<'))
    return { ok: false, error: 'The server sent a web page instead of its counters.' };
  const find = finderIn(text);
  const counters: Counters = { requests: null, tokensIn: null, tokensOut: null };
  for (const key of ['requests', 'tokensIn', 'tokensOut'] as const) {
    const named = names[key];
    if (named === null) {
      for (const name of USUAL[key]) counters[key] ??= find(name);
      continue;
    }
    counters[key] = find(named);
    if (counters[key] === null) return { ok: false, error: `The server answered, but without a counter "${named}".` };
  }
  if (Object.values(counters).every((count) => count === null)) {
    return {
      ok: false,
      error: 'The server answered, but with no counter of requests or tokens that Tenure knows. Name the one to read.',
    };
  }
  return { ok: true, counters };
}
