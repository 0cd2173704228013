import type { Journal } from '../kernel/journal.ts';

/**
 * Sentences about the program itself that a person should see: a bad edit of the config, a missing
 * agent, a full disk. Told only when they have changed.
 */
export function createNotices(journal: Journal, sources: readonly (() => readonly string[])[]) {
  let told: string[] = [];
  return {
    current: (): string[] => told,
    refresh(): void {
      const now = sources.flatMap((source) => source());
      if (now.join('\n') === told.join('\n')) return;
      told = now;
      journal.commit((emit) => emit({ type: 'notices.changed', body: { notices: now } }));
    },
  };
}
