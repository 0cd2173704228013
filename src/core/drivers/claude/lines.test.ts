import fc from 'fast-check';
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
    const one = Buffer.from('too long\nfits\n12345\n123456\nok\n');
    expect(read([one], 5)).toEqual({ lines: ['fits', '12345', 'ok'], dropped: [8, 6], rest: false });
  });

  it('are the same and drop the same, however their bytes come and whatever the bound', () => {
    const text = fc.string({ unit: fc.constantFrom('a', ' ', '\n', '\n', '€', '🦊'), maxLength: 60 });
    fc.assert(
      fc.property(
        text,
        fc.array(fc.integer({ min: 1, max: 20 })),
        fc.integer({ min: 1, max: 12 }),
        (said, cuts, bound) => {
          const bytes = Buffer.from(said);
          const chunks: Buffer[] = [];
          let at = 0;
          for (const cut of [...cuts, bytes.length]) chunks.push(bytes.subarray(at, (at += cut)));
          const whole = said.split('\n');
          const size = (line: string) => Buffer.byteLength(line);
          expect(read(chunks, bound)).toEqual({
            lines: whole.filter((line) => size(line) <= bound && line.trim() !== ''),
            dropped: whole.map(size).filter((bytesOf) => bytesOf > bound),
            rest: whole.at(-1) !== '',
          });
        },
      ),
      { numRuns: 2_000 },
    );
  });
});
