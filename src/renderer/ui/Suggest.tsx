import { Autocomplete } from '@base-ui/react/autocomplete';
import { useState } from 'react';

interface SuggestProps {
  id: string;
  'aria-describedby'?: string | undefined;
  value: string;
  onChange: (value: string) => void;
  /** What has been used before, or often is; anything else may be typed. */
  suggestions: readonly string[];
  placeholder?: string;
  maxLength?: number;
}

/** A line of text with what was used before below it while it is typed. */
export function Suggest({ value, onChange, suggestions, ...field }: SuggestProps) {
  const [open, setOpen] = useState(false);
  const typed = value.trim().toLowerCase();
  const fitting = suggestions.filter((one) => one !== value && one.toLowerCase().includes(typed));
  return (
    <Autocomplete.Root
      items={fitting}
      filter={null}
      value={value}
      onValueChange={onChange}
      open={open && fitting.length > 0}
      onOpenChange={setOpen}
      openOnInputClick
    >
      <Autocomplete.Input {...field} spellCheck={false} className="field" />
      <Autocomplete.Portal>
        <Autocomplete.Positioner className="above" sideOffset={4} collisionPadding={8}>
          <Autocomplete.Popup data-above className="menu">
            <Autocomplete.List className="menu-list">
              {(one: string) => (
                <Autocomplete.Item key={one} value={one} className="menu-item">
                  {one}
                </Autocomplete.Item>
              )}
            </Autocomplete.List>
          </Autocomplete.Popup>
        </Autocomplete.Positioner>
      </Autocomplete.Portal>
    </Autocomplete.Root>
  );
}
