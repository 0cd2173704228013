import { type FormEvent, useRef, useState } from 'react';
import { type RevenueSource } from '../../../shared/contract/revenue.ts';
import { SOURCE_KINDS, type SourceKind } from '../../../shared/contract/revenue-sources.ts';
import { KIND_WORDS } from '../../../shared/revenue-words.ts';
import { useAct } from '../../hooks/use-act.ts';
import { useAway } from '../../hooks/use-away.ts';
import { useMirror } from '../../mirror.ts';
import { Button } from '../../ui/Button.tsx';
import { Check } from '../../ui/Check.tsx';
import { Dialog, DialogActions } from '../../ui/Dialog.tsx';
import { Field, Problem } from '../../ui/Field.tsx';
import { Select } from '../../ui/Select.tsx';
import { say } from '../../ui.ts';
import { textOf } from '../projects/settings.ts';
import { RemoveSource } from './RemoveSource.tsx';
import { SourceFields } from './SourceFields.tsx';
import { settingsOf } from './settings.ts';
import { TokenShown } from './TokenShown.tsx';

interface SourceDialogProps {
  /** Null: a new one. */
  source: RevenueSource | null;
  onClose: () => void;
}

/** Adding or changing a source, with a look at it before it is kept. */
export function SourceDialog({ source, onClose }: SourceDialogProps) {
  const [kind, setKind] = useState<SourceKind>(source?.kind ?? 'pool');
  const [problem, setProblem] = useState<string | null>(null);
  const [seen, setSeen] = useState<string | null>(null);
  const [made, setMade] = useState<{ id: string; token: string } | null>(null);
  const form = useRef<HTMLFormElement>(null);
  const projects = useMirror((snapshot) => snapshot.projects);
  const add = useAct('revenue.add');
  const update = useAct('revenue.update');
  const test = useAct('revenue.test');
  const away = useAway();
  const busy = add.busy || update.busy;
  const told = kind === 'manual' || kind === 'webhook';

  const read = () => {
    if (!form.current) return null;
    const fields = new FormData(form.current);
    const result = settingsOf(kind, fields);
    setSeen(null);
    setProblem('problem' in result ? result.problem : null);
    if ('problem' in result) return null;
    return {
      settings: result.settings,
      name: textOf(fields, 'name') || KIND_WORDS[kind].name,
      projectId: textOf(fields, 'project') || null,
      paused: fields.get('paused') !== null,
    };
  };
  const look = async () => {
    const given = read();
    const result = given && (await test.run({ settings: given.settings }));
    if (!result) return;
    if (result.ok) setSeen(result.text);
    else setProblem(result.text);
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const given = read();
    if (!given || away || busy) return;
    const { paused, ...rest } = given;
    if (source) {
      if (!(await update.run({ id: source.id, paused, ...rest }))) return;
    } else {
      const result = await add.run(rest);
      if (!result) return;
      if (result.token !== null) return setMade({ id: result.source.id, token: result.token });
    }
    say(`${given.name} was saved.`);
    onClose();
  };

  if (made) return <TokenShown {...made} onClose={onClose} />;
  return (
    <Dialog title={source ? source.name : 'Add a revenue source'} onClose={onClose}>
      <form ref={form} onSubmit={(event) => void submit(event)} className="flex flex-col gap-3.5">
        {!source && (
          <Field label="Kind" hint={KIND_WORDS[kind].what}>
            {(control) => (
              <Select
                {...control}
                value={kind}
                options={SOURCE_KINDS.map((known) => [known, KIND_WORDS[known].name])}
                onChange={(chosen) => {
                  setKind(chosen as SourceKind);
                  setProblem(null);
                  setSeen(null);
                }}
              />
            )}
          </Field>
        )}
        <Field label="Name">
          {(control) => (
            <input
              {...control}
              name="name"
              maxLength={80}
              defaultValue={source?.name}
              placeholder={KIND_WORDS[kind].name}
              className="field"
            />
          )}
        </Field>
        <SourceFields key={kind} kind={kind} settings={source?.settings ?? null} />
        {projects.length > 0 && kind !== 'price' && (
          <Field label="Project" hint="What it earns is set beside this project's agent cost.">
            {(control) => (
              <Select
                {...control}
                name="project"
                initial={source?.projectId ?? ''}
                options={[['', 'None'], ...projects.map(({ id, name }) => [id, name] as const)]}
              />
            )}
          </Field>
        )}
        {source && !told && (
          <Check name="paused" initial={source.paused}>
            Paused: it is not looked at
          </Check>
        )}
        <Problem text={problem ?? add.error ?? update.error ?? test.error} />
        <p role="status" className="text-trust empty:hidden">
          {seen}
        </p>
        <DialogActions>
          <Button type="submit" kind="primary" busy={busy} why={away}>
            {busy ? 'Saving…' : source ? 'Save' : 'Add source'}
          </Button>
          {!told && (
            <Button busy={test.busy} why={away} onClick={() => void look()}>
              {test.busy ? 'Looking…' : 'Test'}
            </Button>
          )}
          <Button onClick={onClose}>Cancel</Button>
        </DialogActions>
      </form>
      {source && <RemoveSource source={source} onClose={onClose} />}
    </Dialog>
  );
}
