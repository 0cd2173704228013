import type { Journal } from '../kernel/journal.ts';

/**
 * Sentences about the program itself that a person should see: a bad edit of the config, a missing
 * agent, a full disk. Told only when they have changed.
 */
export function createNotices(journal: Journal) {
  const bySource = new Map<string, readonly string[]>();
  let told: string[] = [];
  return {
    current: (): string[] => told,
    has: (source: string): boolean => (bySource.get(source)?.length ?? 0) > 0,
    /** What one source has to say now; nothing takes its notices down. */
    put(source: string, sentences: readonly string[]): void {
      bySource.set(source, sentences);
      const now = [...bySource.values()].flat();
      if (now.join('\n') === told.join('\n')) return;
      const before = told;
      told = now;
      try {
        journal.commit((emit) => emit({ type: 'notices.changed', body: { notices: now } }));
      } catch {
        // A store that cannot be written says so itself; the notice is told the next time.
        told = before;
      }
    },
  };
}
