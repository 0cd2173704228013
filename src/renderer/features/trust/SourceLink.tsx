import type { TrustSource } from '../../../shared/contract/trust-record.ts';
import { sourceOf } from './source.ts';

/** Where something comes from, as a link where it can be seen. */
export function SourceLink({ source }: { source: TrustSource | null }) {
  const found = sourceOf(source);
  if (found === null) return null;
  return found.href === null ? (
    <span className="text-ink-3">{found.name}</span>
  ) : (
    <a href={found.href} className="link">
      {found.name}
    </a>
  );
}
