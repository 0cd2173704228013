/** What waits and what has ended of a session is counted at each of its calls: without going over all of its rows. */
export const sessionCounts = `
CREATE INDEX decisions_waiting ON decisions (session_id) WHERE state = 'pending';
CREATE INDEX decisions_ended ON decisions (session_id) WHERE outcome IS NOT NULL OR ended_as IS NOT NULL;
`;
