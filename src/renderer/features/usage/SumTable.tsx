import type { ReactNode } from 'react';
import type { UsageSum } from '../../../shared/contract/usage.ts';
import { costWords, tokenWords } from '../../../shared/usage-words.ts';
import { Part } from '../../ui/Screen.tsx';
import { Table } from '../../ui/Table.tsx';

export interface SumRow extends UsageSum {
  key: string;
  name: ReactNode;
}

/** Sums under one another, the dearest first. */
export function SumTable({ title, head, rows }: { title: string; head: string; rows: readonly SumRow[] }) {
  if (rows.length === 0) return null;
  return (
    <Part title={title}>
      <Table name={title} head={[head, 'Runs', 'In', 'Of it cached', 'Out', 'List price']}>
        {rows.map((row) => (
          <tr key={row.key}>
            <th scope="row" className="min-w-40 font-normal wrap-anywhere">
              {row.name}
            </th>
            <td>{row.running > 0 ? `${row.runs} (${row.running} running)` : row.runs}</td>
            <td>{tokenWords(row.inputTokens, row.tokensUnknown)}</td>
            <td>{tokenWords(row.cacheReadTokens, row.cacheUnknown)}</td>
            <td>{tokenWords(row.outputTokens, row.tokensUnknown)}</td>
            <td className="w-full">{costWords(row)}</td>
          </tr>
        ))}
      </Table>
    </Part>
  );
}
