import { cellOf, LEVEL_WORDS, LEVELS, RISKS } from '../../../shared/policy.ts';
import { RISK_NAMES } from '../../../shared/words.ts';
import { useMirror } from '../../mirror.ts';
import { Part } from '../../ui/Screen.tsx';
import { CELL_WORDS } from './cells.ts';

/** The one table by which the gate decides. */
export function LevelTable() {
  const current = useMirror((snapshot) => snapshot.trust.level);
  return (
    <Part title="What each level may do">
      <section className="card overflow-x-auto" aria-label="Levels and risks, scrollable" tabIndex={0}>
        <table className="table">
          <thead>
            <tr>
              <th scope="col">Risk</th>
              {LEVELS.map((level) => (
                <th key={level} scope="col" aria-current={level === current || undefined}>
                  {LEVEL_WORDS[level].name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {RISKS.map((risk) => (
              <tr key={risk}>
                <th scope="row">{RISK_NAMES[risk]}</th>
                {LEVELS.map((level) => (
                  <td key={level} className={level === current ? 'bg-sunken/60' : ''}>
                    {CELL_WORDS[cellOf(level, risk)]}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <p className="text-small text-ink-3">
        Eligible: an agent whose score is 800 or more, not its first action of this kind, no failure of it in the
        window, inside the rate limit. Hard denies stand above every row; a project's ceiling may lower what holds.
      </p>
    </Part>
  );
}
