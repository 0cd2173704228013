import { join } from 'node:path';
import { createJournal, type Journal } from '../src/core/kernel/journal.ts';
import { readCheckpoints } from '../src/core/ledger/checkpoints.ts';
import { createKeeper } from '../src/core/ledger/keeper.ts';
import { createSeal } from '../src/core/ledger/seal.ts';
import { createLedger, type OwnLedger } from '../src/core/ledger/service.ts';
import { createLedgerStorage } from '../src/core/ledger/storage.ts';
import type { Envelope } from '../src/shared/contract/index.ts';
import { TEST_SECRET, tempDir, testDatabase } from './builders.ts';
import { createFakeClock } from './fakes/clock.ts';

export const seal = createSeal(TEST_SECRET);

/** The ledger and its keeper on a real database, with a folder of checkpoints, without an engine. */
export function keeperRig() {
  let database = testDatabase();
  const clock = createFakeClock();
  let journal: Journal;
  let ledger: OwnLedger;
  let keeper: ReturnType<typeof createKeeper>;
  const rig = {
    clock,
    /** Where checkpoints go. */
    folder: join(tempDir('checkpoints'), 'here'),
    /** What was told since the start. */
    facts: [] as Envelope[],
    /** Why the level was lowered, each time. */
    fallen: [] as string[],
    problems: [] as unknown[],
    /** How often others were let run in the middle of a look. */
    breaths: 0,
    get database() {
      return database;
    },
    get journal() {
      return journal;
    },
    get ledger() {
      return ledger;
    },
    get keeper() {
      return keeper;
    },
    file: (): string => join(database.dir, 'tenure.db'),
    put: (n: number, kind = 'test.counted'): number =>
      journal.commit(() => ledger.append({ kind, subject: 'a', body: { n } })),
    signed: (): number[] => readCheckpoints([rig.folder], seal.publicKey).signed.map(({ seq }) => seq),
    names: async (): Promise<string[]> => (await keeper.verify()).findings.map(({ name }) => name),

    /** Everything anew on the database that is open. */
    start(isLost = false): void {
      journal = createJournal(database.db, clock, (error) => {
        throw error;
      });
      rig.facts = [];
      journal.subscribe((fact) => rig.facts.push(fact));
      ledger = createLedger({ db: database.db, journal, clock, seal });
      keeper = createKeeper({
        ledger,
        storage: createLedgerStorage(database.db),
        seal,
        journal,
        clock,
        folder: () => rig.folder,
        projections: [],
        isLost,
        key: 'The key lies in a file.',
        breathe: async () => void (rig.breaths += 1),
        onRemade: () => undefined,
        onBroken: (reason) => rig.fallen.push(reason),
        onProblem: (error) => rig.problems.push(error),
        onState: () => undefined,
      });
    },
    /** The same file with a new connection, whose old one was closed. */
    openAgain(): void {
      database = testDatabase(database.dir);
      rig.start();
    },
    /** As an end in order and the next start. */
    restart(): void {
      keeper.stop();
      rig.kill();
    },
    /** As a process that is killed: nothing is signed any more. */
    kill(): void {
      database.reopen();
      rig.start();
    },
  };
  rig.start();
  return rig;
}

export type KeeperRig = ReturnType<typeof keeperRig>;
