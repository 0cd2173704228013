import type { TranscriptEntry } from '../../shared/contract/sessions.ts';

type Entry = Omit<TranscriptEntry, 'n' | 'at'>;
type Json = Record<string, unknown>;

const MOST_TEXT = 20_000;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const clip = (text: string): string => (text.length > MOST_TEXT ? `${text.slice(0, MOST_TEXT)}\n… cut` : text);
const asText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value, null, 1));

function contentText(content: unknown): string {
  if (!Array.isArray(content)) return asText(content ?? '');
  return content.map((part) => (isObject(part) && typeof part.text === 'string' ? part.text : asText(part))).join('\n');
}

function ofBlock(block: unknown, role: 'assistant' | 'user'): Entry[] {
  if (!isObject(block)) return [];
  switch (block.type) {
    case 'text':
      return [{ kind: role === 'user' ? 'prompt' : 'text', title: role, text: clip(asText(block.text)) }];
    case 'tool_use':
      return [{ kind: 'tool', title: asText(block.name), text: clip(asText(block.input)) }];
    case 'tool_result': {
      const title = block.is_error === true ? 'failed' : 'result';
      return [{ kind: 'tool_result', title, text: clip(contentText(block.content)) }];
    }
    case 'thinking':
      return [];
    default:
      return [{ kind: 'raw', title: asText(block.type ?? 'unknown'), text: clip(asText(block)) }];
  }
}

/** One line of an agent's stream as entries that a person can read; unknown types are kept raw. */
export function entriesOf(line: string): Entry[] {
  if (line.trim() === '') return [];
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return [{ kind: 'raw', title: 'text', text: clip(line) }];
  }
  if (!isObject(value)) return [{ kind: 'raw', title: 'text', text: clip(line) }];
  switch (value.type) {
    case 'assistant':
    case 'user': {
      const content = isObject(value.message) ? value.message.content : undefined;
      if (typeof content === 'string') return [{ kind: 'prompt', title: value.type, text: clip(content) }];
      return Array.isArray(content)
        ? content.flatMap((block) => ofBlock(block, value.type as 'assistant' | 'user'))
        : [];
    }
    case 'result':
      return [{ kind: 'result', title: asText(value.subtype ?? 'result'), text: clip(asText(value.result ?? '')) }];
    case 'system':
      return [{ kind: 'system', title: asText(value.subtype ?? 'system'), text: clip(asText(value)) }];
    case 'stream_event':
      return [];
    default:
      return [{ kind: 'raw', title: asText(value.type ?? 'unknown'), text: clip(asText(value)) }];
  }
}
