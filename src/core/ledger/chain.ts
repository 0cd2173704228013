import { NOTHING_BEFORE, type Row, sealedOf } from './rules.ts';
import { hashOf, type Seal } from './seal.ts';

/** An event that something outside of the database stands for. */
export interface Mark {
  seq: number;
  hash: string;
  mac: string;
}

export interface ChainDeps {
  /** Null: nothing can be said about MACs. */
  seal: Seal | null;
  /** Where the newest epoch begins. What stands before it was accepted as it stood. */
  epoch: number;
  /** The newest signed checkpoint of this epoch: the MACs up to it need no look. */
  mark: Mark | null;
  /** Every MAC, whatever the mark says. */
  full: boolean;
}

/** One more event into what stands for all that was accepted before an epoch. */
export const accepted = (digest: string, row: Row): string => hashOf(digest + JSON.stringify(row));

export const sealedRow = ([seq, at, kind, subject, body, prev]: Row, prevMac: string): string =>
  sealedOf({ seq, at, kind, subject, body, prev }, prevMac);

/** Looks at a chain from its first event to its last, once: does everything fit? */
export function createChainCheck({ seal, epoch, mark, full }: ChainDeps) {
  const proven = full || mark === null ? 0 : mark.seq;
  let lastHash = NOTHING_BEFORE;
  let lastMac = NOTHING_BEFORE;
  let lastSeq = epoch - 1;
  let digest = NOTHING_BEFORE;
  let sawMark = mark === null;
  let fits = true;
  let count = 0;

  function look(row: Row): boolean {
    const [seq, , , , , prev, hash, mac] = row;
    if (seq < epoch) {
      digest = accepted(digest, row);
      return true;
    }
    if (seq === epoch) lastHash = digest;
    const holds = seq === lastSeq + 1 && prev === lastHash && hash === hashOf(sealedRow(row, lastMac));
    if (!holds || (seq > proven && seal !== null && mac !== seal.mac(hash))) return false;
    if (seq === mark?.seq) {
      if (hash !== mark.hash || mac !== mark.mac) return false;
      sawMark = true;
    }
    lastHash = hash;
    lastMac = mac;
    lastSeq = seq;
    return true;
  }

  return {
    /** @returns false once something does not fit; there is no way back from it. */
    feed(rows: readonly Row[]): boolean {
      count += rows.length;
      for (let at = 0; fits && at < rows.length; at++) fits = look(rows[at] as Row);
      return fits;
    },
    /** All events were given: do they, and is what the mark stands for among them? */
    end: (): boolean => fits && sawMark && lastSeq >= epoch,
    count: (): number => count,
  };
}
