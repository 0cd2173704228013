/** Comments of a person on the work of a session. */
export const reviews = `
CREATE TABLE review_comments (
  id         TEXT PRIMARY KEY,
  session_id TEXT NOT NULL REFERENCES sessions (id),
  path       TEXT NOT NULL,
  side       TEXT NOT NULL CHECK (side IN ('before', 'after')),
  line_from  INTEGER NOT NULL,
  line_to    INTEGER NOT NULL CHECK (line_to >= line_from),
  quote      TEXT NOT NULL,
  text       TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  sent_at    INTEGER
) STRICT;
CREATE INDEX review_comments_by_session ON review_comments (session_id);
`;
