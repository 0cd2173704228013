import type { Finding, FindingName } from '../../shared/contract/ledger.ts';
import { accepted, type ChainDeps, sealedRow } from './chain.ts';
import { findingOf, NOTHING_BEFORE, type Row } from './rules.ts';
import { hashOf } from './seal.ts';

interface DiagnosisDeps extends ChainDeps {
  /** Where else an event with that hash stands, not far from that sequence; null: nowhere. */
  elsewhere(hash: string, near: number): number | null;
  /** The newest checkpoint that the database itself remembers, 0: none. */
  remembered: number;
}

/** An event that nobody without the key has made. */
interface Genuine {
  /** The sequence with which it was written, wherever it stands now. */
  original: number;
  hash: string;
}

/** Most findings that are told apart; whoever has seen so many needs no more. */
const MOST = 20;

/**
 * Names what was done to a chain that does not fit. A MAC tells which events are genuine, their own hash
 * what they said and where they stood: what was changed, moved, left out or put in follows from both.
 */
export function createDiagnosis({ seal, epoch, mark, elsewhere, remembered }: DiagnosisDeps) {
  const findings: Finding[] = [];
  let digest = NOTHING_BEFORE;
  let last: Genuine = { original: epoch - 1, hash: NOTHING_BEFORE };
  let lastRow: { seq: number; mac: string } = { seq: epoch - 1, mac: NOTHING_BEFORE };
  /** By how much events stand behind the place where they were written. */
  let shift = 0;
  let fakes: { seq: number; isWhole: boolean; hash: string }[] = [];
  let atMark: string | null = null;

  function found(name: FindingName, from: number, to = from): void {
    const before = findings.at(-1);
    if (before?.name === name && before.to !== null && from <= before.to + 1) {
      findings[findings.length - 1] = findingOf(name, before.from, Math.max(before.to, to));
    } else if (findings.length < MOST) findings.push(findingOf(name, from, to));
  }

  const isEpoch = (seq: number): boolean => seq === epoch;
  const macBefore = (row: Row): string =>
    isEpoch(row[0]) ? NOTHING_BEFORE : seal === null ? lastRow.mac : seal.mac(row[5]);

  const fitsAt = (row: Row, seq: number): boolean =>
    row[6] === hashOf(sealedRow([seq, row[1], row[2], row[3], row[4], row[5], row[6], row[7]], macBefore(row)));

  /** The sequence with which a genuine event was written; null: what it says was changed. */
  function originalOf(row: Row): number | null {
    const [seq, , , , , prev] = row;
    const likely = seq - shift;
    const stands = elsewhere(prev, seq);
    const tries = [seq, likely, likely + 1, likely - 1, likely + 2, likely - 2, last.original + 1];
    if (stands !== null) tries.push(stands + 1, stands - shift + 1);
    return tries.find((at) => at > 0 && fitsAt(row, at)) ?? null;
  }

  /** What stands between two genuine events, or at the end, and is not genuine itself. */
  function judgeFakes(next: Row | null): void {
    const [first] = fakes;
    const final = fakes.at(-1);
    if (!first || !final) return;
    if (next !== null && next[5] === last.hash) found('inserted', first.seq, final.seq);
    else {
      const isCovered = first.seq === epoch || (mark !== null && first.seq <= mark.seq);
      for (const { seq, isWhole, hash } of fakes) {
        const isMacAlone = next !== null && next[5] === hash;
        const made = next !== null || isCovered ? 'rehashed' : 'inserted';
        found(isWhole && !isMacAlone ? made : 'edited', seq);
      }
    }
    fakes = [];
  }

  function judgeGenuine(row: Row): void {
    const [seq, , , , , prev, hash] = row;
    const original = originalOf(row);
    const hadFakes = fakes.length > 0;
    judgeFakes(row);
    if (original === null) {
      found('edited', seq);
      last = { original: seq - shift, hash };
      return;
    }
    if (prev === last.hash || hadFakes) {
      if (!hadFakes && seq - original !== shift) found('edited', seq);
    } else if (original !== seq && elsewhere(hash, seq) !== null) found('inserted', seq);
    else if (elsewhere(prev, seq) !== null) found('reordered', seq);
    else if (original > last.original + 1) found('deleted', last.original + 1, original - 1);
    else found('rolled-back', seq);
    shift = seq - original;
    last = { original, hash };
  }

  function look(row: Row): void {
    const [seq, , , , , prev, hash, mac] = row;
    if (seq < epoch) {
      digest = accepted(digest, row);
      return;
    }
    if (last.original === epoch - 1 && last.hash === NOTHING_BEFORE) last = { original: epoch - 1, hash: digest };
    if (seq === mark?.seq) atMark = hash === mark.hash && mac === mark.mac ? 'as it was' : 'other';
    const isWhole = hash === hashOf(sealedRow(row, lastRow.mac)) || fitsAt(row, seq);
    if (seal === null && seq > lastRow.seq + 1) found('deleted', lastRow.seq + 1, seq - 1);
    const isClean = fakes.length === 0 && shift === 0 && seq === lastRow.seq + 1 && prev === last.hash && isWhole;
    if (seal !== null && mac !== seal.mac(hash)) fakes.push({ seq, isWhole, hash });
    else if (isClean) last = { original: seq, hash };
    else judgeGenuine(row);
    lastRow = { seq, mac };
  }

  return {
    feed(rows: readonly Row[]): void {
      for (const row of rows) look(row);
    },
    end(): Finding[] {
      judgeFakes(null);
      if (mark !== null && lastRow.seq < mark.seq) {
        // The database remembers more than it holds: its end was cut off. Else all of it is older.
        found(remembered > lastRow.seq ? 'cut' : 'rolled-back', lastRow.seq + 1, mark.seq);
      } else if (mark !== null && atMark !== 'as it was' && findings.length === 0) found('rolled-back', mark.seq);
      if (findings.length === 0) found('edited', epoch);
      return findings;
    },
  };
}
