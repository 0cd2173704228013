import type { Alert } from '../../../shared/contract/alerts.ts';
import { useAct } from '../../hooks/use-act.ts';
import { useAway } from '../../hooks/use-away.ts';
import { Button } from '../../ui/Button.tsx';
import { Problem } from '../../ui/Field.tsx';

const VERDICTS = [
  ['useful', 'Useful'],
  ['false', 'False alarm'],
] as const;

/** Was it worth the attention? The same button again takes the word back. */
export function VerdictButtons({
  alert: { id, subject, verdict },
}: {
  alert: Pick<Alert, 'id' | 'subject' | 'verdict'>;
}) {
  const judge = useAct('alerts.judge');
  const away = useAway();
  return (
    <>
      {VERDICTS.map(([value, words]) => (
        <Button
          key={value}
          kind="quiet"
          aria-label={`${words}: ${subject}`}
          aria-pressed={verdict === value}
          busy={judge.busy}
          why={away}
          onClick={() => void judge.run({ id, verdict: verdict === value ? null : value })}
        >
          {words}
        </Button>
      ))}
      <Problem text={judge.error} />
    </>
  );
}
