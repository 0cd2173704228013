/** The log of everything in sentences, derived from the journal and kept much longer. */
export const activity = `
CREATE TABLE activity (
  seq      INTEGER PRIMARY KEY,
  at       INTEGER NOT NULL,
  area     TEXT NOT NULL,
  routine  INTEGER NOT NULL CHECK (routine IN (0, 1)),
  subject  TEXT,
  sentence TEXT NOT NULL,
  place    TEXT
) STRICT;
`;
