/** What a person wants every session on a project to know. */
export const projectNotes = `
ALTER TABLE follow_on ADD COLUMN notes TEXT;
`;
