/** What a session waits for, why it is held, and the processes it was last seen with. */
export const supervision = `
ALTER TABLE sessions ADD COLUMN wait_reason TEXT
  CHECK (wait_reason IN ('quota', 'transient', 'crashed', 'truncated', 'interrupted', 'memory', 'budget'));
ALTER TABLE sessions ADD COLUMN retry_at INTEGER;
ALTER TABLE sessions ADD COLUMN attempt INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sessions ADD COLUMN cut_offs INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sessions ADD COLUMN resume_cause TEXT;
ALTER TABLE sessions ADD COLUMN held TEXT;
ALTER TABLE sessions ADD COLUMN tree TEXT NOT NULL DEFAULT '[]';
CREATE INDEX sessions_waiting ON sessions (retry_at) WHERE wait_reason IS NOT NULL;
`;
