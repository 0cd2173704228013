/**
 * The ledger: everything that trust rests on, each event bound to the one before by its hash. Hashes are
 * base64url. `ledger_checkpoint` remembers the newest checkpoint that was written outside of the database.
 */
export const ledger = `
CREATE TABLE ledger_events (
  seq     INTEGER PRIMARY KEY,
  at      INTEGER NOT NULL,
  kind    TEXT NOT NULL,
  subject TEXT NOT NULL,
  body    TEXT NOT NULL,
  prev    TEXT NOT NULL,
  hash    TEXT NOT NULL,
  mac     TEXT NOT NULL
) STRICT;
CREATE INDEX ledger_events_by_subject ON ledger_events (subject);
CREATE TRIGGER ledger_events_no_update BEFORE UPDATE ON ledger_events
BEGIN SELECT raise(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER ledger_events_no_delete BEFORE DELETE ON ledger_events
BEGIN SELECT raise(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER ledger_events_no_replace BEFORE INSERT ON ledger_events
WHEN NEW.seq <= (SELECT max(seq) FROM ledger_events)
BEGIN SELECT raise(ABORT, 'the ledger is append-only'); END;

CREATE TABLE ledger_checkpoint (
  one    INTEGER PRIMARY KEY CHECK (one = 1),
  seq    INTEGER NOT NULL,
  at     INTEGER NOT NULL,
  folder TEXT NOT NULL
) STRICT;
`;
