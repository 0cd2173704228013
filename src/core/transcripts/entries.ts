import type { FileHandle } from 'node:fs/promises';
import type { TranscriptEntry } from '../../shared/contract/transcripts.ts';
import type { Offsets, Place } from './offsets.ts';
import { type Line, lineAt } from './scan.ts';

/** Characters of one text in a page; the whole of it is asked for by itself. */
const IN_PAGE = 4_000;
/** And the most that is shown of one text at all. */
export const WHOLE = 1_000_000;

function clip(text: string, most: number): string {
  if (text.length <= most) return text;
  const cut = text.slice(0, most);
  // Not in the middle of a character of two units.
  return /[\uD800-\uDBFF]$/.test(cut) ? cut.slice(0, -1) : cut;
}

/** Reads lines by their place, each once, however many entries stand in it. */
export function createLineCache(file: FileHandle): (place: { at: number; length: number }) => Promise<Line> {
  const read = new Map<number, Promise<Line>>();
  return ({ at, length }) => {
    const line = read.get(at) ?? lineAt(file, at, length);
    read.set(at, line);
    return line;
  };
}

function toolOf(
  place: Place,
  id: string | null,
  call: Line,
  result: Line | null,
  most: number,
): TranscriptEntry['tool'] {
  const answer = (place.result && result?.parts[place.result.part]) ?? null;
  const output = answer?.text() ?? '';
  return {
    id: id ?? '',
    ok: answer && !place.failed,
    durationMs: result && result.when > 0 && call.when > 0 ? Math.max(0, result.when - call.when) : null,
    output: clip(output, most),
    outputChars: output.length,
  };
}

/** One entry as a person reads it. @param most characters of each of its texts. */
export async function entryOf(
  n: number,
  offsets: Offsets,
  lineOf: ReturnType<typeof createLineCache>,
  most = IN_PAGE,
): Promise<TranscriptEntry> {
  const place = offsets.place(n);
  const line = await lineOf(place);
  const part = line.parts[place.part];
  const text = part?.text() ?? '';
  const result = place.result && (await lineOf(place.result));
  return {
    n,
    at: line.when,
    kind: place.kind,
    title: part?.title ?? 'unreadable',
    summary: part?.summary() ?? '',
    text: clip(text, most),
    chars: text.length,
    failed: place.failed,
    tool: place.kind === 'tool' ? toolOf(place, part?.toolId ?? null, line, result, most) : null,
    depth: place.depth,
    parent: place.parent,
  };
}
