import { CSPProvider } from '@base-ui/react/csp-provider';
import type { ReactNode } from 'react';

/** The page allows no style element (`style-src 'self'`): the parts make none, and what theirs would say stands in our styles. */
export function StrictStyles({ children }: { children: ReactNode }) {
  return <CSPProvider disableStyleElements>{children}</CSPProvider>;
}
