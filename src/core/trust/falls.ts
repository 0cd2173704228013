import type { SevereEvent } from '../../shared/contract/trust-record.ts';
import type { Level } from '../../shared/policy.ts';
import { SEVERE_WORDS } from '../../shared/trust-words.ts';
import type { Emit } from '../kernel/journal.ts';
import type { Clock, Ids } from '../kernel/ports.ts';
import type { createMarkStorage } from './marks/storage.ts';
import type { RecordView } from './record/service.ts';
import { fallOf, LOWERS, lowerBy, POOR_IN_ROW, POOR_SCORE } from './severe.ts';
import type { NewStay } from './storage.ts';

/** What was seen, and where. `by`: who says so. */
export type SevereReport = Pick<SevereEvent, 'kind' | 'source' | 'sessionId' | 'text' | 'by'>;

interface FallDeps {
  marks: ReturnType<typeof createMarkStorage>;
  record: RecordView;
  clock: Clock;
  ids: Ids;
  /** Ends this stay and begins the next. */
  move(emit: Emit, to: Level, how: Pick<NewStay, 'by' | 'reason' | 'cause' | 'source'>): void;
}

/** Who lowers the level when no person does. */
export const TENURE = 'tenure';

/** The level falls by itself; it never rises here. Everything runs inside a commit. */
export function createFalls({ marks, record, clock, ids, move }: FallDeps) {
  const fall = (emit: Emit, to: Level, reason: string, source: NewStay['source']): void =>
    move(emit, to, { by: TENURE, reason, cause: 'fall', source });

  return {
    /** Several poor scores in a row lower the level by a step. @returns whether it fell. */
    afterScore(emit: Emit): boolean {
      const { level } = record.current();
      const poor = record.poor();
      const last = poor.at(-1);
      if (level === 'observe' || last === undefined || poor.length < POOR_IN_ROW) return false;
      const reason = `${poor.length} scores of ${POOR_SCORE} or less in a row.`;
      fall(emit, lowerBy(level), reason, { kind: 'session', id: last.sessionId });
      return true;
    },

    /**
     * Something that nothing compensates: the window begins anew, and the level falls as its kind says, once
     * for a session; an outage always leads to observe.
     * @returns null when it was recorded before; then nothing happens.
     */
    severe(emit: Emit, report: SevereReport): { event: SevereEvent; fell: boolean } | null {
      const { id: intervalId, level } = record.current();
      const { kind, sessionId } = report;
      const isFirst = sessionId === null || !marks.hadSevere(sessionId);
      const event: SevereEvent = { ...report, id: ids.next('sev'), level, at: clock.now() };
      if (!marks.addSevere({ ...event, intervalId })) return null;
      const to = isFirst || LOWERS[kind] === 'observe' ? fallOf(kind, level) : null;
      if (to !== null) fall(emit, to, `${SEVERE_WORDS[kind]}: ${report.text}`, report.source);
      emit({ type: 'trust.severe', body: { event, fell: to !== null } });
      return { event, fell: to !== null };
    },
  };
}
