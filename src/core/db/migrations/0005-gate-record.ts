/** By whom and of what kind each action was, so that an agent's record can be counted; marks of a false yes. */
export const gateRecord = `
ALTER TABLE decisions ADD COLUMN agent TEXT;
ALTER TABLE decisions ADD COLUMN kind TEXT;
ALTER TABLE decisions ADD COLUMN auto INTEGER NOT NULL DEFAULT 0 CHECK (auto IN (0, 1));
ALTER TABLE decisions ADD COLUMN wrong_at INTEGER;
ALTER TABLE decisions ADD COLUMN wrong_by TEXT;
ALTER TABLE decisions ADD COLUMN wrong_reason TEXT;
CREATE INDEX decisions_by_kind ON decisions (agent, kind, outcome, asked_at) WHERE outcome IS NOT NULL;
CREATE INDEX decisions_by_agent ON decisions (agent, asked_at, outcome) WHERE outcome IS NOT NULL;
CREATE INDEX decisions_auto ON decisions (agent, asked_at) WHERE auto = 1;
`;
