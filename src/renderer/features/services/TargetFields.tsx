import type { ReactNode } from 'react';
import { Field } from '../../ui/Field.tsx';
import { Select } from '../../ui/Select.tsx';
import type { Draft, FieldName } from './draft.ts';

export interface DraftProps {
  draft: Draft;
  set(name: FieldName, value: string): void;
}

interface TextProps extends DraftProps {
  name: FieldName;
  label: string;
  hint?: ReactNode;
  placeholder?: string;
  mono?: boolean;
  narrow?: boolean;
}

/** A line of text of the form. */
export function Text({ draft, set, name, label, hint, placeholder, mono = false, narrow = false }: TextProps) {
  return (
    <div className={narrow ? 'w-28' : 'min-w-40 flex-1'}>
      <Field label={label} hint={hint}>
        {(control) => (
          <input
            {...control}
            value={draft[name]}
            placeholder={placeholder}
            spellCheck={false}
            autoComplete="off"
            onChange={(event) => set(name, event.currentTarget.value)}
            className={`field ${mono ? 'font-mono text-[0.75rem]' : ''}`}
          />
        )}
      </Field>
    </div>
  );
}

/** Several lines of text of the form. */
export function Lines({ draft, set, name, label, hint, placeholder }: TextProps) {
  return (
    <Field label={label} hint={hint}>
      {(control) => (
        <textarea
          {...control}
          rows={2}
          value={draft[name]}
          placeholder={placeholder}
          spellCheck={false}
          onChange={(event) => set(name, event.currentTarget.value)}
          className="field prompt min-h-13 resize-none font-mono text-[0.75rem]"
        />
      )}
    </Field>
  );
}

interface ChoiceProps extends DraftProps {
  name: FieldName;
  label: string;
  options: readonly (readonly [value: string, words: string])[];
}

export function Choice({ draft, set, name, label, options }: ChoiceProps) {
  return (
    <Field label={label}>
      {(control) => (
        <Select {...control} value={draft[name]} options={options} onChange={(value) => set(name, value)} />
      )}
    </Field>
  );
}

const same = (words: readonly string[]) => words.map((word) => [word, word] as const);
export const DOMAINS = [
  ['gui', "the person's session"],
  ['user', 'the user'],
  ['system', 'the system'],
] as const;
export const SCOPES = [
  ['user', 'of the user'],
  ['system', 'of the system'],
] as const;

/** What is looked at, by its kind. */
export function TargetFields(props: DraftProps) {
  const { kind } = props.draft;
  switch (kind) {
    case 'http':
      return (
        <>
          <Text {...props} name="url" label="URL" placeholder="http://127.0.0.1:8080/health" />
          <div className="flex flex-wrap gap-3">
            <Choice {...props} name="method" label="Method" options={same(['GET', 'HEAD', 'POST', 'PUT', 'OPTIONS'])} />
            <Text {...props} name="status" label="Expected status" hint="Statuses or ranges: 200-299 or 200,204." />
          </div>
        </>
      );
    case 'tcp':
      return (
        <div className="flex flex-wrap gap-3">
          <Text {...props} name="host" label="Host" />
          <Text {...props} name="port" label="Port" placeholder="5432" narrow />
        </div>
      );
    case 'ping':
      return <Text {...props} name="host" label="Host" />;
    case 'dns':
      return (
        <>
          <Text {...props} name="dnsName" label="DNS name" placeholder="example.com" />
          <div className="flex flex-wrap gap-3">
            <Choice {...props} name="record" label="Record" options={same(['A', 'AAAA', 'CNAME', 'MX', 'NS', 'TXT'])} />
            <Text {...props} name="server" label="Server" hint="Empty: the system's own." placeholder="192.168.1.1" />
          </div>
        </>
      );
    case 'process':
      return (
        <div className="flex flex-wrap gap-3">
          <Text {...props} name="process" label="Process name" placeholder="postgres" />
          <Text {...props} name="pidFile" label="Or its pid file" placeholder="/var/run/app.pid" />
        </div>
      );
    case 'command':
      return (
        <div className="flex flex-wrap gap-3">
          <Text {...props} name="argv" label="Command" hint="Run without a shell." placeholder="pg_isready -q" mono />
          <Text {...props} name="exitCode" label="Exit code" narrow />
        </div>
      );
    case 'docker':
      return <Text {...props} name="container" label="Container" hint="Its name or id." placeholder="postgres" />;
    case 'launchd':
      return (
        <div className="flex flex-wrap gap-3">
          <Text {...props} name="label" label="Label" placeholder="com.example.job" />
          <Choice {...props} name="domain" label="In the domain of" options={DOMAINS} />
        </div>
      );
    case 'systemd':
      return (
        <div className="flex flex-wrap gap-3">
          <Text {...props} name="unit" label="Unit" placeholder="app.service" />
          <Choice {...props} name="scope" label="Manager" options={SCOPES} />
        </div>
      );
    case 'disk':
      return (
        <div className="flex flex-wrap gap-3">
          <Text {...props} name="path" label="A path on the disk" />
          <Text {...props} name="percent" label="At most used, %" narrow />
        </div>
      );
    case 'heartbeat':
      return (
        <p className="text-ink-2">
          A job tells by itself that it is well: it calls a URL of its own, which is shown once it is saved. When no
          call comes within the interval and the grace, it counts as failed.
        </p>
      );
  }
}
