import type { StandingRule } from '../../../shared/contract/standing.ts';
import { absolute } from '../../../shared/format.ts';
import { patternWords } from '../../../shared/pattern-words.ts';
import { call, sentenceOf } from '../../api.ts';
import { useAct } from '../../hooks/use-act.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { useMirror } from '../../mirror.ts';
import { Problem } from '../../ui/Field.tsx';
import { Nothing, Part } from '../../ui/Screen.tsx';
import { toast } from '../../ui.ts';
import { ActButton } from '../system/ActButton.tsx';

const MINUTE_MS = 60_000;

/** What the person has allowed or forbidden for good, each to be taken back. */
export function RuleList() {
  const changes = useMirror(({ rules }) => rules.changes);
  const { data, error } = useQuery('rules.list', {}, changes);
  return (
    <Part title="Standing rules">
      <Problem text={error} />
      {data?.length === 0 && (
        <Nothing>None. A question in “Needs you” can be answered for good with its “Always…”.</Nothing>
      )}
      {data && data.length > 0 && (
        <ul className="card divide-y divide-line">
          {data.map((rule) => (
            <Rule key={rule.id} rule={rule} />
          ))}
        </ul>
      )}
    </Part>
  );
}

/** The same rule again, for as long as it would have held. */
async function putBack({ projectId, effect, pattern, expiresAt }: StandingRule): Promise<void> {
  const expires = expiresAt === null ? {} : { expiresInMs: Math.max(MINUTE_MS, expiresAt - Date.now()) };
  try {
    await call('rules.add', { projectId, effect, pattern, ...expires });
    toast(`In force again: ${patternWords(pattern)}.`);
  } catch (error) {
    toast(sentenceOf(error));
  }
}

function Rule({ rule }: { rule: StandingRule }) {
  const revoke = useAct('rules.revoke');
  const used = rule.uses === 0 ? 'not used yet' : `used ${rule.uses === 1 ? 'once' : `${rule.uses} times`}`;
  const ends = rule.expiresAt === null ? 'until you take it back' : `until ${absolute(rule.expiresAt)}`;
  const takeBack = async () => {
    if (!(await revoke.run({ id: rule.id }))) return;
    toast(`Taken back: ${patternWords(rule.pattern)}.`, () => void putBack(rule));
  };
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1 px-3 py-2">
      <span className={rule.effect === 'deny' ? 'text-bad' : 'text-trust'}>
        {rule.effect === 'deny' ? 'Forbidden' : 'Allowed'}
      </span>
      <span className="min-w-40 flex-1">
        <code className="block font-mono text-[0.75rem] wrap-anywhere">{patternWords(rule.pattern)}</code>
        <span className="text-ink-2">
          {rule.project} · {used} · {ends}
        </span>
      </span>
      <ActButton busy={revoke.busy} onClick={() => void takeBack()}>
        Take back
      </ActButton>
      <Problem text={revoke.error} />
    </li>
  );
}
