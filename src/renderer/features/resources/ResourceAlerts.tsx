import { useState } from 'react';
import type { ResourceAlert } from '../../../shared/contract/resources.ts';
import { useAct } from '../../hooks/use-act.ts';
import { useAway } from '../../hooks/use-away.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { Button } from '../../ui/Button.tsx';
import { Problem } from '../../ui/Field.tsx';
import { Part } from '../../ui/Screen.tsx';
import { Moment } from '../../ui/Time.tsx';

const SHOWN = 10;

/** What was told about the machine, and whether that was of use: it counts in the trust record. */
export function ResourceAlerts({ version }: { version: string }) {
  const [changes, setChanges] = useState(0);
  const { data, error } = useQuery('resources.alerts', { limit: SHOWN }, `${version} ${changes}`);
  if (error === null && (!data || data.length === 0)) return null;
  return (
    <Part title="What was told">
      <Problem text={error} />
      <ul className="card divide-y divide-line">
        {data?.map((alert) => (
          <AlertRow key={alert.id} alert={alert} judged={() => setChanges((n) => n + 1)} />
        ))}
      </ul>
    </Part>
  );
}

function AlertRow({
  alert: { id, at, sentence, clearedAt, verdict },
  judged,
}: {
  alert: ResourceAlert;
  judged: () => void;
}) {
  const judge = useAct('resources.judge');
  const away = useAway();
  const say = async (next: 'useful' | 'false') => {
    if (await judge.run({ id, verdict: verdict === next ? null : next })) judged();
  };
  return (
    <li className="flex flex-wrap items-center gap-x-3 px-3 py-1.5">
      <div className="mr-auto min-w-52 flex-1">
        <p>{sentence}</p>
        <p className="text-small text-ink-3">
          <Moment at={at} />
          {clearedAt === null ? ', still so' : <>, over at {<Moment at={clearedAt} />}</>}
        </p>
        <Problem text={judge.error} />
      </div>
      <Button kind="quiet" why={away} aria-pressed={verdict === 'useful'} onClick={() => void say('useful')}>
        Useful
      </Button>
      <Button kind="quiet" why={away} aria-pressed={verdict === 'false'} onClick={() => void say('false')}>
        False alarm
      </Button>
    </li>
  );
}
