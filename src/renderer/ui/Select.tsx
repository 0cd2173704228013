import { Select as Base } from '@base-ui/react/select';
import type { ReactNode } from 'react';
import { Chevron, Tick } from './Signs.tsx';

/** What can be chosen: the value and its words. */
export type Options = readonly (readonly [value: string, words: ReactNode])[];

interface SelectProps {
  options: Options;
  /** What is chosen; without it the part remembers by itself, from `initial` on, for a form that reads `name`. */
  value?: string;
  initial?: string;
  name?: string;
  onChange?: (value: string) => void;
  disabled?: boolean;
  id?: string;
  'aria-label'?: string;
  'aria-describedby'?: string | undefined;
  'aria-invalid'?: boolean;
  className?: string;
}

/** One of a few. The list opens over its field, with what is chosen under the pointer, as a Mac's does. */
export function Select({
  options,
  value,
  initial,
  name,
  onChange,
  disabled = false,
  className = '',
  ...face
}: SelectProps) {
  return (
    <Base.Root
      items={options.map(([one, label]) => ({ value: one, label }))}
      {...(value !== undefined && { value })}
      {...(initial !== undefined && { defaultValue: initial })}
      {...(name !== undefined && { name })}
      disabled={disabled}
      onValueChange={(next) => {
        if (next !== null) onChange?.(next);
      }}
    >
      <Base.Trigger {...face} className={`field select ${className}`}>
        <Base.Value className="min-w-0 truncate" />
        <Base.Icon className="shrink-0 text-ink-3">
          <Chevron />
        </Base.Icon>
      </Base.Trigger>
      <Base.Portal>
        <Base.Positioner className="above" sideOffset={4} collisionPadding={8}>
          <Base.Popup data-above className="menu">
            <Base.List className="menu-list">
              {options.map(([one, words]) => (
                <Base.Item key={one} value={one} className="menu-item">
                  <Base.ItemIndicator className="menu-tick">
                    <Tick />
                  </Base.ItemIndicator>
                  <Base.ItemText className="min-w-0 truncate">{words}</Base.ItemText>
                </Base.Item>
              ))}
            </Base.List>
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
