import { at, countOf, parseExact } from './json.ts';

/** One request as a log tells it; what it does not tell is null. */
export interface LogLine {
  /** Epoch ms. */
  at: number | null;
  status: number;
  path: string;
  tokensIn: number | null;
  tokensOut: number | null;
}

const COMBINED =
  /^\S+ \S+ .{0,200}? ?\[(?<time>[^\]]{20,40})\] "(?<method>[A-Z]{3,10}) (?<path>\S{1,8000})(?: HTTP\/[\d.]+)?" (?<status>\d{3}) (?:\d+|-)/;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const LOG_TIME = /^(\d{2})\/([A-Z][a-z]{2})\/(\d{4}):(\d{2}):(\d{2}):(\d{2}) ([+-])(\d{2})(\d{2})$/;

/** `10/Oct/2000:13:55:36 -0700` as epoch ms. */
function logTime(text: string): number | null {
  const [, day, month = '', year, h, m, s, sign, zh, zm] = LOG_TIME.exec(text) ?? [];
  const index = MONTHS.indexOf(month);
  if (day === undefined || index < 0) return null;
  const offset = (Number(zh) * 60 + Number(zm)) * (sign === '-' ? -1 : 1) * 60_000;
  return Date.UTC(Number(year), index, Number(day), Number(h), Number(m), Number(s)) - offset;
}

const first = <T>(value: unknown, keys: readonly string[], read: (found: unknown) => T | null): T | null => {
  for (const key of keys) {
    const found = read(at(value, key));
    if (found !== null) return found;
  }
  return null;
};

/** Seconds, milliseconds or microseconds since 1970, or a time in words. */
function timeOf(value: unknown): number | null {
  if (typeof value !== 'string') return null;
  if (/^\d+(\.\d+)?$/.test(value)) {
    const n = Number(value);
    return Math.round(n < 1e11 ? n * 1_000 : n < 1e14 ? n : n / 1_000);
  }
  const parsed = logTime(value) ?? Date.parse(value);
  return Number.isFinite(parsed) ? parsed : null;
}

function jsonLine(text: string): LogLine | null {
  const parsed = parseExact(text);
  if (!parsed.ok) return null;
  const { value } = parsed;
  const status = first(value, ['status', 'status_code', 'response.status', 'http.status', 'code'], countOf);
  const path = first(value, ['path', 'uri', 'url', 'request_uri', 'request.uri', 'request.path', 'request'], (found) =>
    typeof found === 'string' ? found : null,
  );
  if (status === null || status < 100 || status > 599 || path === null) return null;
  return {
    at: first(value, ['time', 'ts', 'timestamp', '@timestamp', 'time_local', 'time_iso8601', 'msec'], timeOf),
    status,
    // nginx writes the whole request line: the path is its second word.
    path: /^[A-Z]+ (\S+)/.exec(path)?.[1] ?? path,
    tokensIn: first(
      value,
      ['usage.prompt_tokens', 'usage.input_tokens', 'prompt_tokens', 'input_tokens', 'tokens_in'],
      countOf,
    ),
    tokensOut: first(
      value,
      ['usage.completion_tokens', 'usage.output_tokens', 'completion_tokens', 'output_tokens', 'tokens_out'],
      countOf,
    ),
  };
}

/** One line of a log, combined or JSON; null when it is neither. Never throws. */
export function parseLogLine(text: string): LogLine | null {
  const line = text.trim();
  if (line.startsWith('{')) return jsonLine(line);
  const { time, path, status } = COMBINED.exec(line)?.groups ?? {};
  if (time === undefined || path === undefined || status === undefined) return null;
  return { at: logTime(time), status: Number(status), path, tokensIn: null, tokensOut: null };
}

/** A request that was served counts; redirects and errors bring nothing. */
export const isServed = (line: LogLine, pathPrefix: string | null): boolean =>
  line.status >= 200 && line.status < 300 && (pathPrefix === null || line.path.startsWith(pathPrefix));
