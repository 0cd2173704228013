import type { TrustPreview } from '../../../shared/contract/trust-preview.ts';
import { LEVEL_WORDS } from '../../../shared/policy.ts';
import { CONDITION_WORDS, conditionWords, effectWords, pastWords } from '../../../shared/trust-preview-words.ts';
import { Moment } from '../../ui/Time.tsx';

type Condition = TrustPreview['conditions'][number];

/** What other rules of the level would make of the record: now, condition by condition, and over the last 30 days. */
export function RulesPreview({ preview }: { preview: TrustPreview }) {
  const { conditions, proposals, newly } = preview;
  const refused = proposals.filter(({ lack }) => lack.length > 0);
  return (
    <div role="status" className="flex flex-col gap-2">
      <p className="font-strong">{effectWords(preview)}</p>
      {conditions.length > 0 && (
        <ul aria-label="Conditions" className="card divide-y divide-line">
          {conditions.map((condition) => (
            <ConditionRow key={condition.name} condition={condition} />
          ))}
        </ul>
      )}
      <p>{pastWords(preview)}</p>
      {(refused.length > 0 || newly.length > 0) && (
        <ul
          aria-label="What would have gone otherwise"
          tabIndex={0}
          className="flex max-h-60 flex-col gap-2 overflow-y-auto"
        >
          {refused.map(({ id, at, from, to, state, lack }) => (
            <li key={id}>
              {step(from, to)} <span className="text-ink-2">({state})</span> would not have been proposed:{' '}
              {lack.join('; ')}. <Moment at={at} className="text-small text-ink-3" />
            </li>
          ))}
          {newly.map(({ at, from, to }) => (
            <li key={at}>
              {step(from, to)} would have been earned. <Moment at={at} className="text-small text-ink-3" />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

const step = (from: TrustPreview['level'], to: TrustPreview['level']): string =>
  `${LEVEL_WORDS[from].name} → ${LEVEL_WORDS[to].name}`;

function ConditionRow({ condition: { name, before, after } }: { condition: Condition }) {
  const moved = before.holds !== after.holds;
  return (
    <li className="grid grid-cols-[minmax(0,1fr)_auto] items-baseline gap-x-3 px-3 py-1.5 sm:grid-cols-[minmax(0,1fr)_auto_9.5rem]">
      <span>
        {CONDITION_WORDS[name]}
        {before.need !== after.need && (
          <span className="block text-small text-ink-3">today: {conditionWords(name, before)}</span>
        )}
      </span>
      <span className="text-right tabular-nums">{conditionWords(name, after)}</span>
      <span
        className={`col-start-2 text-right sm:col-start-3 sm:text-left ${after.holds ? 'text-trust' : 'text-human'} ${moved ? 'font-strong' : ''}`}
      >
        {after.holds ? 'holds' : 'lacks'}
        {after.since !== null && (
          <span className="text-small font-normal text-ink-3">
            {' '}
            since <Moment at={after.since} />
          </span>
        )}
      </span>
    </li>
  );
}
