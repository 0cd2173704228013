import { type ComponentType, lazy, type ReactNode, useState } from 'react';

/**
 * A component in a chunk of its own, like React's `lazy`; but what `preload` has brought is shown at once. React
 * keeps back for 300 ms whatever it has shown a fallback for, also when it has been there for long.
 */
export function preloaded<P extends object>(
  load: () => Promise<ComponentType<P>>,
): ((props: P) => ReactNode) & { preload: () => Promise<unknown> } {
  let found: ComponentType<P> | null = null;
  const preload = async (): Promise<{ default: ComponentType<P> }> => ({ default: (found = await load()) });
  const Later = lazy(preload) as unknown as ComponentType<P>;
  function Preloaded(props: P): ReactNode {
    // The same one for as long as it is on screen.
    const [Part] = useState<ComponentType<P>>(() => found ?? Later);
    return <Part {...props} />;
  }
  return Object.assign(Preloaded, { preload });
}
