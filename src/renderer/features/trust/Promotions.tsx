import type { Promotion } from '../../../shared/contract/trust.ts';
import { LEVEL_WORDS } from '../../../shared/policy.ts';
import { PROMOTION_WORDS, whoWords } from '../../../shared/words.ts';
import { Nothing, Part } from '../../ui/Screen.tsx';
import { Moment } from '../../ui/Time.tsx';
import { EvidenceSessions } from './EvidenceSessions.tsx';
import { evidenceOf } from './evidence.ts';

/** Every promotion that was proposed, with what it rested on and what became of it. */
export function Promotions({ promotions }: { promotions: readonly Promotion[] }) {
  return (
    <Part title="Promotions">
      {promotions.length === 0 && <Nothing>None was proposed yet. The record is checked once a day.</Nothing>}
      {promotions.length > 0 && (
        <ul className="card divide-y divide-line">
          {promotions.map(({ id, from, to, state, evidence, decidedAt, decidedBy, proposedAt, reason, askAgainAt }) => (
            <li key={id} className="flex flex-col gap-1 p-3">
              <p className="flex flex-wrap justify-between gap-x-3">
                <span className="font-strong">
                  {LEVEL_WORDS[from].name} to {LEVEL_WORDS[to].name}
                </span>
                <span className="text-ink-2">
                  {PROMOTION_WORDS[state]}
                  {decidedBy && ` by ${whoWords(decidedBy)}`}, <Moment at={decidedAt ?? proposedAt} />
                </span>
              </p>
              <p className="text-ink-2">{evidenceOf(evidence, from)}</p>
              {reason && <p>“{reason}”</p>}
              {askAgainAt !== null && (
                <p className="text-small text-ink-3">
                  Asked again from <Moment at={askAgainAt} />
                </p>
              )}
              <EvidenceSessions evidence={evidence} />
            </li>
          ))}
        </ul>
      )}
    </Part>
  );
}
