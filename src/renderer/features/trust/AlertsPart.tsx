import { useState } from 'react';
import type { AlertCounts } from '../../../shared/contract/trust-record.ts';
import { percent } from '../../../shared/format.ts';
import { LEVEL_WORDS, LEVELS } from '../../../shared/policy.ts';
import { ALERT_WORDS } from '../../../shared/trust-words.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { useMirror } from '../../mirror.ts';
import { Button } from '../../ui/Button.tsx';
import { Problem } from '../../ui/Field.tsx';
import { Facts, Nothing, Part } from '../../ui/Screen.tsx';
import { Moment } from '../../ui/Time.tsx';
import { VerdictButtons } from './VerdictButtons.tsx';

const PAGE = 20;
const MOST = 500;

/** Null while nothing was judged: unknown is no rate of zero. */
const rateOf = ({ useful, false: wrong, falseRate }: AlertCounts): string | null =>
  falseRate === null ? null : `${percent(falseRate)} false, of ${useful + wrong} judged`;

/** What asked for attention, whether it was worth it, and the share of false alarms at each level. */
export function AlertsPart() {
  const changes = useMirror(({ alerts }) => alerts.changes);
  const [all, setAll] = useState(false);
  const [limit, setLimit] = useState(PAGE);
  const { data, error, loading } = useQuery('alerts.list', { unjudged: !all, since: 0, limit, offset: 0 }, changes);
  return (
    <Part
      title="Was it worth your attention?"
      actions={
        <Button kind="quiet" aria-pressed={all} onClick={() => setAll(!all)}>
          Judged ones too
        </Button>
      }
    >
      <Problem text={error} />
      {data && (
        <>
          <Facts facts={LEVELS.map((level) => [LEVEL_WORDS[level].name, rateOf(data.levels[level])])} />
          {data.alerts.length === 0 ? (
            <Nothing>
              {all
                ? 'Nothing has asked for your attention yet.'
                : 'Everything that asked for your attention is judged.'}
            </Nothing>
          ) : (
            <ul aria-label="Alerts" className="card divide-y divide-line">
              {data.alerts.map((alert) => (
                <li key={alert.id} className="flex flex-wrap items-center gap-x-3 px-3 py-1.5">
                  <div className="mr-auto min-w-52 flex-1">
                    <p className="line-clamp-2 wrap-anywhere">
                      {alert.place ? <a href={alert.place}>{alert.subject}</a> : alert.subject}
                    </p>
                    <p className="text-small text-ink-3">
                      {ALERT_WORDS[alert.kind]}, <Moment at={alert.at} />, at {LEVEL_WORDS[alert.level].name}
                    </p>
                  </div>
                  <VerdictButtons alert={alert} />
                </li>
              ))}
            </ul>
          )}
          {data.alerts.length === limit && limit < MOST && (
            <Button className="self-start" busy={loading} onClick={() => setLimit(Math.min(MOST, limit * 4))}>
              Show more
            </Button>
          )}
          {data.alerts.length === MOST && (
            <p className="text-small text-ink-3">
              These are the newest {MOST}; <code>tenure alerts --offset {MOST}</code> lists the next.
            </p>
          )}
        </>
      )}
    </Part>
  );
}
