import type { Route } from '../../route.ts';

export function Window({ route }: { route: Extract<Route, { view: 'window' }>; retry: () => void }) {
  return <p>{route.screen}</p>;
}
