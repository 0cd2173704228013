import { type ReactNode, useId } from 'react';

interface SectionProps {
  title: string;
  figure?: ReactNode;
  children: ReactNode;
}

/** A group of the popover under its name. */
export function Section({ title, figure, children }: SectionProps) {
  const id = useId();
  return (
    <section aria-labelledby={id} className="flex flex-col gap-1.5">
      <div className="flex items-baseline justify-between px-1 text-ink-2">
        <h2 id={id} className="font-strong">
          {title}
        </h2>
        {figure !== undefined && <span>{figure}</span>}
      </div>
      {children}
    </section>
  );
}
