/** What binds an approval, how an answer was come to, emergency aborts and the pipeline's own alerts. */
export const decisionsWhole = `
CREATE TABLE decision_bindings (
  decision_id TEXT PRIMARY KEY REFERENCES decisions (id),
  binding     TEXT NOT NULL
) STRICT;
`;
