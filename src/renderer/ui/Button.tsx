import type { ComponentProps, MouseEvent } from 'react';

interface ButtonProps extends ComponentProps<'button'> {
  kind?: 'primary' | 'plain' | 'quiet' | 'bad';
  /** The sentence why it cannot be used now; null when it can. It stays focusable and says so. */
  why?: string | null;
  /** At work: a second click does nothing. */
  busy?: boolean;
}

/** A button that, when it may not be used, says why instead of being dead. */
export function Button({
  kind = 'plain',
  why = null,
  busy = false,
  className = '',
  title,
  onClick,
  ...rest
}: ButtonProps) {
  const tip = why ?? title;
  const off = busy || why !== null;
  const click = (event: MouseEvent<HTMLButtonElement>) => {
    if (off) event.preventDefault();
    else onClick?.(event);
  };
  return (
    <button
      type="button"
      className={`button button-${kind} ${className}`}
      aria-disabled={off || undefined}
      aria-busy={busy || undefined}
      data-tip={tip}
      aria-description={tip}
      {...rest}
      onClick={click}
    />
  );
}
