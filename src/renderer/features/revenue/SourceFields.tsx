import type { SourceKind, SourceSettings } from '../../../shared/contract/revenue-sources.ts';
import { Check } from '../../ui/Check.tsx';
import { Field } from '../../ui/Field.tsx';
import { FIELDS, type FieldName, keptText } from './settings.ts';

interface SourceFieldsProps {
  kind: SourceKind;
  settings: SourceSettings | null;
}

/** What a kind of source asks for; the names of the controls are read by `settingsOf`. */
export function SourceFields({ kind, settings }: SourceFieldsProps) {
  return (
    <>
      {Object.entries(FIELDS[kind]).map(([name, face]) => (
        <Field key={name} label={face.label} hint={face.hint}>
          {(control) => (
            <input
              {...control}
              name={name}
              required={face.needed}
              defaultValue={settings ? keptText(settings, name as FieldName) : ''}
              placeholder={face.example}
              spellCheck={false}
              autoComplete="off"
              className="field"
            />
          )}
        </Field>
      ))}
      {kind === 'access-log' && (
        <Check
          name="fromStart"
          initial={settings?.kind === 'access-log' && settings.from === 'start'}
          hint="Off: only requests from now on."
        >
          Count what it holds already
        </Check>
      )}
    </>
  );
}
