import { whyNotLevel } from '../../../shared/can.ts';
import type { LevelInterval, Promotion } from '../../../shared/contract/trust.ts';
import { count, cut, cutShort, span } from '../../../shared/format.ts';
import { LEVEL_WORDS, LEVELS, type Level } from '../../../shared/policy.ts';
import { PROMOTION_WORDS } from '../../../shared/words.ts';
import { useAct } from '../../hooks/use-act.ts';
import { useAway } from '../../hooks/use-away.ts';
import { useClock } from '../../hooks/use-clock.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { useMirror } from '../../mirror.ts';
import { Button } from '../../ui/Button.tsx';
import { Problem } from '../../ui/Field.tsx';
import { Ladder } from '../../ui/Ladder.tsx';
import { Facts, Nothing, Part, Screen } from '../../ui/Screen.tsx';
import { Moment } from '../../ui/Time.tsx';
import { openDialog, say } from '../../ui.ts';
import { AgreementPart } from '../evaluation/AgreementPart.tsx';
import { LedgerLine } from '../ledger/LedgerLine.tsx';
import { evidenceOf } from './evidence.ts';
import { HistoryChart } from './HistoryChart.tsx';
import { LevelHint } from './LevelHint.tsx';
import { Measures } from './Measures.tsx';
import { PromotionCard } from './PromotionCard.tsx';

/** The whole record: where it stands on the ladder, how it got there, and what it lacks. */
export function TrustScreen() {
  const trust = useMirror((snapshot) => snapshot.trust);
  const history = useQuery(
    'trust.history',
    {},
    `${trust.level} ${trust.since} ${trust.promotion?.id} ${trust.promotion?.state}`,
  );
  return (
    <Screen title="Trust" actions={<CheckNow level={trust.level} />}>
      <LedgerLine />
      {trust.promotion?.state === 'open' && <PromotionCard promotion={trust.promotion} whole />}
      <Part title={`The record at ${LEVEL_WORDS[trust.level].name}`}>
        <Measures />
        <LevelHint />
        <Facts
          facts={[
            ['Sessions', count(trust.sessions, 'session')],
            ['Scored', count(trust.evaluations, 'session')],
            ['Unscored', count(trust.unscored, 'session')],
            ['Mean score', trust.avgScore === null ? 'none yet' : `${cut(trust.avgScore)} of 5`],
            ['Days at this level', cutShort(trust.days)],
            ...(trust.thresholds
              ? ([['The next level needs', `${trust.thresholds.minEvaluations} scored sessions at least`]] as const)
              : []),
          ]}
        />
      </Part>
      <Part title="The ladder">
        <ol className="card divide-y divide-line">
          {LEVELS.toReversed().map((level) => (
            <Step key={level} level={level} at={trust.level} />
          ))}
        </ol>
      </Part>
      {history.data && (
        <HistoryChart
          intervals={history.data.intervals}
          version={`${trust.evaluations} ${trust.avgScore} ${trust.since}`}
          needed={trust.thresholds?.minAvgScore ?? null}
        />
      )}
      <AgreementPart />
      <Problem text={history.error} />
      <Intervals intervals={history.data?.intervals ?? []} />
      <Promotions promotions={history.data?.promotions ?? []} />
    </Screen>
  );
}

function Step({ level, at }: { level: Level; at: Level }) {
  const { name, adds, stillAsks } = LEVEL_WORDS[level];
  const away = useAway();
  const up = LEVELS.indexOf(level) > LEVELS.indexOf(at);
  return (
    <li
      aria-current={level === at ? 'step' : undefined}
      className="flex flex-wrap items-start gap-x-4 gap-y-2 p-3 aria-[current]:bg-sunken/60"
    >
      <Ladder level={level} className="mt-0.5 h-5 w-6" />
      <div className="min-w-52 flex-1">
        <h3 className="font-strong">
          {name}
          {level === at && <span className="font-normal text-ink-2">, now</span>}
        </h3>
        <p>
          <span className="text-ink-2">Allows </span>
          {adds.join(', ')}
        </p>
        <p>
          <span className="text-ink-2">Asks for </span>
          {stillAsks.join('; ')}
        </p>
      </div>
      {level !== at && (
        <Button why={away ?? whyNotLevel(at, level)} onClick={() => openDialog({ kind: 'level', to: level })}>
          {up ? 'Go up to' : 'Go down to'} {name}…
        </Button>
      )}
    </li>
  );
}

function CheckNow({ level }: { level: Level }) {
  const check = useAct('trust.check');
  const away = useAway();
  const why =
    level === 'observe' ? 'Nobody is promoted out of Observe.' : level === 'full' ? 'Full is the highest level.' : null;
  const run = async () => {
    const result = await check.run({});
    if (result) say(result.promotion ? 'A promotion was proposed.' : 'The record does not reach the next level yet.');
  };
  return (
    <>
      <Problem text={check.error} />
      <Button busy={check.busy} why={away ?? why} onClick={() => void run()}>
        Check now
      </Button>
    </>
  );
}

function Held({ from, to }: { from: number; to: number | null }) {
  return useClock((now) => span((to ?? now) - from));
}

function Intervals({ intervals }: { intervals: readonly LevelInterval[] }) {
  return (
    <Part title="Time at each level">
      {intervals.length === 0 ? (
        <Nothing>No interval is known.</Nothing>
      ) : (
        <section className="card overflow-x-auto" aria-label="Intervals, scrollable" tabIndex={0}>
          <table className="table">
            <thead>
              <tr>
                <th scope="col">Level</th>
                <th scope="col">From</th>
                <th scope="col">To</th>
                <th scope="col">Held</th>
                <th scope="col">By</th>
                <th scope="col">Why</th>
              </tr>
            </thead>
            <tbody>
              {intervals.map(({ level, enteredAt, leftAt, by, reason }) => (
                <tr key={`${level} ${enteredAt}`}>
                  <th scope="row">{LEVEL_WORDS[level].name}</th>
                  <td>
                    <Moment at={enteredAt} />
                  </td>
                  <td>{leftAt === null ? 'now' : <Moment at={leftAt} />}</td>
                  <td>
                    <Held from={enteredAt} to={leftAt} />
                  </td>
                  <td>{by}</td>
                  <td className="w-full">{reason}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </Part>
  );
}

function Promotions({ promotions }: { promotions: readonly Promotion[] }) {
  return (
    <Part title="Promotions">
      {promotions.length === 0 && <Nothing>None was proposed yet. The record is checked once a day.</Nothing>}
      {promotions.length > 0 && (
        <ul className="card divide-y divide-line">
          {promotions.map((promotion) => (
            <li key={promotion.id} className="p-3">
              <p className="flex flex-wrap justify-between gap-x-3">
                <span className="font-strong">
                  {LEVEL_WORDS[promotion.from].name} to {LEVEL_WORDS[promotion.to].name}
                </span>
                <span className="text-ink-2">
                  {PROMOTION_WORDS[promotion.state]}
                  {promotion.decidedBy && ` by ${promotion.decidedBy}`},{' '}
                  <Moment at={promotion.decidedAt ?? promotion.proposedAt} />
                </span>
              </p>
              <p className="text-ink-2">{evidenceOf(promotion.evidence, promotion.from)}</p>
              {promotion.reason && <p>“{promotion.reason}”</p>}
            </li>
          ))}
        </ul>
      )}
    </Part>
  );
}
