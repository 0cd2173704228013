import type { TrustSource } from '../../../shared/contract/trust-record.ts';
import { hashOf } from '../../route.ts';

const NAMES: Readonly<Record<TrustSource['kind'], string>> = {
  session: 'session',
  decision: 'decision',
  incident: 'incident',
  promotion: 'promotion',
  alert: 'alert',
  person: 'reported by hand',
};

/** Where something comes from: in a word, and where that can be seen; null: nowhere but here. */
export function sourceOf(source: TrustSource | null): { name: string; href: string | null } | null {
  if (source === null) return null;
  const name = NAMES[source.kind];
  switch (source.kind) {
    case 'session':
      return { name, href: hashOf('sessions', source.id) };
    case 'decision':
      return { name, href: hashOf('decisions', source.id) };
    case 'incident':
      return { name, href: hashOf('services') };
    default:
      return { name, href: null };
  }
}
