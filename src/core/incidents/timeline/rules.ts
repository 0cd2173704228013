import type { Check } from '../../../shared/contract/check.ts';

/** An entry of the timeline that stands for checks in a row. */
export interface Row {
  /** Epoch ms of the first and of the newest. */
  at: number;
  until: number;
  /** What the first of them saw. */
  text: string;
  good: number;
  failed: number;
  unknown: number;
}

/** What is measured anew each time: `(412)` in a condition, `5000 ms`, `92 s`, `81.3 %`, `41d`. */
const MEASURED = /\(-?\d[\d.]*\)|\b\d[\d.]*(?= ?(ms|s|%|d|h|min)(?![\w]))/g;

export const rowOf = ({ at, ok, detail }: Check): Row => ({
  at,
  until: at,
  text: detail,
  good: Number(ok === true),
  failed: Number(ok === false),
  unknown: Number(ok === null),
});

/** Does a check say the same as those of the row? Figures that are measured may differ. */
export function isLike(row: Row, { ok, detail }: Check): boolean {
  const { good, failed, unknown } = row;
  const count = ok === null ? unknown : ok ? good : failed;
  // One that was rolled up holds different ones, and grows no more by itself.
  if (count === 0 || count !== good + failed + unknown) return false;
  return row.text.replace(MEASURED, '#') === detail.replace(MEASURED, '#');
}

/** Two rows as one. */
export const joined = (older: Row, newer: Row): Row => ({
  at: older.at,
  until: newer.until,
  text: older.text,
  good: older.good + newer.good,
  failed: older.failed + newer.failed,
  unknown: older.unknown + newer.unknown,
});
