import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createOffsets, type Offsets, type OffsetsState, WIDTH } from './offsets.ts';
import { linesOf } from './scan.ts';

/** The layout of an index file and what counts as an entry; another one is thrown away and made anew. */
const VERSION = 3;
/** Transcripts whose index stays in memory, the one used last being kept. */
const MOST_KNOWN = 8;
/** A smaller transcript is read faster than an index would be. */
const WORTH_KEEPING = 256 << 10;
/** An index is written down anew when its transcript has grown so many times over: all of them together cost little. */
const GROWN = 1.25;

const hashOf = (bytes: Buffer): string => createHash('sha1').update(bytes).digest('base64');

interface Known {
  offsets: Offsets;
  /** Bytes of the transcript that are in it, and of those that are in the index file. */
  covered: number;
  kept: number;
  /** One reading after the other, and one writing. */
  turn: Promise<unknown>;
  writing: Promise<void>;
}

interface Head extends OffsetsState {
  version: number;
  covered: number;
  /** Of the columns: a file that a power cut left half-written is none. */
  hash: string;
}

export interface Indexed {
  file: FileHandle;
  offsets: Offsets;
  bytes: number;
}

/**
 * Where everything stands in each transcript: read once, extended as the file grows, and kept beside it
 * (`<session>.index`), so that a long transcript opens at once after a restart too. Derived from the
 * transcript alone: whoever deletes an index loses nothing.
 * @param isOpen whether somebody may still write to a transcript: then a line without its end is waited for.
 */
export function createIndexes(pathOf: (id: string) => string, isOpen: (id: string) => boolean) {
  const known = new Map<string, Known>();
  const writing = new Set<Promise<void>>();
  const indexOf = (id: string): string => pathOf(id).replace(/\.jsonl$/, '.index');

  async function load(id: string, size: number): Promise<Known> {
    const fresh = {
      offsets: createOffsets(),
      covered: 0,
      kept: 0,
      turn: Promise.resolve(),
      writing: Promise.resolve(),
    };
    if (size < WORTH_KEEPING) return fresh;
    try {
      const bytes = await readFile(indexOf(id));
      const end = bytes.indexOf(0x0a);
      const { version, covered, hash, ...state } = JSON.parse(bytes.toString('utf8', 0, end)) as Head;
      if (hash !== hashOf(bytes.subarray(end + 1))) return fresh;
      // A copy, since the columns must begin at a multiple of eight.
      const columns = new Float64Array(Uint8Array.from(bytes.subarray(end + 1)).buffer);
      if (version !== VERSION || covered > size || columns.length !== state.count * WIDTH) return fresh;
      return { ...fresh, offsets: createOffsets({ state, columns }), covered, kept: covered };
    } catch {
      return fresh;
    }
  }

  /** Writes the index down when that is worth it. Never rejects. */
  function keep(id: string, one: Known): void {
    if (one.covered < Math.max(WORTH_KEEPING, one.kept * GROWN)) return;
    one.kept = one.covered;
    one.writing = one.writing.then(() => write(id, one));
    writing.add(one.writing);
    const done = one.writing;
    void done.then(() => writing.delete(done));
  }

  async function write(id: string, one: Known): Promise<void> {
    const columns = Buffer.from(one.offsets.columns().buffer);
    const head: Head = { version: VERSION, covered: one.covered, hash: hashOf(columns), ...one.offsets.state() };
    const beside = `${indexOf(id)}.new`;
    const bytes = Buffer.concat([Buffer.from(`${JSON.stringify(head)}\n`), columns]);
    await writeFile(beside, bytes, { mode: 0o600 })
      .then(() => rename(beside, indexOf(id)))
      // A full disk costs only the time to read the transcript again.
      .catch(() => rm(beside, { force: true }).catch(() => undefined));
  }

  /** Takes in what was written since. */
  async function catchUp(id: string, one: Known, file: FileHandle): Promise<void> {
    const { size } = await file.stat();
    for await (const lines of linesOf(file, one.covered, size, !isOpen(id))) {
      for (const { parts, at, length } of lines) one.offsets.add(parts, at, length);
      const last = lines.at(-1);
      if (last) one.covered = Math.min(size, last.at + last.length + 1);
    }
  }

  async function ready(id: string, file: FileHandle): Promise<Known> {
    const { size } = await file.stat();
    let one = known.get(id);
    // Shorter than it was: it is another file.
    if (!one || one.covered > size) one = await load(id, size);
    known.delete(id);
    known.set(id, one);
    for (const other of known.keys()) if (known.size > MOST_KNOWN) known.delete(other);
    return one;
  }

  /** Loading twice at once would index twice: whoever comes meanwhile waits for the first. */
  let loading: Promise<unknown> = Promise.resolve();

  return {
    /** Runs `work` on a transcript whose index is up to date; null when there is no transcript. */
    async with<T>(id: string, work: (indexed: Indexed) => Promise<T>): Promise<T | null> {
      const file = await open(pathOf(id), constants.O_RDONLY).catch(() => null);
      if (!file) return null;
      try {
        const mine = loading.then(() => ready(id, file));
        loading = mine.catch(() => undefined);
        const one = await mine;
        const caught = one.turn.then(() => catchUp(id, one, file));
        one.turn = caught.catch(() => undefined);
        await caught;
        keep(id, one);
        return await work({ file, offsets: one.offsets, bytes: one.covered });
      } finally {
        await file.close();
      }
    },

    /** Resolves when every index that is to be written down has been. */
    async written(): Promise<void> {
      await Promise.all(writing);
    },
  };
}
