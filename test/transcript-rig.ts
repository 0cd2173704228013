import { join } from 'node:path';
import { createTranscripts } from '../src/core/transcripts/files.ts';
import type { TranscriptEntry } from '../src/shared/contract/transcripts.ts';
import { tempDir } from './builders.ts';

export const say = (text: string, parent?: string): object => ({
  type: 'assistant',
  ...(parent && { parent_tool_use_id: parent }),
  message: { content: [{ type: 'text', text }] },
});
export const call = (id: string, name: string, input: object, parent?: string): object => ({
  type: 'assistant',
  ...(parent && { parent_tool_use_id: parent }),
  message: { content: [{ type: 'tool_use', id, name, input }] },
});
export const back = (id: string, content: unknown, failed = false): object => ({
  type: 'user',
  message: { content: [{ type: 'tool_result', tool_use_id: id, content, is_error: failed }] },
});

/** Transcripts in a folder of their own, and the lines of a session in them. */
export function book() {
  const dir = tempDir('transcripts');
  const open = () => createTranscripts(dir);
  let at = 1_000;
  const first = open();
  return {
    dir,
    open,
    transcripts: first,
    file: join(dir, 's1.jsonl'),
    index: join(dir, 's1.index'),
    write(...lines: (object | string)[]) {
      for (const line of lines) first.append('s1', (at += 250), typeof line === 'string' ? line : JSON.stringify(line));
    },
    all: async (transcripts = first): Promise<TranscriptEntry[]> =>
      (await transcripts.page('s1', { from: 0, limit: 1_000 })).entries,
  };
}

/** As Tenure wrote a line before it kept JSON as it is. */
export const asText = (at: number, value: object): string => `${JSON.stringify({ at, line: JSON.stringify(value) })}\n`;
export const brief = (entries: TranscriptEntry[]) => entries.map(({ kind, title, text }) => [kind, title, text]);
