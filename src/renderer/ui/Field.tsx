import { type ReactNode, useId } from 'react';

interface FieldProps {
  label: string;
  hint?: ReactNode;
  /** Makes the control with the ids that tie it to its label, hint and error. */
  children: (control: { id: string; 'aria-describedby': string | undefined }) => ReactNode;
}

/** A control with its label above and what helps below. */
export function Field({ label, hint, children }: FieldProps) {
  const id = useId();
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className="text-ink-2">
        {label}
      </label>
      {children({ id, 'aria-describedby': hint ? `${id}-hint` : undefined })}
      {hint && (
        <p id={`${id}-hint`} className="text-small text-ink-3">
          {hint}
        </p>
      )}
    </div>
  );
}

/** What went wrong, in a whole sentence, said aloud when it appears. */
export function Problem({ text }: { text: string | null }) {
  if (!text) return null;
  return (
    <p role="alert" className="appear text-bad">
      {text}
    </p>
  );
}
