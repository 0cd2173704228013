import { useState } from 'react';
import type { FollowOn } from '../../../shared/contract/follow-on.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { Check } from '../../ui/Check.tsx';
import { Field, Problem } from '../../ui/Field.tsx';
import { Select } from '../../ui/Select.tsx';

type Settings = Omit<FollowOn, 'projectId'>;

const NEW: Settings = { notes: null, brief: true, start: false, most: 2 };
const MOST = Array.from({ length: 10 }, (_, index) => [String(index + 1), String(index + 1)] as const);

/** What new sessions of a project are told, and what the end of one may start. */
export function NextFields({ projectId }: { projectId: string | undefined }) {
  return projectId === undefined ? <Fields settings={NEW} /> : <Known key={projectId} projectId={projectId} />;
}

function Known({ projectId }: { projectId: string }) {
  const { data, error } = useQuery('followOn.get', { projectId });
  return data ? <Fields settings={data} /> : <Problem text={error} />;
}

function Fields({ settings }: { settings: Settings }) {
  const [starts, setStarts] = useState(settings.start);
  return (
    <>
      <Field label="Notes for every session" hint="Told to the agent beside each first prompt, as your own words.">
        {(control) => (
          <textarea
            {...control}
            name="notes"
            rows={2}
            maxLength={4_000}
            defaultValue={settings.notes ?? ''}
            className="field prompt min-h-13 resize-none"
          />
        )}
      </Field>
      <Check name="brief" initial={settings.brief} hint="Score, what it accomplished, what failed, what is open.">
        Tell each session what was measured of the one before
      </Check>
      <Check
        name="start"
        checked={starts}
        onChange={setStarts}
        hint="From Moderate on, where its evaluation says “continue” or “retry”. Else you are asked."
      >
        Start the next session by itself
      </Check>
      <div hidden={!starts} className={starts ? 'border-l-2 border-line pl-3' : undefined}>
        <Field label="At most in a row">
          {(control) => <Select {...control} name="most" initial={String(settings.most)} options={MOST} />}
        </Field>
      </div>
    </>
  );
}
