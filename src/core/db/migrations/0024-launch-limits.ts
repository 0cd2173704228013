/** What a person allowed a single session at its launch, beside what its project allows. Null: nothing of its own. */
export const launchLimits = `
ALTER TABLE sessions ADD COLUMN ceiling TEXT;
ALTER TABLE sessions ADD COLUMN budget_usd REAL;
`;
