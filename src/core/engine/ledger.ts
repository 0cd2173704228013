import type { EngineOptions } from '../engine.ts';
import type { Journal } from '../kernel/journal.ts';
import { createSeal } from '../ledger/seal.ts';
import { createLedger } from '../ledger/service.ts';
import { trustEntries } from '../trust/recorded.ts';
import { createTrustStorage } from '../trust/storage.ts';

interface LedgerOptions extends Pick<EngineOptions, 'db' | 'ports' | 'vault'> {
  journal: Journal;
}

const SECRET = 'ledger';

/** The ledger of everything that trust rests on, with what stood before it began. */
export function createLedgerChapter({ db, ports, journal, vault }: LedgerOptions) {
  function secret(): string | null {
    if (vault.state === 'locked') return null;
    const kept = vault.get(SECRET);
    if (kept !== null) return kept;
    const made = ports.ids.secret();
    vault.set(SECRET, made);
    return made;
  }
  const key = secret();

  const ledger = createLedger({
    db,
    journal,
    clock: ports.clock,
    seal: key === null ? null : createSeal(key),
    before: () => trustEntries(createTrustStorage(db)),
  });
  return { ledger };
}
