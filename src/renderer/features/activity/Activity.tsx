import { useDeferredValue, useMemo, useState } from 'react';
import { activityCsv, everyEntry } from '../../../shared/activity-export.ts';
import { type ActivityEntry, type ActivityFilter, AREAS, type Area } from '../../../shared/contract/activity.ts';
import { count, whole } from '../../../shared/format.ts';
import { call, sentenceOf } from '../../api.ts';
import { useClock } from '../../hooks/use-clock.ts';
import { useKept } from '../../hooks/use-kept.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { mirror } from '../../mirror.ts';
import { isOneOf, isText, isTexts } from '../../remembered.ts';
import { Button } from '../../ui/Button.tsx';
import { Check } from '../../ui/Check.tsx';
import { Problem } from '../../ui/Field.tsx';
import { FilterBar } from '../../ui/FilterBar.tsx';
import { Mark, type MarkShape, type Tone } from '../../ui/Mark.tsx';
import { Nothing, Screen } from '../../ui/Screen.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { saveCsv } from '../../ui/save.ts';
import { Moment } from '../../ui/Time.tsx';
import { say } from '../../ui.ts';
import { LaunchButton } from '../launch/LaunchButton.tsx';
import { Daily } from './Daily.tsx';

const PAGE = 100;
const MOST_SHOWN = 1_000;
const FACES: Readonly<Record<Area, readonly [MarkShape, Tone, string]>> = {
  sessions: ['dot', 'work', 'Sessions'],
  decisions: ['diamond', 'human', 'Decisions'],
  trust: ['square', 'trust', 'Trust'],
  services: ['square', 'bad', 'Services'],
  projects: ['ring', 'mute', 'Projects'],
  money: ['dot', 'trust', 'Money'],
  machine: ['dash', 'mute', 'Machine'],
};

const isArea = isOneOf(AREAS);
const isFilter = (value: unknown): value is ActivityFilter =>
  typeof value === 'object' &&
  value !== null &&
  Object.entries(value).every(([key, one]) =>
    key === 'areas' ? isTexts(one) && one.every(isArea) : key === 'routine' ? typeof one === 'boolean' : isText(one),
  );

/** One searchable log of everything that happened, newest first. */
export function Activity() {
  const [filter, setFilter] = useKept<ActivityFilter>('activity', isFilter, {});
  const [limit, setLimit] = useState(PAGE);
  const wanted = useDeferredValue(filter);
  // Asked for again at most once a second, and only when something has happened.
  const version = useClock(() => mirror.getState().snapshot?.seq ?? 0);
  const { data, error, loading } = useQuery('activity.list', { ...wanted, limit }, version);
  const narrow = (change: Partial<ActivityFilter>) => {
    setLimit(PAGE);
    setFilter((now) => Object.fromEntries(Object.entries({ ...now, ...change }).filter(([, value]) => value !== '')));
  };
  const area = filter.areas?.[0] ?? null;
  const isFiltered = Object.keys(filter).some((key) => key !== 'routine');
  return (
    <Screen title="Activity" actions={<Export filter={wanted} total={data?.total ?? 0} />}>
      <Daily />
      <FilterBar
        chips={{
          label: 'Filter by what it is about',
          options: [['all', 'All'], ...AREAS.map((one) => [one, FACES[one][2]] as const)],
          value: area ?? 'all',
          onPick: (one: Area | 'all') => {
            setLimit(PAGE);
            setFilter(({ areas: _areas, ...rest }) => (one === 'all' ? rest : { ...rest, areas: [one] }));
          },
        }}
        search={{
          label: 'Search the log',
          placeholder: 'Search: words in any order',
          text: filter.text ?? '',
          onType: (text) => narrow({ text }),
        }}
        choices={[
          {
            label: 'About',
            all: 'About: everything',
            value: filter.subject,
            options: (data?.subjects ?? []).map((subject) => [subject, subject]),
            onPick: (subject) => narrow({ subject }),
          },
        ]}
        found={
          <>
            {data && count(data.total, 'entry', 'entries')}
            {data?.from !== null && data && (
              <>
                {' '}
                since <Moment at={data.from} />
              </>
            )}
          </>
        }
      >
        <Check
          className="min-h-7 items-center"
          checked={filter.routine ?? false}
          onChange={(routine) => narrow({ routine })}
        >
          Routine too
        </Check>
      </FilterBar>
      <Problem text={error} />
      {!data && !error && <Skeleton rows={8} label="Reading the log" />}
      {data?.total === 0 && (
        <Nothing act={!isFiltered && <LaunchButton />}>
          {isFiltered
            ? 'Nothing matches.'
            : 'Nothing has happened yet. What comes of a session, or of a service that is watched, is told here.'}
        </Nothing>
      )}
      {data && data.entries.length > 0 && (
        <ol className="card divide-y divide-line" aria-busy={loading} aria-label="Entries, newest first">
          {data.entries.map((entry) => (
            <Entry key={entry.seq} entry={entry} />
          ))}
        </ol>
      )}
      {data && data.total > data.entries.length && limit < MOST_SHOWN && (
        <Button className="self-center" busy={loading} onClick={() => setLimit(Math.min(MOST_SHOWN, limit * 3))}>
          Show more
        </Button>
      )}
      {data && data.total > data.entries.length && limit >= MOST_SHOWN && (
        <p className="self-center text-ink-2">
          The newest {whole(MOST_SHOWN)} of {whole(data.total)}. Search, or export all of them.
        </p>
      )}
    </Screen>
  );
}

function Entry({ entry: { at, area, subject, sentence, place } }: { entry: ActivityEntry }) {
  const [shape, tone, words] = FACES[area];
  return (
    <li className="flex items-baseline gap-3 px-3 py-1.5">
      <span className="flex w-20 shrink-0 items-center gap-2 text-small text-ink-3">
        <Mark shape={shape} tone={tone} />
        {words}
      </span>
      <p className="min-w-0 flex-1 wrap-anywhere">
        {subject !== null && <span className="font-strong">{subject} </span>}
        {place === null ? (
          sentence
        ) : (
          <a href={place} className="hover:underline">
            {sentence}
          </a>
        )}
      </p>
      <Moment at={at} className="text-small whitespace-nowrap text-ink-3" />
    </li>
  );
}

/** What the filter shows, all of it, as a file. */
function Export({ filter, total }: { filter: ActivityFilter; total: number }) {
  const [state, setState] = useState<{ busy: boolean; error: string | null }>({ busy: false, error: null });
  const why = useMemo(() => (total === 0 ? 'There is nothing to export.' : null), [total]);
  const save = async () => {
    setState({ busy: true, error: null });
    try {
      const found = await everyEntry((look) => call('activity.list', { ...filter, ...look }));
      saveCsv('activity.csv', activityCsv(found));
      say(`${count(found.length, 'entry', 'entries')} saved as CSV.`);
      setState({ busy: false, error: null });
    } catch (error) {
      setState({ busy: false, error: sentenceOf(error) });
    }
  };
  return (
    <>
      <Button busy={state.busy} why={why} onClick={() => void save()}>
        Export CSV
      </Button>
      <Problem text={state.error} />
    </>
  );
}
