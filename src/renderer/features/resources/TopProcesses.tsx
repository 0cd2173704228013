import { useState } from 'react';
import { bytes, percent } from '../../../shared/format.ts';
import { useClock } from '../../hooks/use-clock.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { Button } from '../../ui/Button.tsx';
import { Problem } from '../../ui/Field.tsx';
import { Part } from '../../ui/Screen.tsx';

const EVERY_MS = 3_000;
const SHOWN = 8;

/** What uses the most. Listing processes is dear: only while this is open. */
export function TopProcesses() {
  const [isOpen, setOpen] = useState(false);
  return (
    <Part
      title="Processes that use the most"
      actions={
        <Button kind="quiet" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {isOpen ? 'Hide' : 'Show'}
        </Button>
      }
    >
      {isOpen && <Processes />}
    </Part>
  );
}

function Processes() {
  const [by, setBy] = useState<'cpu' | 'memoryBytes'>('cpu');
  const turn = useClock((now) => Math.floor(now / EVERY_MS));
  const { data, error } = useQuery('resources.top', {}, turn);
  return (
    <div className="card overflow-x-auto">
      <Problem text={error} />
      <table className="table">
        <thead>
          <tr>
            <th scope="col">Process</th>
            {(['cpu', 'memoryBytes'] as const).map((one) => (
              <th key={one} scope="col" aria-sort={one === by ? 'descending' : undefined}>
                <button type="button" className="link" onClick={() => setBy(one)}>
                  {one === 'cpu' ? 'CPU' : 'Memory'}
                </button>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {data
            ?.toSorted((a, b) => b[by] - a[by])
            .slice(0, SHOWN)
            .map(({ pid, name, cpu, memoryBytes }) => (
              <tr key={pid}>
                <th scope="row">
                  {name} <span className="text-ink-3">{pid}</span>
                </th>
                <td>{percent(cpu)}</td>
                <td>{bytes(memoryBytes)}</td>
              </tr>
            ))}
        </tbody>
      </table>
      <p className="px-3 pb-2 text-small text-ink-3">100 % of CPU is one core.</p>
    </div>
  );
}
