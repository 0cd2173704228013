/** Whether the set-up of a session's place came to its end. Of the places that there are nothing is known: they count as ready. */
export const setUp = `
ALTER TABLE sessions ADD COLUMN set_up_at INTEGER;
UPDATE sessions SET set_up_at = coalesce(started_at, created_at) WHERE base_commit IS NOT NULL;
`;
