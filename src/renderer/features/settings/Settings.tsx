import { cut, cutShort } from '../../../shared/format.ts';
import { cellOf, LEVEL_WORDS, LEVELS, RISKS } from '../../../shared/policy.ts';
import { RISK_NAMES } from '../../../shared/words.ts';
import { useMirror } from '../../mirror.ts';
import { Facts, Part, Screen } from '../../ui/Screen.tsx';
import { RuleList } from '../standing/RuleList.tsx';
import { CELL_WORDS } from './cells.ts';

/** What holds now, and the file where it is changed. */
export function Settings() {
  const engine = useMirror((snapshot) => snapshot.engine);
  const trust = useMirror((snapshot) => snapshot.trust);
  const need = trust.thresholds;
  return (
    <Screen title="Settings">
      <Part title="Where">
        <p className="text-ink-2">
          Tenure reads its settings from this file and takes a change as soon as it is saved; a bad edit keeps the last
          good one and says where it is wrong.
        </p>
        <p className="card p-3 font-mono text-[0.75rem] wrap-anywhere select-all">{engine.home}/config.jsonc</p>
      </Part>
      <Part title="What holds">
        <Facts
          facts={[
            ['Sessions at once', engine.concurrency],
            ['Level', LEVEL_WORDS[trust.level].name],
            ['Data', engine.demo ? 'the demo, apart from yours' : 'yours'],
            ...(need && trust.promotionProgress
              ? ([
                  [
                    `${LEVEL_WORDS[trust.promotionProgress.nextLevel].name} needs`,
                    `${need.minSessions} sessions, ${need.minEvaluations} scored, mean ${cut(need.minAvgScore)}, ${cutShort(need.minDaysAtLevel)} days`,
                  ],
                ] as const)
              : []),
          ]}
        />
      </Part>
      <RuleList />
      <Part title="What each level may do">
        <section className="card overflow-x-auto" aria-label="Levels and risks, scrollable" tabIndex={0}>
          <table className="table">
            <thead>
              <tr>
                <th scope="col">Risk</th>
                {LEVELS.map((level) => (
                  <th key={level} scope="col" aria-current={level === trust.level || undefined}>
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
                    <td key={level} className={level === trust.level ? 'bg-sunken/60' : ''}>
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
    </Screen>
  );
}
