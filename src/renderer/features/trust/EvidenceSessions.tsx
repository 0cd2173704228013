import type { PromotionEvidence } from '../../../shared/contract/trust.ts';
import type { EvidenceSession } from '../../../shared/contract/trust-record.ts';
import { hashOf, openWindow } from '../../route.ts';

/** The best and the worst sessions of a promotion's evidence, each leading to it. */
export function EvidenceSessions({
  evidence: { best, worst },
  open = false,
}: {
  evidence: PromotionEvidence;
  open?: boolean;
}) {
  if (best.length + worst.length === 0) return null;
  return (
    <details open={open}>
      <summary className="cursor-default text-ink-2">
        {worst.length === 0 ? 'The scored sessions' : 'The best and the worst sessions'}
      </summary>
      <div className="mt-1 flex flex-wrap gap-x-6 gap-y-2">
        <Sessions title={worst.length === 0 ? 'All that were scored' : 'Best'} sessions={best} />
        <Sessions title="Worst" sessions={worst} />
      </div>
    </details>
  );
}

function Sessions({ title, sessions }: { title: string; sessions: readonly EvidenceSession[] }) {
  if (sessions.length === 0) return null;
  return (
    <div className="min-w-40 flex-1">
      <p className="text-small text-ink-3">{title}</p>
      <ul aria-label={title}>
        {sessions.map(({ sessionId, project, prompt, score }) => (
          <li key={sessionId} className="flex gap-2">
            <span className="shrink-0 font-strong">{score} of 5</span>
            <button
              type="button"
              className="link min-w-0 truncate text-left"
              onClick={() => openWindow(hashOf('sessions', sessionId))}
            >
              {project ?? 'A session'}
              {prompt ? `: ${prompt}` : ''}
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
