/** What a run, and what a session, cost at least where `cost_usd` is unknown: the part of it that was priced. */
export const leastCost = `
ALTER TABLE sessions ADD COLUMN cost_least_usd REAL;
ALTER TABLE spawns ADD COLUMN cost_least_usd REAL;
`;
