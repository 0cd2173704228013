import { createHash } from 'node:crypto';
import { lstatSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { McpConfig } from '../../shared/contract/mcp.ts';

const LARGEST = 256 * 1_024;

/** The repository's own `.mcp.json`, as it is now. */
export interface RepositoryFile {
  path: string;
  /** Of its bytes; what a person allows is bound to it. */
  hash: string;
  text: string;
  /** Null: it cannot be used, and `problem` says why. */
  config: McpConfig | null;
  problem: string | null;
}

/** Null: there is none that could be read. */
export function repositoryFile(projectPath: string): RepositoryFile | null {
  const path = join(projectPath, '.mcp.json');
  let text: string;
  try {
    const found = lstatSync(path);
    const { size } = found;
    // What a link leads to, perhaps out of the repository, is not the repository's own.
    if (!found.isFile())
      return { path, hash: 'no file', text: '', config: null, problem: `${path} is no regular file: it is not read.` };
    if (size > LARGEST)
      return { path, hash: `too large: ${size}`, text: '', config: null, problem: tooLarge(path, size) };
    text = readFileSync(path, 'utf8');
  } catch {
    return null;
  }
  const hash = createHash('sha256').update(text).digest('hex');
  try {
    const parsed = McpConfig.safeParse(JSON.parse(text));
    if (parsed.success) return { path, hash, text, config: parsed.data, problem: null };
    const what = parsed.error.issues
      .map((issue) => `${issue.path.join('.') || 'the file'}: ${issue.message}`)
      .join('; ');
    return { path, hash, text, config: null, problem: `${path} cannot be used: ${what}.` };
  } catch (error) {
    return { path, hash, text, config: null, problem: `${path} is not readable as JSON: ${String(error)}.` };
  }
}

const tooLarge = (path: string, size: number): string => `${path} is ${size} bytes long; at most ${LARGEST} are read.`;
