import { Checkbox } from '@base-ui/react/checkbox';
import { Switch as BaseSwitch } from '@base-ui/react/switch';
import type { ReactNode } from 'react';
import { Tick } from './Signs.tsx';

interface CheckProps {
  /** Whether it is ticked; without it the part remembers by itself, from `initial` on. */
  checked?: boolean;
  initial?: boolean;
  name?: string;
  onChange?: (checked: boolean) => void;
  disabled?: boolean;
  /** The words beside it. */
  children: ReactNode;
  /** What ticking it comes to, below the words. */
  hint?: ReactNode;
  className?: string;
}

/** Yes or no, with its words; all of it can be clicked. In a form, `on` under its name. */
export function Check({
  checked,
  initial,
  name,
  onChange,
  disabled = false,
  children,
  hint,
  className = '',
}: CheckProps) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control is the part inside.
    <label className={`check ${className}`}>
      <Checkbox.Root
        {...(checked !== undefined && { checked })}
        {...(initial !== undefined && { defaultChecked: initial })}
        {...(name !== undefined && { name })}
        disabled={disabled}
        onCheckedChange={(on) => onChange?.(on)}
        className="check-box"
      >
        <Checkbox.Indicator className="check-tick">
          <Tick />
        </Checkbox.Indicator>
      </Checkbox.Root>
      <span className="min-w-0 wrap-anywhere">
        {children}
        {hint !== undefined && <span className="block text-small text-ink-3">{hint}</span>}
      </span>
    </label>
  );
}

interface SwitchProps {
  id: string;
  checked: boolean;
  disabled?: boolean;
  'aria-describedby'?: string;
  onChange: (checked: boolean) => void;
}

/** On or off, at once. Its label stands elsewhere and names it by `id`. */
export function Switch({ onChange, ...face }: SwitchProps) {
  return (
    <BaseSwitch.Root {...face} onCheckedChange={(on) => onChange(on)} className="switch">
      <BaseSwitch.Thumb className="switch-thumb" />
    </BaseSwitch.Root>
  );
}
