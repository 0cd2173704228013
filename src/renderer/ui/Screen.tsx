import { type ReactNode, useId } from 'react';

interface ScreenProps {
  title: string;
  /** To the right of the title. */
  actions?: ReactNode;
  children: ReactNode;
}

/** A screen of the larger window: one title, one column to read. */
export function Screen({ title, actions, children }: ScreenProps) {
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <div className="flex max-w-3xl flex-col gap-6 px-6 py-5">
        <div className="flex flex-wrap items-center gap-3">
          <h1 className="mr-auto text-title font-strong">{title}</h1>
          {actions}
        </div>
        {children}
      </div>
    </div>
  );
}

/** A part of a screen under its name. */
export function Part({ title, actions, children }: ScreenProps) {
  const id = useId();
  return (
    <section aria-labelledby={id} className="flex flex-col gap-2">
      <div className="flex flex-wrap items-baseline gap-3">
        <h2 id={id} className="mr-auto font-strong">
          {title}
        </h2>
        {actions}
      </div>
      {children}
    </section>
  );
}

/** Names and values, in as many columns as fit. What is null was not measured and says so. */
export function Facts({ facts }: { facts: readonly (readonly [name: string, value: ReactNode])[] }) {
  return (
    <dl className="card grid grid-cols-[repeat(auto-fill,minmax(9.5rem,1fr))] gap-x-6 gap-y-2.5 p-3">
      {facts.map(([name, value]) => (
        <div key={name} className="min-w-0">
          <dt className="text-small text-ink-3">{name}</dt>
          <dd className={`wrap-anywhere select-text ${value === null ? 'text-ink-3' : ''}`}>{value ?? 'unknown'}</dd>
        </div>
      ))}
    </dl>
  );
}

/** What a screen says while it has nothing, and what to do about it; `act` is a button that does it. */
export function Nothing({ act, children }: { act?: ReactNode; children: ReactNode }) {
  return (
    <div className="card flex flex-col items-start gap-3 p-3 text-ink-2">
      <p>{children}</p>
      {act}
    </div>
  );
}
