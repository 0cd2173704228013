import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';

/**
 * Puts a text in a file's place at once, readable by the person alone: a temporary file of its own name,
 * flushed, renamed. Whoever reads sees the old or the new, never a part (T-105).
 * @param unique makes the temporary name its writer's own.
 * @throws what the file system says; the old file stands then.
 */
export function writeAtomically(file: string, text: string, unique: string): void {
  const temporary = `${file}.${unique}.tmp`;
  try {
    const handle = openSync(temporary, 'wx', 0o600);
    try {
      writeFileSync(handle, text);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}
