import { createHash } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { McpConfig } from '../../shared/contract/mcp.ts';
import { issueWords } from '../../shared/issue-words.ts';

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

/** A pipe in the file's place is not waited for; what a link leads to, perhaps out of the repository, is not its own. */
const HOW = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** What is looked at is what is read: the file is opened once, whatever is put in its place meanwhile. */
function read(path: string): { text: string } | { hash: string; problem: string } | null {
  const none = { hash: 'no file', problem: `${path} is no regular file: it is not read.` };
  let file: number;
  try {
    file = openSync(path, HOW);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ELOOP' ? none : null;
  }
  try {
    const found = fstatSync(file);
    if (!found.isFile()) return none;
    if (found.size > LARGEST) return { hash: `too large: ${found.size}`, problem: tooLarge(path, found.size) };
    return { text: readFileSync(file, 'utf8') };
  } catch {
    return null;
  } finally {
    closeSync(file);
  }
}

/** Null: there is none that could be read. */
export function repositoryFile(projectPath: string): RepositoryFile | null {
  const path = join(projectPath, '.mcp.json');
  const found = read(path);
  if (found === null) return null;
  if ('problem' in found) return { path, text: '', config: null, ...found };
  const { text } = found;
  const hash = createHash('sha256').update(text).digest('hex');
  try {
    const parsed = McpConfig.safeParse(JSON.parse(text), { error: issueWords });
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
