import { Toggle } from '@base-ui/react/toggle';
import { ToggleGroup } from '@base-ui/react/toggle-group';

interface ChipsProps<T extends string> {
  /** What is narrowed or switched by them. */
  label: string;
  options: readonly (readonly [value: T, words: string])[];
  value: T;
  onChange: (value: T) => void;
  /** Rounder and with an edge, for the filter of a list; else quiet, for a part's own view. */
  kind?: 'filter' | 'quiet';
  className?: string;
}

/** One of a few that all stay in sight; the arrow keys go from one to the next. */
export function Chips<T extends string>({
  label,
  options,
  value,
  onChange,
  kind = 'quiet',
  className = '',
}: ChipsProps<T>) {
  return (
    <ToggleGroup
      aria-label={label}
      value={[value]}
      // One always holds: the one that is pressed again stays.
      onValueChange={([next]) => {
        if (next !== undefined) onChange(next);
      }}
      className={`flex flex-wrap ${kind === 'filter' ? 'gap-1.5' : 'gap-1'} ${className}`}
    >
      {options.map(([one, words]) => (
        <Toggle key={one} value={one} className={kind === 'filter' ? 'chip' : 'button button-quiet'}>
          {words}
        </Toggle>
      ))}
    </ToggleGroup>
  );
}
