import type { Session } from '../../../shared/contract/sessions.ts';
import { StopButton } from '../sessions/StopButton.tsx';
import { WatchButton } from './WatchButton.tsx';
import { watchedOf } from './watched.ts';

/** A session that waits, is held or is silent: why, with what was seen, and what can be done. */
export function WatchedCard({ session }: { session: Session }) {
  const watched = watchedOf(session);
  if (!watched) return null;
  const asks = Boolean(session.held);
  return (
    <section
      aria-label={watched.title}
      className={`card mx-6 mt-3 flex shrink-0 flex-wrap items-start gap-x-4 gap-y-2 p-3 ${asks ? 'border-human-line' : ''}`}
    >
      <div className="min-w-60 flex-1 select-text">
        <h2 className="font-strong">{watched.title}</h2>
        {watched.evidence.length > 0 && (
          <ul className="mt-1 list-disc pl-4 text-ink-2 wrap-anywhere">
            {watched.evidence.map((sentence) => (
              <li key={sentence}>{sentence}</li>
            ))}
          </ul>
        )}
        <p className="mt-1 text-ink-2">{watched.next}</p>
      </div>
      <span className="flex items-center gap-2">
        <WatchButton session={session} kind={asks ? 'primary' : 'plain'} />
        {asks && <StopButton session={session} kind="plain" />}
      </span>
    </section>
  );
}
