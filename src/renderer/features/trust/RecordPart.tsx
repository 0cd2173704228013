import type { Trust } from '../../../shared/contract/trust.ts';
import { count, cut, cutShort, percent, when } from '../../../shared/format.ts';
import { LEVEL_WORDS, nextLevel } from '../../../shared/policy.ts';
import { useClock } from '../../hooks/use-clock.ts';
import { Facts, Part } from '../../ui/Screen.tsx';
import { LevelHint } from './LevelHint.tsx';
import { Measures } from './Measures.tsx';

/** The record at the level in force: the three measures, everything else that counts, and what is lacking. */
export function RecordPart({ trust }: { trust: Trust }) {
  return (
    <Part title={`The record at ${LEVEL_WORDS[trust.level].name}`}>
      <Measures />
      <LevelHint />
      <Facts facts={factsOf(trust)} />
      <Lack trust={trust} />
      <Reset trust={trust} />
    </Part>
  );
}

function factsOf(trust: Trust): (readonly [string, string | null])[] {
  const { thresholds: need, window, coverage, alerts } = trust;
  const judged = alerts.useful + alerts.false;
  return [
    ['Sessions that count', needed(trust.sessions, need?.minSessions)],
    ['Scored', needed(trust.evaluations, need?.minEvaluations)],
    ['Ended sessions that were scored', coverage.ratio === null ? null : percent(coverage.ratio)],
    ['Mean score, all time', trust.avgScore === null ? null : `${cut(trust.avgScore)} of 5`],
    [`Scored in the recent window, ${count(window.days, 'day')}`, needed(window.scored, window.needed)],
    ['Mean score in it', window.avgScore === null ? null : `${cut(window.avgScore)} of 5`],
    ['Days at this level, while it ran', cutShort(trust.days)],
    ['Severe events in this stay', String(trust.severe)],
    ['Poor scores in a row', `${trust.poorInRow} of the 3 that lower the level`],
    ['Without evidence, not counted', count(trust.noEvidence, 'session')],
    ['False alarms', alerts.falseRate === null ? null : `${percent(alerts.falseRate)} of ${judged} judged`],
  ];
}

/** `27 of 30`; `24, 10 needed` once there are enough. */
const needed = (have: number, need: number | undefined): string =>
  need === undefined ? String(have) : have < need ? `${have} of ${need}` : `${have}, ${need} needed`;

function Lack({ trust: { level, lack, promotion } }: { trust: Trust }) {
  const next = nextLevel(level);
  if (lack === null || next === null) return null;
  if (lack.length === 0) {
    return (
      <p className="text-trust">
        Everything that {LEVEL_WORDS[next].name} takes is there.{' '}
        {promotion?.state === 'open' ? 'It waits for your answer.' : 'The next check proposes it.'}
      </p>
    );
  }
  return (
    <div>
      <h3 className="text-ink-2">Not yet enough for {LEVEL_WORDS[next].name}</h3>
      <ul className="list-disc pl-5">
        {lack.map((one) => (
          <li key={one}>{one}</li>
        ))}
      </ul>
    </div>
  );
}

/** Why the window began anew, and the agents that are too new to raise the level on. */
function Reset({ trust: { window } }: { trust: Trust }) {
  const at = useClock((now) => (window.reset ? when(window.reset.at, now) : ''));
  return (
    <>
      {window.reset && (
        <p className="rounded-control bg-human-soft p-3 text-human">
          The recent window began anew at {at}. {window.reset.why}
        </p>
      )}
      {window.probation.length > 0 && (
        <p className="text-ink-2">
          New, so that its own record has to grow first:{' '}
          {window.probation.map(({ agent, scored }) => `${agent} (${scored} of ${window.needed} scored)`).join('; ')}.
        </p>
      )}
    </>
  );
}
