import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { listOf, numberOf, parseObject, textOf } from '../json.ts';

/** What the agent remembers over a park and a restart: where in which script it was. */
export interface Memory {
  script: string;
  /** The next step; its call has not been answered yet. */
  step: number;
  /** Calls that were refused so far, in words. */
  refused: string[];
}

/** Kept in the work tree's git directory: it goes with the work tree and is no part of it. */
export interface MemoryFile {
  read(): Promise<Memory | null>;
  write(memory: Memory): Promise<void>;
}

export function createMemoryFile(gitDirectory: string, agentSessionId: string): MemoryFile {
  const path = join(gitDirectory, 'tenure-demo', `${agentSessionId}.json`);
  return {
    async read() {
      const found = parseObject(await readFile(path, 'utf8').catch(() => ''));
      const script = textOf(found?.script);
      const step = numberOf(found?.step);
      if (script === null || step === null) return null;
      return { script, step, refused: listOf(found?.refused).filter((one) => typeof one === 'string') };
    },
    async write(memory) {
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, JSON.stringify(memory));
    },
  };
}
