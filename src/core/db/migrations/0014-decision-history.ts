/** When an action was seen to end, and indexes for the history. */
export const decisionHistory = `
ALTER TABLE decisions ADD COLUMN settled_at INTEGER;
CREATE INDEX decisions_by_answer ON decisions (answered_by, answered_at) WHERE verdict = 'ask';
`;
