import { whyNotLevel } from '../../../shared/can.ts';
import { whyNotRaise } from '../../../shared/ledger-words.ts';
import { LEVEL_WORDS, LEVELS, type Level } from '../../../shared/policy.ts';
import { useAct } from '../../hooks/use-act.ts';
import { useAway } from '../../hooks/use-away.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { useMirror } from '../../mirror.ts';
import { Button } from '../../ui/Button.tsx';
import { Problem } from '../../ui/Field.tsx';
import { Ladder } from '../../ui/Ladder.tsx';
import { Part, Screen } from '../../ui/Screen.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { openDialog, say } from '../../ui.ts';
import { AgreementPart } from '../evaluation/AgreementPart.tsx';
import { LedgerLine } from '../ledger/LedgerLine.tsx';
import { ActButton } from '../system/ActButton.tsx';
import { AlertsPart } from './AlertsPart.tsx';
import { Events } from './Events.tsx';
import { HistoryChart } from './HistoryChart.tsx';
import { PromotionCard } from './PromotionCard.tsx';
import { Promotions } from './Promotions.tsx';
import { RecordPart } from './RecordPart.tsx';
import { Shadows } from './Shadows.tsx';
import { Stays } from './Stays.tsx';

/** The whole record: where it stands on the ladder, how it got there, what it lacks, and every event of it. */
export function TrustScreen() {
  const trust = useMirror((snapshot) => snapshot.trust);
  const told = useMirror(({ alerts }) => alerts.changes);
  const stay = `${trust.level} ${trust.since} ${trust.promotion?.id} ${trust.promotion?.state} ${trust.severe}`;
  const scores = `${trust.sessions} ${trust.evaluations} ${trust.unscored} ${trust.avgScore} ${trust.since}`;
  const history = useQuery('trust.history', {}, stay);
  return (
    <Screen title="Trust" actions={<CheckNow level={trust.level} />}>
      <LedgerLine />
      {trust.promotion?.state === 'open' && <PromotionCard promotion={trust.promotion} whole />}
      <RecordPart trust={trust} />
      <Part
        title="The ladder"
        actions={
          <ActButton kind="quiet" onClick={() => openDialog({ kind: 'report-severe' })}>
            Report something severe…
          </ActButton>
        }
      >
        <ol className="card divide-y divide-line">
          {LEVELS.toReversed().map((level) => (
            <Step key={level} level={level} at={trust.level} />
          ))}
        </ol>
      </Part>
      {!history.data && !history.error && <Skeleton rows={5} label="Reading the history" />}
      {history.data && (
        <HistoryChart
          intervals={history.data.intervals}
          version={scores}
          window={trust.window.needed}
          needed={trust.thresholds?.minAvgScore ?? null}
        />
      )}
      <Shadows />
      <AlertsPart />
      <AgreementPart />
      <Problem text={history.error} />
      <Stays intervals={history.data?.intervals ?? []} />
      <Promotions promotions={history.data?.promotions ?? []} />
      <Events version={`${stay} ${scores} ${told}`} />
    </Screen>
  );
}

function Step({ level, at }: { level: Level; at: Level }) {
  const { name, adds, stillAsks } = LEVEL_WORDS[level];
  const doubted = useMirror((snapshot) => whyNotRaise(snapshot.ledger));
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
        <Button
          why={away ?? whyNotLevel(at, level) ?? (up ? doubted : null)}
          onClick={() => openDialog({ kind: 'level', to: level })}
        >
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
