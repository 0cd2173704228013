import { type ReactNode, useId } from 'react';
import { fold, useUi } from '../ui.ts';

interface SectionProps {
  title: string;
  figure?: ReactNode;
  /** A section with a name can be folded, and stays so; one without cannot. */
  name?: string;
  /** Open whatever was chosen: while something is looked for. */
  open?: boolean;
  /** Beside the figure. */
  action?: ReactNode;
  children: ReactNode;
}

/** A group of the popover under its name. */
export function Section({ title, figure, name, open = false, action, children }: SectionProps) {
  const id = useId();
  const folded = useUi((state) => name !== undefined && !open && state.folded.includes(name));
  return (
    <section aria-labelledby={id} className="flex flex-col gap-1.5">
      <div className="flex items-baseline gap-2 px-1 text-ink-2">
        <h2 id={id} className="font-strong">
          {name === undefined ? (
            title
          ) : (
            <button
              type="button"
              aria-expanded={!folded}
              onClick={() => fold(name, !folded)}
              className="group flex items-center gap-1 rounded-control hover:text-ink"
            >
              {title}
              <svg
                viewBox="0 0 8 8"
                aria-hidden="true"
                className={`size-2 text-ink-3 ${folded ? '' : 'rotate-90 opacity-0 group-hover:opacity-100 group-focus-visible:opacity-100'}`}
              >
                <path d="m2.5 1 3 3-3 3" fill="none" stroke="currentColor" strokeWidth="1.4" strokeLinecap="round" />
              </svg>
            </button>
          )}
        </h2>
        <span className="ml-auto flex items-baseline gap-2">
          {!folded && action}
          {figure !== undefined && <span>{figure}</span>}
        </span>
      </div>
      {!folded && children}
    </section>
  );
}
