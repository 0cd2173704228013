import { useState } from 'react';
import type { RevenueSource, Week } from '../../../shared/contract/revenue.ts';
import { count } from '../../../shared/format.ts';
import { changeWords, NOT_YET_WEIGHED, totalWords } from '../../../shared/revenue-words.ts';
import { useClock } from '../../hooks/use-clock.ts';
import { type Query, useQuery } from '../../hooks/use-query.ts';
import { useMirror } from '../../mirror.ts';
import { Problem } from '../../ui/Field.tsx';
import { Nothing, Part, Screen } from '../../ui/Screen.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { ActButton } from '../system/ActButton.tsx';
import { EntriesDialog } from './EntriesDialog.tsx';
import { ImportDialog } from './ImportDialog.tsx';
import { ProjectLines } from './ProjectLines.tsx';
import { SourceDialog } from './SourceDialog.tsx';
import { SourceRow } from './SourceRow.tsx';
import { WeekChart } from './WeekChart.tsx';

const FRESH_MS = 30_000;
const STABLE_DAYS = 14;
const WEIGHABLE = 'Two weeks of every source are known: from here on revenue may be weighed. Nothing does so yet.';

/** Which source is asked about, and what. */
export type Asking = { what: 'add' } | { what: 'edit' | 'entries' | 'import'; source: RevenueSource };

/** What is earned: each source with its last value, the weeks, and each project beside what it cost. */
export function RevenueScreen() {
  const at = useMirror((snapshot) => snapshot.revenue?.at ?? 0);
  const tick = useClock((now) => Math.floor(now / FRESH_MS));
  const [changes, setChanges] = useState(0);
  const version = `${at} ${tick} ${changes}`;
  const sources = useQuery('revenue.sources', {}, version);
  const week = useQuery('revenue.week', {}, version);
  const [asking, setAsking] = useState<Asking | null>(null);
  const close = () => {
    setAsking(null);
    setChanges((n) => n + 1);
  };
  return (
    <Screen
      title="Revenue"
      actions={
        <ActButton kind="primary" onClick={() => setAsking({ what: 'add' })}>
          Add a source…
        </ActButton>
      }
    >
      <Problem text={sources.error ?? week.error} />
      {!sources.data && !sources.error && <Skeleton rows={5} label="Looking for sources" />}
      {sources.data?.length === 0 && (
        <Nothing>
          No sources yet. Add what earns: a mining pool, a model server, a web server's access log, or amounts that you
          enter yourself. Tenure then sets it beside what the agents cost.
        </Nothing>
      )}
      {sources.data && sources.data.length > 0 && (
        <>
          <Overview week={week} sources={sources.data} />
          <WeekChart version={version} />
          <Part title="Sources">
            <ul className="card divide-y divide-line">
              {sources.data.map((source) => (
                <SourceRow
                  key={source.id}
                  source={source}
                  week={week.data?.sources.find(({ sourceId }) => sourceId === source.id)}
                  ask={setAsking}
                  changed={() => setChanges((n) => n + 1)}
                />
              ))}
            </ul>
          </Part>
          <ProjectLines version={version} />
        </>
      )}
      {asking?.what === 'add' && <SourceDialog source={null} onClose={close} />}
      {asking?.what === 'edit' && <SourceDialog source={asking.source} onClose={close} />}
      {asking?.what === 'entries' && <EntriesDialog source={asking.source} onClose={close} />}
      {asking?.what === 'import' && <ImportDialog source={asking.source} onClose={close} />}
    </Screen>
  );
}

function Overview({ week, sources }: { week: Query<Week>; sources: readonly RevenueSource[] }) {
  const { data } = week;
  return (
    <Part title="Last seven days">
      <div className="card flex flex-col gap-1 p-3">
        {data && (
          <>
            <p className={`text-title font-strong ${data.total.microUsd === null ? 'text-ink-3' : ''}`}>
              {totalWords(data.total)}
            </p>
            <p className="text-ink-2">
              {data.total.microUsd === null && data.previous.microUsd === null
                ? 'Nothing is known of these seven days, nor of the seven before.'
                : `Against ${totalWords(data.previous)} in the seven days before: ${changeWords(data.change)}`}
            </p>
          </>
        )}
        <p className="text-small text-ink-3">{data?.stable ? WEIGHABLE : stabilityOf(sources)}</p>
      </div>
    </Part>
  );
}

/** Why revenue is not weighed, and how far the two weeks have come. */
function stabilityOf(sources: readonly RevenueSource[]): string {
  const days = sources.flatMap(({ stableDays }) => stableDays ?? []);
  if (days.length === 0) return NOT_YET_WEIGHED;
  return `${NOT_YET_WEIGHED} Known so far: ${count(Math.min(...days), 'day')} of ${STABLE_DAYS} from every source.`;
}
