/** What was asked for the sake of a session (a judge, a validator) was of no project; it is of the session's. */
export const spawnProjects = `
UPDATE spawns SET project_id = (SELECT project_id FROM sessions WHERE sessions.id = spawns.session_id)
WHERE project_id IS NULL AND session_id IS NOT NULL;
`;
