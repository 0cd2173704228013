/** Where on the ladder of attention a question began, which a person may set; null: by its urgency alone. */
export const paths = `
ALTER TABLE decisions ADD COLUMN begins TEXT CHECK (begins IN ('badge', 'notification', 'repeated', 'other'));
`;
