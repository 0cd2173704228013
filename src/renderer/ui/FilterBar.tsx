import type { ReactNode } from 'react';
import { Chips } from './Chips.tsx';
import { Select } from './Select.tsx';

interface FilterBarProps<T extends string> {
  /** The large cut, always in sight. */
  chips: {
    label: string;
    options: readonly (readonly [value: T, words: string])[];
    value: T;
    onPick: (value: T) => void;
  };
  search: { label: string; placeholder: string; text: string; onType: (text: string) => void };
  /** The finer cuts; one that leaves no choice is not there. */
  choices: readonly FilterChoice[];
  /** What else narrows, beside them. */
  children?: ReactNode;
  /** How much is left, told aloud when it changes. */
  found: ReactNode;
}

export interface FilterChoice {
  label: string;
  value: string | undefined;
  options: readonly (readonly [value: string, words: string])[];
  /** What it is when nothing is chosen; by itself `Project: all`. */
  all?: string;
  onPick: (value: string) => void;
}

/** What narrows a long list, the same above every one: chips, words, choices, and how much is left. */
export function FilterBar<T extends string>({ chips, search, choices, children, found }: FilterBarProps<T>) {
  return (
    <div className="flex flex-col gap-3">
      <Chips kind="filter" label={chips.label} options={chips.options} value={chips.value} onChange={chips.onPick} />
      <div className="flex flex-wrap items-center gap-2">
        <input
          type="search"
          aria-label={search.label}
          placeholder={search.placeholder}
          value={search.text}
          onChange={(event) => search.onType(event.currentTarget.value)}
          className="field min-w-60 flex-1"
        />
        {choices
          .filter(({ options, value }) => options.length > 1 || value !== undefined)
          .map(({ label, value, options, all = `${label}: all`, onPick }) => (
            <Select
              key={label}
              aria-label={label}
              className="max-w-60"
              value={value ?? ''}
              options={[['', all], ...options]}
              onChange={onPick}
            />
          ))}
        {children}
      </div>
      <p role="status" className="text-ink-2">
        {found}
      </p>
    </div>
  );
}
