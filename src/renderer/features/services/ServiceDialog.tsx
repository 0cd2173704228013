import { type FormEvent, useState } from 'react';
import type { OutputOf } from '../../../shared/contract/index.ts';
import type { RestartSpec, ServiceKind } from '../../../shared/contract/services.ts';
import { KIND_NAMES, projectOf, responseTime } from '../../../shared/service-words.ts';
import { useAct } from '../../hooks/use-act.ts';
import { useAway } from '../../hooks/use-away.ts';
import { useMirror } from '../../mirror.ts';
import { hashOf } from '../../route.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog, DialogActions } from '../../ui/Dialog.tsx';
import { Field, Problem } from '../../ui/Field.tsx';
import { RemovePart } from '../../ui/RemovePart.tsx';
import { Select } from '../../ui/Select.tsx';
import { closeDialog, say } from '../../ui.ts';
import { type Draft, draftOf, type FieldName, settingsOf, withKind } from './draft.ts';
import { Choice, DOMAINS, Lines, SCOPES, TargetFields, Text } from './TargetFields.tsx';

const KINDS = Object.entries(KIND_NAMES) as [ServiceKind, string][];
const RESTARTS: readonly (readonly [RestartSpec['kind'] | 'none', string])[] = [
  ['none', 'not at all'],
  ['docker', 'by restarting a container'],
  ['launchd', 'by launchctl kickstart'],
  ['systemd', 'by systemctl restart'],
  ['command', 'by a command'],
];

/** Watching a new service, or changing how one is watched; with a live test. */
export function ServiceDialog({ id }: { id: string | undefined }) {
  const service = useMirror((snapshot) => snapshot.services.find((known) => known.id === id));
  const projects = useMirror((snapshot) => snapshot.projects);
  const [draft, setDraft] = useState<Draft>(() => draftOf(service));
  const own = projectOf({ project: draft.project || null }, projects);
  const [pushUrl, setPushUrl] = useState<string | null>(null);
  const add = useAct('services.add');
  const update = useAct('services.update');
  const test = useAct('services.try');
  const [seen, setSeen] = useState<OutputOf<'services.try'> | null>(null);
  const away = useAway();
  const busy = add.busy || update.busy;
  const set = (name: FieldName, value: string) => setDraft({ ...draft, [name]: value });
  const fields = { draft, set };

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (away || busy) return;
    const settings = settingsOf(draft);
    if (service) {
      if (!(await update.run({ id: service.id, settings }))) return;
      say(`${settings.name} was saved.`);
      return closeDialog();
    }
    const made = await add.run(settings);
    if (!made) return;
    say(`${made.service.name} is watched from now on.`);
    if (made.pushUrl !== null) return setPushUrl(made.pushUrl);
    closeDialog();
    window.location.hash = hashOf('services', made.service.id);
  };
  const tryOut = async () => {
    setSeen(null);
    setSeen(await test.run({ ...settingsOf(draft), name: draft.name.trim() || 'Unnamed' }));
  };

  if (pushUrl !== null) return <PushUrl name={draft.name} url={pushUrl} />;
  return (
    <Dialog title={service ? service.name : 'Watch a service'} onClose={closeDialog}>
      <form onSubmit={(event) => void submit(event)} className="flex flex-col gap-3.5">
        <div className="flex flex-wrap gap-3">
          <Field label="Kind">
            {(control) => (
              <Select
                {...control}
                value={draft.kind}
                options={KINDS}
                disabled={service !== undefined}
                onChange={(kind) => setDraft(withKind(draft, kind as ServiceKind))}
              />
            )}
          </Field>
          <Text {...fields} name="name" label="Name" placeholder="Media server" />
        </div>
        <TargetFields {...fields} />
        <div className="flex flex-wrap gap-3">
          <Text {...fields} name="interval" label="Every, s" narrow />
          <Text {...fields} name="timeout" label={draft.kind === 'heartbeat' ? 'Grace, s' : 'Timeout, s'} narrow />
        </div>
        <RestartFields {...fields} setRestart={(restart) => setDraft({ ...draft, restart })} />
        <details>
          <summary className="text-ink-2">More: thresholds, conditions, dependencies, maintenance</summary>
          <div className="flex flex-col gap-3.5 pt-3">
            <div className="flex flex-wrap gap-3">
              <Text {...fields} name="downAfter" label="Down after" hint="failed checks" narrow />
              <Text {...fields} name="upAfter" label="Up after" hint="good checks" narrow />
              <Text {...fields} name="retries" label="Retries" hint="in one check" narrow />
            </div>
            <Lines
              {...fields}
              name="conditions"
              label="Conditions"
              hint="One a line, all must hold: [RESPONSE_TIME] < 300, [BODY].status == ok, [CERTIFICATE_EXPIRATION] > 7d."
              placeholder="[BODY] == pat(*ready*)"
            />
            {draft.kind === 'http' && (
              <>
                <Lines
                  {...fields}
                  name="headers"
                  label="Request headers"
                  hint="One a line."
                  placeholder="Accept: application/json"
                />
                <Lines {...fields} name="body" label="Request body" />
              </>
            )}
            {draft.kind === 'http' && (
              <Text
                {...fields}
                name="redirects"
                label="Redirects"
                hint="So many are followed at the most, and never from outside into your network; 0: none."
              />
            )}
            <Text {...fields} name="group" label="Group" />
            <Choice
              {...fields}
              draft={{ ...draft, project: own?.id ?? draft.project }}
              name="project"
              label="Project"
              options={[
                ['', 'of none'],
                ...projects.map(({ id, name }) => [id, name] as const),
                ...(draft.project !== '' && !own ? [[draft.project, `${draft.project} (not there)`] as const] : []),
              ]}
            />
            <Text
              {...fields}
              name="dependsOn"
              label="Depends on"
              hint="Names, with commas between; while one is down, this one is silent."
            />
            <Lines
              {...fields}
              name="maintenance"
              label="Maintenance"
              hint="One a line: cron | minutes | zone. Nothing is told or restarted meanwhile."
              placeholder="0 3 * * 0 | 60 | Europe/Berlin"
            />
          </div>
        </details>
        <Problem text={add.error ?? update.error ?? test.error} />
        {seen && <TestResult seen={seen} />}
        <DialogActions>
          <Button type="submit" kind="primary" busy={busy} why={away}>
            {busy ? 'Saving…' : service ? 'Save' : 'Watch it'}
          </Button>
          <Button busy={test.busy} why={away} onClick={() => void tryOut()}>
            {test.busy ? 'Testing…' : 'Test now'}
          </Button>
          <Button onClick={closeDialog}>Cancel</Button>
        </DialogActions>
      </form>
      {service && <RemoveService id={service.id} name={service.name} />}
    </Dialog>
  );
}

interface RestartProps {
  draft: Draft;
  set(name: FieldName, value: string): void;
  setRestart(restart: Draft['restart']): void;
}

const WHAT: Readonly<Record<RestartSpec['kind'], string>> = {
  docker: 'Container',
  launchd: 'Label',
  systemd: 'Unit',
  command: 'Command',
};

function RestartFields({ draft, set, setRestart }: RestartProps) {
  const fields = { draft, set };
  return (
    <div className="flex flex-wrap gap-3">
      <Field label="Brought back" hint="Asked or unasked by the level; at most twice an hour.">
        {(control) => (
          <Select
            {...control}
            value={draft.restart}
            options={RESTARTS}
            onChange={(kind) => setRestart(kind as Draft['restart'])}
          />
        )}
      </Field>
      {draft.restart !== 'none' && (
        <>
          <Text {...fields} name="restartWhat" label={WHAT[draft.restart]} mono={draft.restart === 'command'} />
          {draft.restart === 'launchd' && draft.kind !== 'launchd' && (
            <Choice {...fields} name="domain" label="In the domain of" options={DOMAINS} />
          )}
          {draft.restart === 'systemd' && draft.kind !== 'systemd' && (
            <Choice {...fields} name="scope" label="Manager" options={SCOPES} />
          )}
          <Text {...fields} name="startup" label="Starts up in, s" narrow />
        </>
      )}
    </div>
  );
}

function TestResult({ seen: { ok, ms, detail, values } }: { seen: OutputOf<'services.try'> }) {
  const word = ok === null ? 'Nothing can be said' : ok ? 'Good' : 'Failed';
  return (
    <div role="status" className="appear flex flex-col gap-1 rounded-control bg-sunken p-2.5">
      <p className={ok === false ? 'text-bad' : ''}>
        <span className="font-strong">{word}</span>
        {ms !== null && `, ${responseTime(ms)}`}: {detail}
      </p>
      <dl className="grid grid-cols-[auto_1fr] gap-x-3 font-mono text-[0.75rem] text-ink-2">
        {Object.entries(values).map(([name, value]) => (
          <div key={name} className="contents">
            <dt>{name}</dt>
            <dd className="truncate" title={value}>
              {value}
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

/** Shown once; only its hash is kept. */
export function PushUrl({ name, url }: { name: string; url: string }) {
  return (
    <Dialog title={`${name} is awaited`} onClose={closeDialog}>
      <p className="text-ink-2">
        The job calls this address each time it is well. It is shown only now; keep it with the job.
      </p>
      <p className="card p-3 font-mono text-[0.75rem] wrap-anywhere select-all">{url}</p>
      <p className="text-ink-2">
        For instance: <code className="font-mono text-[0.75rem]">curl -fsS -m 10 …</code> at the end of its script.
      </p>
      <DialogActions>
        <Button kind="primary" onClick={closeDialog}>
          Done
        </Button>
      </DialogActions>
    </Dialog>
  );
}

function RemoveService({ id, name }: { id: string; name: string }) {
  const remove = useAct('services.remove');
  const away = useAway();
  const run = async () => {
    if (!(await remove.run({ id }))) return;
    say(`${name} is not watched any more.`);
    closeDialog();
    window.location.hash = hashOf('services');
  };
  return (
    <RemovePart ask="Stop watching it" name={name} {...remove} why={away} onRemove={() => void run()}>
      Tenure forgets {name} and the history of its checks. The service itself is untouched.
    </RemovePart>
  );
}
