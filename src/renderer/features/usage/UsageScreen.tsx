import { useState } from 'react';
import type { Usage } from '../../../shared/contract/usage.ts';
import { count } from '../../../shared/format.ts';
import { costWords, tokenWords } from '../../../shared/usage-words.ts';
import { useClock } from '../../hooks/use-clock.ts';
import { useKept } from '../../hooks/use-kept.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { useMirror } from '../../mirror.ts';
import { isOneOf } from '../../remembered.ts';
import { hashOf } from '../../route.ts';
import { Button } from '../../ui/Button.tsx';
import { Problem } from '../../ui/Field.tsx';
import { Facts, Nothing, Screen } from '../../ui/Screen.tsx';
import { Select } from '../../ui/Select.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { saveCsv } from '../../ui/save.ts';
import { LaunchButton } from '../launch/LaunchButton.tsx';
import { TelemetryPart } from '../telemetry/TelemetryPart.tsx';
import { Budgets } from './Budgets.tsx';
import { csvOf } from './csv.ts';
import { DayChart } from './DayChart.tsx';
import { LimitsPart } from './LimitsPart.tsx';
import { SumTable } from './SumTable.tsx';

const RANGES = [7, 30, 90] as const;
const FRESH_MS = 30_000;

/** What agents used and cost, what may still be spent, and how each model has done. */
export function UsageScreen() {
  const [days, setDays] = useKept<number>('usage.days', isOneOf(RANGES), 30);
  const [changes, setChanges] = useState(0);
  // New figures come with the start and the end of runs, and of running ones now and then.
  const runs = useMirror((snapshot) => snapshot.sessions.map(({ id, state }) => `${id}${state}`).join());
  const tick = useClock((now) => Math.floor(now / FRESH_MS));
  const version = `${runs} ${tick} ${changes}`;
  const { data, error } = useQuery('usage.summary', { days }, version);
  return (
    <Screen
      title="Usage"
      actions={
        <>
          <Select
            aria-label="Days"
            value={String(days)}
            options={RANGES.map((range) => [String(range), `${range} days`])}
            onChange={(chosen) => setDays(Number(chosen))}
          />
          <Button
            why={data ? null : 'There are no figures yet.'}
            onClick={() => data && saveCsv(`tenure-usage-${data.today}.csv`, csvOf(data.byDay))}
          >
            Export CSV
          </Button>
        </>
      }
    >
      <Problem text={error} />
      {!data && !error && <Skeleton rows={8} label="Adding up" />}
      {data && <Figures usage={data} changed={() => setChanges((n) => n + 1)} />}
      <LimitsPart />
      <TelemetryPart days={days} version={version} />
    </Screen>
  );
}

function Figures({ usage, changed }: { usage: Usage; changed: () => void }) {
  const { total } = usage;
  const budgets = <Budgets budgets={usage.budgets} changed={changed} />;
  if (total.runs === 0) {
    return (
      <>
        <Nothing act={<LaunchButton />}>
          Nothing has run in the last {usage.days} days. What a session uses is added up here.
        </Nothing>
        {budgets}
      </>
    );
  }
  return (
    <>
      <Facts
        facts={[
          ['List price', costWords(total)],
          ['Runs', count(total.runs, 'run')],
          ['Tokens in', tokenWords(total.inputTokens, total.tokensUnknown)],
          ['Tokens out', tokenWords(total.outputTokens, total.tokensUnknown)],
          ['Read from cache', tokenWords(total.cacheReadTokens, total.cacheUnknown)],
          ['Days begin in', usage.timezone],
        ]}
      />
      <DayChart days={usage.byDay} today={usage.today} />
      {budgets}
      <SumTable
        title="By project"
        head="Project"
        rows={usage.byProject.map((row) => ({ ...row, key: row.projectId ?? 'own' }))}
      />
      <SumTable
        title="By model"
        head="Model"
        rows={usage.byModel.map((row) => ({ ...row, key: row.model, name: row.model }))}
      />
      <SumTable
        title="Dearest sessions"
        head="Session"
        rows={usage.sessions.map((row) => ({
          ...row,
          key: row.sessionId,
          name: (
            <a href={hashOf('sessions', row.sessionId)} className="link">
              {row.project}: {row.task}
            </a>
          ),
        }))}
      />
    </>
  );
}
