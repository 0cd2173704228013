import { type TranscriptFilter, TranscriptKind } from '../../shared/contract/transcripts.ts';
import type { Part } from './lines.ts';

/** Where an entry stands in the file, and what has to be known of it to count and to filter. */
export interface Place {
  /** Byte and length of its line, and which of the line's parts it is. */
  at: number;
  length: number;
  part: number;
  kind: TranscriptKind;
  failed: boolean;
  depth: number;
  parent: number | null;
  /** The line that answers it; null: none so far. */
  result: { at: number; length: number; part: number } | null;
}

const KINDS = TranscriptKind.options;
/** Columns of one entry. */
export const WIDTH = 10;
const AT = 0;
const LENGTH = 1;
const PART = 2;
const KIND = 3;
const FAILED = 4;
const DEPTH = 5;
const PARENT = 6;
const R_AT = 7;
const R_LENGTH = 8;
const R_PART = 9;
const NONE = -1;
const FIRST_ROOM = 256;

/** Which kinds a filter leaves; `errors` goes by failure instead. */
const LEFT: Readonly<Record<Exclude<TranscriptFilter, 'errors'>, readonly TranscriptKind[]>> = {
  text: ['prompt', 'text', 'result'],
  tools: ['tool', 'tool_result'],
};

/** What of an index is written down beside its transcript; the columns follow as bytes. */
export interface OffsetsState {
  count: number;
  open: [id: string, n: number][];
  spawners: [id: string, n: number][];
}

export type Offsets = ReturnType<typeof createOffsets>;

/**
 * The entries of one transcript by where they stand in the file: 80 bytes for each, none of their text.
 * A result is put with its call, however much later it comes.
 */
export function createOffsets(kept?: { state: OffsetsState; columns: Float64Array }) {
  let columns = kept?.columns ?? new Float64Array(FIRST_ROOM * WIDTH);
  let count = kept?.state.count ?? 0;
  /** Calls without a result so far, by their id. */
  const open = new Map(kept?.state.open);
  /** Calls that start subagents: what those say comes long after. */
  const spawners = new Map(kept?.state.spawners);

  const get = (n: number, column: number): number => columns[n * WIDTH + column] ?? NONE;
  const set = (n: number, column: number, value: number): void => {
    columns[n * WIDTH + column] = value;
  };

  function room(): number {
    if ((count + 1) * WIDTH > columns.length) {
      const wider = new Float64Array(Math.max(FIRST_ROOM * WIDTH, columns.length * 2));
      wider.set(columns);
      columns = wider;
    }
    return count++;
  }

  function answer(n: number, at: number, length: number, index: number, failed: boolean): void {
    set(n, R_AT, at);
    set(n, R_LENGTH, length);
    set(n, R_PART, index);
    if (failed) set(n, FAILED, 1);
  }

  function take(part: Part, index: number, at: number, length: number): void {
    const { kind, toolId, parentId } = part;
    if (kind === 'tool_result' && toolId !== null) {
      const call = open.get(toolId);
      if (call !== undefined) {
        open.delete(toolId);
        return answer(call, at, length, index, part.failed);
      }
    }
    const parent = parentId === null ? NONE : (spawners.get(parentId) ?? open.get(parentId) ?? NONE);
    const n = room();
    set(n, AT, at);
    set(n, LENGTH, length);
    set(n, PART, index);
    set(n, KIND, KINDS.indexOf(kind));
    set(n, FAILED, Number(part.failed));
    set(n, DEPTH, parentId === null ? 0 : parent === NONE ? 1 : get(parent, DEPTH) + 1);
    set(n, PARENT, parent);
    set(n, R_AT, NONE);
    if (kind === 'tool' && toolId !== null) {
      open.set(toolId, n);
      if (part.title === 'Agent' || part.title === 'Task') spawners.set(toolId, n);
    }
  }

  const kindOf = (n: number): TranscriptKind => KINDS[get(n, KIND)] ?? 'raw';

  return {
    get count() {
      return count;
    },

    /** The parts of a line that stands at that byte. Lines come in the order of the file. */
    add(parts: readonly Part[], at: number, length: number): void {
      for (const [index, part] of parts.entries()) take(part, index, at, length);
    },

    /** @throws RangeError when there is no such entry. */
    place(n: number): Place {
      if (!(n >= 0 && n < count)) throw new RangeError(`There is no entry ${n}.`);
      const result = get(n, R_AT);
      return {
        at: get(n, AT),
        length: get(n, LENGTH),
        part: get(n, PART),
        kind: kindOf(n),
        failed: get(n, FAILED) === 1,
        depth: get(n, DEPTH),
        parent: get(n, PARENT) === NONE ? null : get(n, PARENT),
        result: result === NONE ? null : { at: result, length: get(n, R_LENGTH), part: get(n, R_PART) },
      };
    },

    /** The numbers of the entries that a filter leaves, in order; null: it leaves all. */
    left(only: TranscriptFilter | undefined): number[] | null {
      if (only === undefined) return null;
      const kinds = only === 'errors' ? null : LEFT[only];
      const found: number[] = [];
      for (let n = 0; n < count; n++) {
        if (kinds ? kinds.includes(kindOf(n)) : get(n, FAILED) === 1) found.push(n);
      }
      return found;
    },

    /** Finds the entry that a part of a line belongs to, for lines between two bytes. */
    finder(from: number, to: number): (at: number, part: number) => number | null {
      const found = new Map<string, number>();
      for (let n = 0; n < count; n++) {
        const own = get(n, AT);
        const result = get(n, R_AT);
        if (own >= from && own < to) found.set(`${own} ${get(n, PART)}`, n);
        if (result >= from && result < to) found.set(`${result} ${get(n, R_PART)}`, n);
      }
      return (at, part) => found.get(`${at} ${part}`) ?? null;
    },

    state: (): OffsetsState => ({ count, open: [...open], spawners: [...spawners] }),
    columns: (): Float64Array => columns.slice(0, count * WIDTH),
  };
}
