import type { ReactNode } from 'react';
import { Button } from './Button.tsx';

interface TableProps {
  /** What its rows are, for who reads it by keyboard or by ear. */
  name: string;
  /** One name for each column. */
  head: readonly string[];
  /** Shown above it. */
  caption?: string;
  /** What a row is of stays in sight; its own cell in the rows is the caller's. */
  firstStays?: boolean;
  /** Of what it lies on. */
  className?: string;
  /** Its rows. */
  children: ReactNode;
}

/** Rows under named columns; where they do not fit, they are scrolled, also by keyboard. */
export function Table(props: TableProps) {
  const { name, head, caption, firstStays = false, className = 'card overflow-x-auto', children } = props;
  return (
    <section className={className} aria-label={`${name}, scrollable`} tabIndex={0}>
      <table className="table">
        {caption && <caption className="px-3 pt-2 text-left text-small text-ink-3">{caption}</caption>}
        <thead>
          <tr>
            {head.map((column, n) => (
              <th key={column} scope="col" className={firstStays && n === 0 ? 'sticky left-0 bg-surface' : undefined}>
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </section>
  );
}

/** Shows the figures of a chart as a table instead, or the chart again. */
export function TableToggle({ on, onChange }: { on: boolean; onChange(on: boolean): void }) {
  return (
    <Button kind="quiet" aria-pressed={on} onClick={() => onChange(!on)}>
      As a table
    </Button>
  );
}
