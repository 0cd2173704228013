/** Before the id of a session in a terminal, where ids of sessions stand. */
export const TERMINAL = 'terminal:';

/** The id of a session in a terminal; null: it is one of Tenure's own. */
export const terminalIn = (id: string | null): string | null =>
  id?.startsWith(TERMINAL) ? id.slice(TERMINAL.length) : null;
