import { useState } from 'react';
import type { Shadow } from '../../../shared/contract/trust-record.ts';
import { count } from '../../../shared/format.ts';
import { LEVEL_WORDS } from '../../../shared/policy.ts';
import { useAct } from '../../hooks/use-act.ts';
import { useAway } from '../../hooks/use-away.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { useMirror } from '../../mirror.ts';
import { hashOf } from '../../route.ts';
import { Button } from '../../ui/Button.tsx';
import { Problem } from '../../ui/Field.tsx';
import { Facts, Nothing, Part } from '../../ui/Screen.tsx';
import { Moment } from '../../ui/Time.tsx';

const SHOWN = 20;
const WOULD = { allow: 'let it through', ask: 'asked you as well', deny: 'refused it' } as const;

/** At Observe: what the gate would have done one level up, and whether you agree. */
export function Shadows() {
  const level = useMirror(({ trust }) => trust.level);
  const decided = useMirror(({ decisions }) => decisions.map(({ id, state }) => id + state).join());
  const [marks, setMarks] = useState(0);
  const { data, error } = useQuery('trust.shadows', { limit: SHOWN }, `${level} ${marks} ${decided}`);
  if (level !== 'observe' && (data?.figures.recorded ?? 0) === 0) return null;
  const figures = data?.figures;
  return (
    <Part title="What the gate would have done at Cautious">
      <Problem text={error} />
      {data?.shadows.length === 0 && (
        <Nothing>
          Nothing was asked at Observe yet. What is asked here shows what Cautious would have made of it; that is what
          going up by hand can rest on.
        </Nothing>
      )}
      {data && figures && data.shadows.length > 0 && (
        <>
          <Facts
            facts={[
              ['Asked at Observe', count(figures.recorded, 'action')],
              ['It would have', `let ${figures.allow} through, asked ${figures.ask}, refused ${figures.deny}`],
              ['You', `agree with ${figures.agreed}, disagree with ${figures.disagreed}`],
              [
                'Of what it would have let through',
                figures.allow === 0 ? null : `you approved ${figures.allowedAsYou}, denied ${figures.allowedUnlikeYou}`,
              ],
            ]}
          />
          <ul aria-label="Shadow decisions" className="card divide-y divide-line">
            {data.shadows.map((shadow) => (
              <Row key={shadow.decisionId} shadow={shadow} marked={() => setMarks((n) => n + 1)} />
            ))}
          </ul>
        </>
      )}
    </Part>
  );
}

function Row({ shadow, marked }: { shadow: Shadow; marked: () => void }) {
  const { decisionId, sessionId, project, summary, would, reason, asLevel, at, agrees } = shadow;
  const mark = useAct('trust.markShadow');
  const away = useAway();
  const say = async (next: boolean) => {
    if (await mark.run({ decisionId, agrees: agrees === next ? null : next })) marked();
  };
  return (
    <li className="flex flex-wrap items-center gap-x-3 px-3 py-1.5">
      <div className="mr-auto min-w-52 flex-1">
        <p className="wrap-anywhere">
          <a href={hashOf('sessions', sessionId)}>{project}</a>: {summary}
        </p>
        <p className="text-small text-ink-3">
          <Moment at={at} />, at {LEVEL_WORDS[asLevel].name} the gate would have {WOULD[would]}. {reason}
        </p>
        <Problem text={mark.error} />
      </div>
      {([true, false] as const).map((value) => (
        <Button
          key={String(value)}
          kind="quiet"
          why={away}
          busy={mark.busy}
          aria-pressed={agrees === value}
          aria-label={`${value ? 'Agree' : 'Disagree'}: ${summary}`}
          onClick={() => void say(value)}
        >
          {value ? 'Agree' : 'Disagree'}
        </Button>
      ))}
    </li>
  );
}
