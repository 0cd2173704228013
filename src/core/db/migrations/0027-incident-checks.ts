/**
 * Every check of an incident: equal ones in a row are one entry of its timeline with what they came to, and
 * the newest of them are kept one by one.
 */
export const incidentChecks = `
ALTER TABLE incident_entries ADD COLUMN until INTEGER;
ALTER TABLE incident_entries ADD COLUMN good INTEGER NOT NULL DEFAULT 0;
ALTER TABLE incident_entries ADD COLUMN failed INTEGER NOT NULL DEFAULT 0;
ALTER TABLE incident_entries ADD COLUMN unknown INTEGER NOT NULL DEFAULT 0;

CREATE TABLE incident_checks (
  incident_id TEXT NOT NULL REFERENCES incidents (id) ON DELETE CASCADE,
  at          INTEGER NOT NULL,
  ok          INTEGER,
  ms          REAL,
  detail      TEXT NOT NULL,
  PRIMARY KEY (incident_id, at)
) STRICT, WITHOUT ROWID;
`;
