import type { TranscriptKind } from '../../shared/contract/transcripts.ts';

export type Json = Record<string, unknown>;

/** One thing that a line of an agent says; a line may say several. */
export interface Part {
  kind: TranscriptKind;
  title: string;
  /** One line for when it is folded. Told on demand, since an index of many lines needs none of it. */
  summary(): string;
  text(): string;
  failed: boolean;
  /** The tool call that it is, or that it answers. */
  toolId: string | null;
  /** The tool call whose subagent says it. */
  parentId: string | null;
}

const SUMMARY = 200;

export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);
const pretty = (value: unknown): string =>
  typeof value === 'string' ? value : (JSON.stringify(value, null, 2) ?? String(value));

/** The first line that says something, cut to what fits into a row. */
export function firstLine(text: string): string {
  const line = /\S[^\n]*/.exec(text.slice(0, 4 * SUMMARY))?.[0].trimEnd() ?? '';
  return line.length > SUMMARY ? `${line.slice(0, SUMMARY)}…` : line;
}

const NONE = (): string => '';

function part(kind: TranscriptKind, title: string, text: () => string, more: Partial<Part> = {}): Part {
  return { kind, title, summary: NONE, text, failed: false, toolId: null, parentId: null, ...more };
}

/** What every line of the agent has, and says nothing of this one. */
const ENVELOPE = new Set(['type', 'subtype', 'session_id', 'uuid', 'timestamp', 'id', 'tool_use_id']);

/** Names and values, whatever is inside what: `trigger: auto, pre_tokens: 155000`; at most what fits into a row. */
function factsOf(value: unknown): string {
  const said: string[] = [];
  let left = SUMMARY;
  const take = (name: string, one: unknown): void => {
    if (left < 0 || one === null) return;
    if (Array.isArray(one)) for (const each of one) take(name, each);
    else if (isObject(one)) {
      for (const [key, inner] of Object.entries(one)) if (!ENVELOPE.has(key)) take(key, inner);
    } else {
      const words = (typeof one === 'string' ? one : JSON.stringify(one)).slice(0, SUMMARY);
      said.push(name === '' ? words : `${name}: ${words}`);
      left -= words.length + name.length;
    }
  };
  take('', value);
  return firstLine(said.join(', ').replaceAll(/\s+/g, ' '));
}

/** What is no JSON object of a known type, as it is. */
export const rawPart = (title: string, value: unknown, failed = false): Part =>
  part('raw', title, () => pretty(value), { summary: () => factsOf(value), failed });

/** The text of a tool's answer: images and the like are named and not printed. */
function contentText(content: unknown): string {
  if (!Array.isArray(content)) return pretty(content ?? '');
  return content
    .map((item) => {
      if (!isObject(item)) return pretty(item);
      if (typeof item.text === 'string') return item.text;
      return item.type === 'image' || item.type === 'document' ? `[${item.type}]` : pretty(item);
    })
    .join('\n');
}

/** What names a call best, of the inputs that tools have. */
const TELLING = ['command', 'file_path', 'notebook_path', 'path', 'pattern', 'url', 'query', 'description', 'skill'];

function summaryOf(input: unknown): string {
  if (!isObject(input)) return firstLine(pretty(input ?? ''));
  for (const key of TELLING) if (typeof input[key] === 'string') return firstLine(input[key]);
  return factsOf(input);
}

const prefixed = (sign: string, text: unknown): string =>
  pretty(text ?? '')
    .split('\n')
    .map((line) => `${sign} ${line}`)
    .join('\n');

/** What a tool was given, as a person would write it down. */
function inputText(input: unknown): string {
  if (!isObject(input)) return pretty(input ?? '');
  const { command, file_path: path, old_string: before, new_string: after, content, ...rest } = input;
  if (typeof command === 'string') return command;
  if (typeof path === 'string' && after !== undefined) {
    return `${path}\n${prefixed('-', before)}\n${prefixed('+', after)}`;
  }
  if (typeof path === 'string' && content !== undefined) return `${path}\n${pretty(content)}`;
  const all = { ...(path !== undefined && { file_path: path }), ...(content !== undefined && { content }), ...rest };
  return Object.entries(all)
    .map(([name, value]) => `${name}: ${pretty(value)}`)
    .join('\n');
}

function ofBlock(block: unknown, role: 'assistant' | 'user', parentId: string | null): Part[] {
  if (!isObject(block)) return typeof block === 'string' ? [part('prompt', role, () => block, { parentId })] : [];
  switch (block.type) {
    case 'text':
      return [part(role === 'user' ? 'prompt' : 'text', role, () => pretty(block.text ?? ''), { parentId })];
    case 'thinking': {
      const thought = textOf(block.thinking) ?? '';
      return thought === ''
        ? []
        : [part('thinking', 'thinking', () => thought, { summary: () => firstLine(thought), parentId })];
    }
    case 'redacted_thinking':
      return [part('thinking', 'thinking', () => 'The service keeps this thought to itself.', { parentId })];
    case 'tool_use': {
      const more = { summary: () => summaryOf(block.input), toolId: textOf(block.id), parentId };
      return [part('tool', textOf(block.name) ?? 'tool', () => inputText(block.input), more)];
    }
    case 'tool_result': {
      const text = (): string => contentText(block.content);
      const failed = block.is_error === true;
      const more = { summary: () => firstLine(text()), failed, toolId: textOf(block.tool_use_id), parentId };
      return [part('tool_result', failed ? 'failed' : 'result', text, more)];
    }
    default:
      return [{ ...rawPart(textOf(block.type) ?? 'unknown', block), parentId }];
  }
}

const SYSTEM_WORDS = ['message', 'error', 'description', 'summary', 'status', 'hook_name', 'model'];

function ofSystem(value: Json): Part {
  const subtype = textOf(value.subtype) ?? 'system';
  const summary = (): string =>
    firstLine(SYSTEM_WORDS.flatMap((key) => textOf(value[key]) ?? []).join(' · ')) || factsOf(value);
  const failed = subtype === 'api_retry' || typeof value.error === 'string';
  return part('system', subtype, () => pretty(value), { summary, failed });
}

/** Before each call of the model the agent says that it is about to call it. */
const isPulse = (value: Json): boolean => value.subtype === 'status' && value.status === 'requesting';

/** What one line of an agent's stream says; unknown types are kept raw. Never throws. */
export function partsOf(line: string): Part[] {
  if (line.trim() === '') return [];
  try {
    const value: unknown = JSON.parse(line);
    if (isObject(value)) return partsOfValue(value);
  } catch {
    // Shown as it is.
  }
  return [rawPart('plain text', line)];
}

/** What the agent's own program puts into the conversation, as its summary of what no longer fits: nobody's prompt. */
const added = (one: Part): Part =>
  one.kind === 'prompt'
    ? { ...one, kind: 'system', title: 'added by the program', summary: () => firstLine(one.text()) }
    : one;

function partsOfValue(value: Json): Part[] {
  switch (value.type) {
    case 'assistant':
    case 'user': {
      const role = value.type;
      const content = isObject(value.message) ? value.message.content : undefined;
      const parentId = textOf(value.parent_tool_use_id);
      const blocks = typeof content === 'string' ? [{ type: 'text', text: content }] : content;
      const parts = Array.isArray(blocks) ? blocks.flatMap((block) => ofBlock(block, role, parentId)) : [];
      return value.isSynthetic === true ? parts.map(added) : parts;
    }
    case 'result': {
      const said = pretty(value.result ?? '');
      const failed = value.is_error === true;
      return [part('result', textOf(value.subtype) ?? 'result', () => said, { failed })];
    }
    case 'system':
      return isPulse(value) ? [] : [ofSystem(value)];
    case 'stream_event':
      return [];
    default:
      return [rawPart(textOf(value.type) ?? 'unknown', value, value.type === 'error')];
  }
}

/** A line of the file: when it came and what it says. A line that was cut off by a crash is shown as it is. */
export function writtenParts(text: string): { at: number; parts: Part[] } {
  if (text.trim() === '') return { at: 0, parts: [] };
  try {
    const written: unknown = JSON.parse(text);
    if (isObject(written)) {
      const at = typeof written.at === 'number' ? written.at : 0;
      if (isObject(written.line)) return { at, parts: partsOfValue(written.line) };
      if (typeof written.line === 'string') return { at, parts: partsOf(written.line) };
    }
  } catch {
    // Shown below.
  }
  return { at: 0, parts: [rawPart('cut off', text)] };
}
