import { describe, expect, it } from 'vitest';
import { createLineReader } from './lines.ts';

function read(chunks: Buffer[], maxBytes?: number) {
  const lines: string[] = [];
  const dropped: number[] = [];
  const handlers = { onLine: (text: string) => lines.push(text), onDropped: (bytes: number) => dropped.push(bytes) };
  const reader = createLineReader(handlers, maxBytes);
  for (const chunk of chunks) reader.push(chunk);
  return { lines, dropped, rest: reader.end() };
}

const TEXT = 'eins\n\n  \nzwei €uro 🦊\r\ndrei';

describe('lines', () => {
  it('come whole out of bytes that are cut anywhere, blank ones left out', () => {
    const bytes = Buffer.from(TEXT);
    for (let size = 1; size <= bytes.length; size += 1) {
      const chunks: Buffer[] = [];
      for (let at = 0; at < bytes.length; at += size) chunks.push(bytes.subarray(at, at + size));
      expect(read(chunks)).toEqual({ lines: ['eins', 'zwei €uro 🦊\r', 'drei'], dropped: [], rest: true });
    }
  });

  it('tell whether the last one had an end', () => {
    expect(read([Buffer.from('one\n')]).rest).toBe(false);
    expect(read([]).rest).toBe(false);
    expect(read([Buffer.from('{"half":"€').subarray(0, -1)])).toMatchObject({ lines: ['{"half":"\ufffd'], rest: true });
  });

  it('may be long, up to a bound; a longer one is dropped and the next is read', () => {
    const long = 'x'.repeat(5 << 20);
    expect(read([Buffer.from(`${long}\nnext\n`)]).lines.map(({ length }) => length)).toEqual([long.length, 4]);
    const chunks = [Buffer.from('aaaa'), Buffer.from('bbbb'), Buffer.from('cc\nok\nfits\ntoo big')];
    expect(read(chunks, 5)).toEqual({ lines: ['ok', 'fits'], dropped: [10, 7], rest: true });
  });
});
