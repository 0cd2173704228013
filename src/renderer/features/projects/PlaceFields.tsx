import { useState } from 'react';
import type { Project } from '../../../shared/contract/projects.ts';
import { includeWarning } from '../../../shared/secret-files.ts';
import { Check } from '../../ui/Check.tsx';
import { Field } from '../../ui/Field.tsx';
import { Select } from '../../ui/Select.tsx';

const BASES = [
  ['current', 'what is checked out'],
  ['remote', "the remote's default branch"],
] as const;

/** Where the sessions of a project work, and what a new work tree gets. */
export function PlaceFields({ project }: { project: Project | undefined }) {
  const [own, setOwn] = useState(project?.worktree ?? true);
  return (
    <>
      <Check name="worktree" checked={own} onChange={setOwn} hint="Off: the agent works in your checkout itself.">
        Own work tree and branch for each session
      </Check>
      {/* Hidden, not gone: what is set stays set. */}
      <div hidden={!own} className={own ? 'flex flex-col gap-3 border-l-2 border-line pl-3' : undefined}>
        <Field label="Starts from" hint="Fetched first where there is a remote.">
          {(control) => <Select {...control} name="base" initial={project?.base ?? 'current'} options={BASES} />}
        </Field>
        <IncludeField project={project} />
        <Field label="Set-up command" hint="Run in each new work tree, before the agent starts.">
          {(control) => (
            <input
              {...control}
              name="setupCommand"
              defaultValue={project?.setupCommand ?? ''}
              placeholder="npm ci"
              spellCheck={false}
              className="field font-mono text-[0.75rem]"
            />
          )}
        </Field>
      </div>
    </>
  );
}

function IncludeField({ project }: { project: Project | undefined }) {
  const [text, setText] = useState(project?.include.join('\n') ?? '');
  const warning = includeWarning(text.split('\n').map((line) => line.trim()));
  return (
    <Field
      label="Files to copy in"
      hint={
        warning === null ? (
          'Untracked files, one pattern a line. Likely secrets only when named in full.'
        ) : (
          <span role="status" className="text-human">
            {warning}
          </span>
        )
      }
    >
      {(control) => (
        <textarea
          {...control}
          name="include"
          rows={2}
          value={text}
          onChange={(event) => setText(event.target.value)}
          placeholder="config/*.local.json"
          spellCheck={false}
          className="field min-h-13 resize-none font-mono text-[0.75rem]"
        />
      )}
    </Field>
  );
}
