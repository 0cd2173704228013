import type { FileHandle } from 'node:fs/promises';
import type { TranscriptFilter, TranscriptHit } from '../../shared/contract/transcripts.ts';
import type { Part } from './lines.ts';
import type { Offsets } from './offsets.ts';
import { linesOf } from './scan.ts';

/** Bytes that one call looks through, and hits that it gives: whoever wants to stop calls no more. */
const STRETCH = 4 << 20;
const MOST_HITS = 1_000;

export interface Found {
  hits: TranscriptHit[];
  next: number | null;
  bytes: number;
}

interface Wanted {
  text: string;
  only?: TranscriptFilter | undefined;
  from: number;
}

const says = (part: Part, wanted: string): boolean =>
  [part.title, part.text(), part.summary()].some((text) => text.toLowerCase().includes(wanted));

/** The entries that say a text, upper and lower case alike, in the next stretch of a transcript. */
export async function search(file: FileHandle, offsets: Offsets, bytes: number, wanted: Wanted): Promise<Found> {
  const text = wanted.text.toLowerCase();
  const { from } = wanted;
  const left = offsets.left(wanted.only);
  const places = left && new Map(left.map((n, place) => [n, place]));
  const find = offsets.finder(from, bytes);
  const numbers = new Set<number>();
  let next: number | null = null;
  search: for await (const lines of linesOf(file, from, bytes, true)) {
    for (const { parts, at, length } of lines) {
      for (const [index, part] of parts.entries()) {
        const n = find(at, index);
        if (n !== null && (places === null || places.has(n)) && !numbers.has(n) && says(part, text)) numbers.add(n);
      }
      const done = at + length + 1;
      if (done < bytes && (done - from >= STRETCH || numbers.size >= MOST_HITS)) {
        next = done;
        break search;
      }
    }
  }
  const hits = [...numbers].sort((a, b) => a - b).map((n) => ({ n, place: places?.get(n) ?? n }));
  return { hits, next, bytes };
}
