/** The program that restarts a service, by pid and start time: it outlives a Tenure that is killed, and is found again. */
export const restartProgram = `
ALTER TABLE restarts ADD COLUMN program_pid INTEGER;
ALTER TABLE restarts ADD COLUMN program_started_at TEXT;
`;
