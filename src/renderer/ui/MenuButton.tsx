import { useRef, useState } from 'react';
import { Menu, type MenuEntry } from './Menu.tsx';
import { Chevron } from './Signs.tsx';

interface MenuButtonProps {
  label: string;
  /** None: there is nothing to open, and the label says why. */
  entries: readonly MenuEntry[];
  className?: string;
}

/** A button with a menu of things to do behind it. */
export function MenuButton({ label, entries, className = '' }: MenuButtonProps) {
  const button = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  return (
    <>
      <button
        ref={button}
        type="button"
        aria-haspopup="menu"
        aria-expanded={open}
        disabled={entries.length === 0}
        onClick={() => setOpen(true)}
        className={`field select ${className}`}
      >
        <span className="min-w-0 truncate">{label}</span>
        <Chevron className="shrink-0 text-ink-3" />
      </button>
      {open && <Menu label={label} anchor={button} groups={[entries]} onClose={() => setOpen(false)} />}
    </>
  );
}
