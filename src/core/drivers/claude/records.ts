import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Where the CLI keeps its records: one folder for each directory it was used in (the name is lossy), one
 * file for each conversation.
 * @param env the environment that the agent is started with.
 */
export const recordsDir = (env: Readonly<Record<string, string | undefined>>): string | null => {
  const config = env.CLAUDE_CONFIG_DIR || (env.HOME ? join(env.HOME, '.claude') : null);
  return config && join(config, 'projects');
};

/** The file of a conversation, in whichever folder it was begun; null: there is none. */
export async function recordOf(dir: string | null, agentSessionId: string): Promise<string | null> {
  const folders = dir === null ? [] : await readdir(dir).catch(() => []);
  return folders.map((folder) => join(dir ?? '', folder, `${agentSessionId}.jsonl`)).find(existsSync) ?? null;
}
