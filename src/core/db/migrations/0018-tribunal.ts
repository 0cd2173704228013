/** Tribunals and their votes; a vote is written once. */
export const tribunal = `
CREATE TABLE tribunals (
  decision_id TEXT PRIMARY KEY REFERENCES decisions (id),
  need        TEXT NOT NULL CHECK (need IN ('majority', 'unanimous')),
  seats       INTEGER NOT NULL,
  started_at  INTEGER NOT NULL,
  ended_at    INTEGER,
  finding     TEXT CHECK (finding IN ('unanimous', 'majority', 'split', 'missing'))
) STRICT;
CREATE INDEX tribunals_sitting ON tribunals (decision_id) WHERE finding IS NULL;
CREATE TABLE tribunal_votes (
  decision_id TEXT NOT NULL REFERENCES tribunals (decision_id),
  validator   TEXT NOT NULL,
  kind        TEXT NOT NULL CHECK (kind IN ('rule', 'model')),
  vote        TEXT NOT NULL CHECK (vote IN ('yes', 'no', 'abstain', 'failed')),
  confidence  REAL NOT NULL,
  reasoning   TEXT NOT NULL,
  at          INTEGER NOT NULL,
  PRIMARY KEY (decision_id, validator)
) STRICT;
ALTER TABLE decisions ADD COLUMN tribunal TEXT;
`;
