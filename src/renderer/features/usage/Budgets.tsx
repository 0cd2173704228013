import { type FormEvent, useState } from 'react';
import type { Budget, BudgetLimit } from '../../../shared/contract/usage.ts';
import { useAct } from '../../hooks/use-act.ts';
import { useAway } from '../../hooks/use-away.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { useMirror } from '../../mirror.ts';
import { hashOf } from '../../route.ts';
import { Button } from '../../ui/Button.tsx';
import { Field, Problem } from '../../ui/Field.tsx';
import { Mark, type MarkShape, type Tone } from '../../ui/Mark.tsx';
import { Part } from '../../ui/Screen.tsx';
import { Select } from '../../ui/Select.tsx';
import { say } from '../../ui.ts';

const FACES: Readonly<Record<Budget['state'], readonly [MarkShape, Tone, string]>> = {
  ok: ['dot', 'trust', 'inside'],
  warning: ['diamond', 'human', 'nearly spent'],
  over: ['square', 'bad', 'spent'],
};

/** Budgets with what is left, and a project's own to set. */
export function Budgets({ budgets, changed }: { budgets: readonly Budget[]; changed: () => void }) {
  const projects = useMirror((snapshot) => snapshot.projects);
  const [projectId, setProjectId] = useState<string | null>(null);
  const shown = projectId ?? projects[0]?.id;
  return (
    <Part title="Budgets">
      {budgets.length === 0 ? (
        <p className="card p-3 text-ink-2">
          No budget is set for a day.{' '}
          <a className="link" href={hashOf('settings', 'usage.budgets.day.usd')}>
            Set one for everything
          </a>
          , or for a project here.
        </p>
      ) : (
        <ul className="card divide-y divide-line">
          {budgets.map((budget) => (
            <BudgetRow key={`${budget.scope} ${budget.subject}`} budget={budget} />
          ))}
        </ul>
      )}
      {shown !== undefined && (
        <div className="card flex flex-col gap-3 p-3">
          <Field label="A project's own budgets">
            {(control) => (
              <Select
                {...control}
                className="self-start"
                value={shown}
                options={projects.map(({ id, name }) => [id, name])}
                onChange={setProjectId}
              />
            )}
          </Field>
          <ProjectBudgetForm key={shown} projectId={shown} changed={changed} />
        </div>
      )}
    </Part>
  );
}

function BudgetRow({ budget: { name, scope, share, state, sentence } }: { budget: Budget }) {
  const [shape, tone, words] = FACES[state];
  return (
    <li className="flex items-start gap-3 px-3 py-2">
      <span className="flex h-4.5 items-center">
        <Mark shape={shape} tone={tone} />
      </span>
      <div className="min-w-0 flex-1">
        <p>
          <span className="font-strong">{scope === 'day' ? 'Everything, today' : `${name}, today`}</span>
          <span className="text-ink-2">, {words}</span>
        </p>
        <p className="text-ink-2 wrap-anywhere">{sentence}</p>
        {share !== null && (
          <div className="mt-1 h-1 overflow-hidden rounded-full bg-track" aria-hidden="true">
            <div
              className={`h-full ${state === 'over' ? 'bg-bad' : state === 'warning' ? 'bg-human' : 'bg-work'}`}
              style={{ width: `${Math.min(1, share) * 100}%` }}
            />
          </div>
        )}
      </div>
    </li>
  );
}

const FIELDS = [
  ['session', 'usd', 'Each session, dollars'],
  ['session', 'tokens', 'Each session, tokens'],
  ['day', 'usd', 'A day, dollars'],
  ['day', 'tokens', 'A day, tokens'],
] as const;

function limitOf(form: FormData, scope: 'session' | 'day'): BudgetLimit | null {
  const number = (unit: string): number | null => {
    const text = form.get(`${scope}.${unit}`);
    return typeof text !== 'string' || text.trim() === '' ? null : Number(text);
  };
  const limit = { usd: number('usd'), tokens: number('tokens') };
  return limit.usd === null && limit.tokens === null ? null : limit;
}

function ProjectBudgetForm({ projectId, changed }: { projectId: string; changed: () => void }) {
  const { data, error, reload } = useQuery('usage.projectBudgets', { projectId });
  const save = useAct('usage.setBudgets');
  const away = useAway();
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (away || save.busy) return;
    const form = new FormData(event.currentTarget);
    const saved = await save.run({ projectId, session: limitOf(form, 'session'), day: limitOf(form, 'day') });
    if (!saved) return;
    say('The budgets were saved.');
    reload();
    changed();
  };
  if (!data) return <Problem text={error} />;
  return (
    <form onSubmit={(event) => void submit(event)} className="flex flex-col gap-3">
      <div className="flex flex-wrap gap-3">
        {FIELDS.map(([scope, unit, label]) => (
          <div key={label} className="w-36">
            <Field label={label}>
              {(control) => (
                <input
                  {...control}
                  name={`${scope}.${unit}`}
                  type="number"
                  min={unit === 'usd' ? '0.01' : '1'}
                  step={unit === 'usd' ? '0.01' : '1'}
                  defaultValue={data[scope]?.[unit] ?? ''}
                  placeholder="as configured"
                  className="field"
                />
              )}
            </Field>
          </div>
        ))}
      </div>
      <p className="text-small text-ink-3">
        A session over its budget is ended and measured. Over a budget of the day nothing new starts until midnight.
      </p>
      <Problem text={save.error} />
      <Button type="submit" className="self-start" busy={save.busy} why={away}>
        Save budgets
      </Button>
    </form>
  );
}
