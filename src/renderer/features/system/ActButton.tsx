import type { ComponentProps } from 'react';
import { useAway } from '../../hooks/use-away.ts';
import { Button } from '../../ui/Button.tsx';

/** A button that asks the engine for something, or begins what will: while the engine is away it says so. */
export function ActButton({ why = null, ...rest }: ComponentProps<typeof Button>) {
  const away = useAway();
  return <Button {...rest} why={away ?? why} />;
}
