/** How soon and how loudly a question asks, and what was done about it when nobody answered. */
export const attention = `
ALTER TABLE decisions ADD COLUMN urgency TEXT NOT NULL DEFAULT 'normal';
ALTER TABLE decisions ADD COLUMN escalations INTEGER NOT NULL DEFAULT 0;
ALTER TABLE decisions ADD COLUMN warn_at INTEGER;
ALTER TABLE decisions ADD COLUMN warned INTEGER NOT NULL DEFAULT 0 CHECK (warned IN (0, 1));
ALTER TABLE decisions ADD COLUMN quiet_until INTEGER;
`;
