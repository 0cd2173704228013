import type { Session } from '../../../shared/contract/sessions.ts';
import { lineageWords } from '../../../shared/words.ts';
import { hashOf } from '../../route.ts';

/** Which session this one follows. */
export function LineageLine({ session: { lineage } }: { session: Pick<Session, 'lineage'> }) {
  if (!lineage) return null;
  return (
    <p className="text-small text-ink-2">
      {lineageWords(lineage)}{' '}
      <a href={hashOf('sessions', lineage.from)} className="link">
        an earlier session
      </a>
    </p>
  );
}
