import { createIds } from '../src/core/adapters/ids.ts';
import { createJournal, type Journal } from '../src/core/kernel/journal.ts';
import { createTrust, type TrustService } from '../src/core/trust/service.ts';
import { Config } from '../src/shared/config.ts';
import type { Envelope } from '../src/shared/contract/index.ts';
import type { Level } from '../src/shared/policy.ts';
import { testDatabase, testLedger } from './builders.ts';
import { createFakeClock } from './fakes/clock.ts';

export const DAY = 86_400_000;
/** Who acts in the tests of trust. */
export const person = { by: 'owner (test)' };

/** Trust on a real database and a ledger of its own, without an engine: sessions and days by hand. */
export function trustRig(settings: Config['trust'] = Config.parse({}).trust) {
  const database = testDatabase();
  const clock = createFakeClock();
  let journal: Journal;
  let trust: TrustService;
  let made = 0;
  const start = (): void => {
    journal = createJournal(database.db, clock, (error) => {
      throw error;
    });
    rig.facts = [];
    journal.subscribe((fact) => rig.facts.push(fact));
    const ledger = testLedger(database.db, journal, clock);
    trust = createTrust({
      db: database.db,
      journal,
      clock,
      ids: createIds(),
      ledger,
      config: () => rig.settings,
    });
  };
  const rig = {
    settings,
    /** What was told since the start, oldest first. */
    facts: [] as Envelope[],
    database,
    clock,
    get journal() {
      return journal;
    },
    get trust() {
      return trust;
    },

    /** Everything anew on the same file, as after a restart of the program. */
    restart(): void {
      database.reopen();
      start();
    },

    /** A session that reached work at that level, and its evaluation; `score` undefined: not evaluated. */
    session(level: Level, score?: number | null): string {
      made += 1;
      const id = `ses_${made}`;
      journal.commit((emit) => {
        trust.creditSession(emit, id, level);
        if (score !== undefined)
          trust.creditEvaluation(emit, { sessionId: id, evaluationId: `evl_${made}`, level, score });
      });
      return id;
    },
    sessions(n: number, level: Level, score: number | null): void {
      for (let i = 0; i < n; i += 1) rig.session(level, score);
    },

    /** Time passes in which the machine runs: what so many beats of the engine would have written. */
    live(days: number): void {
      clock.advance(days * DAY);
      const add = database.db.prepare(
        `INSERT INTO stay_time (interval_id, day, ms, in_ledger) SELECT id, ?, ?, 1 FROM level_intervals WHERE left_at IS NULL
         ON CONFLICT DO UPDATE SET ms = ms + excluded.ms`,
      );
      // A day has no more than 24 hours.
      const today = Math.floor(clock.now() / DAY);
      for (let day = 0; day < days; day += 1) add.run(today - 1 - day, Math.round(Math.min(1, days - day) * DAY));
    },

    /** Up by one step, earned or not. */
    raise: (level: Level, reason?: string) =>
      trust.setLevel({ level, ...person, reason, override: { confirm: level } }),

    /** A record that has earned the step from cautious to moderate. */
    earned(): void {
      trust.setLevel({ level: 'cautious', ...person });
      rig.sessions(30, 'cautious', 4);
      rig.live(7);
    },
  };
  start();
  return rig;
}

export type TrustRig = ReturnType<typeof trustRig>;
