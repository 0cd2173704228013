import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { Checkpoint } from '../../shared/contract/ledger.ts';
import { canonicalOf } from '../kernel/canonical.ts';
import type { Mark } from './chain.ts';

import { isSigned, type Seal } from './seal.ts';

/** `checkpoints.jsonl`: one signed checkpoint a line, oldest first. */
export const CHECKPOINT_FILE = 'checkpoints.jsonl';
const MOST_BYTES = 262_144;
const KEPT = 200;

const textOf = ({ signature: _signature, ...signed }: Checkpoint): string => canonicalOf(signed);

export const signCheckpoint = (seal: Seal, { seq, hash, mac }: Mark, count: number, at: number): Checkpoint => {
  const unsigned = { seq, hash, mac, at, count, publicKey: seal.publicKey, signature: '' };
  return { ...unsigned, signature: seal.sign(textOf(unsigned)) };
};

/** A line that is no checkpoint counts as none: a crash may leave half of one behind. */
function checkpointIn(line: string): Checkpoint | null {
  try {
    return Checkpoint.parse(JSON.parse(line));
  } catch {
    return null;
  }
}

export interface KnownCheckpoints {
  /** Carrying a signature of that key, oldest first. */
  signed: Checkpoint[];
  /** Those that name that key and do not carry its signature. */
  forged: number;
}

/** @throws what the file system says, but for a file that is not there: that holds no checkpoint. */
export function readCheckpoints(folders: readonly string[], publicKey: string): KnownCheckpoints {
  const found = [...new Set(folders)]
    .map((folder) => join(folder, CHECKPOINT_FILE))
    .flatMap((file) => (existsSync(file) ? readFileSync(file, 'utf8').split('\n') : []))
    .map(checkpointIn)
    .filter((checkpoint) => checkpoint?.publicKey === publicKey)
    .filter((checkpoint) => checkpoint !== null);
  const signed = found.filter((checkpoint) => isSigned(textOf(checkpoint), checkpoint.signature, publicKey));
  return { signed: signed.toSorted((a, b) => a.seq - b.seq), forged: found.length - signed.length };
}

function writeAll(file: string, flags: 'a' | 'w', text: string): void {
  const handle = openSync(file, flags, 0o600);
  try {
    writeSync(handle, text);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/**
 * Adds a checkpoint to the file of that folder, on the disk before it returns. A file that has grown long
 * keeps its newest lines. @throws what the file system says; then the file holds at most half a line more.
 */
export function writeCheckpoint(folder: string, checkpoint: Checkpoint): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, CHECKPOINT_FILE);
  const before = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const line = `${JSON.stringify(checkpoint)}\n`;
  if (before.length + line.length <= MOST_BYTES) {
    writeAll(file, 'a', before === '' || before.endsWith('\n') ? line : `\n${line}`);
    return;
  }
  const kept = before.split('\n').filter(Boolean).slice(-KEPT);
  writeAll(`${file}.next`, 'w', `${kept.join('\n')}\n${line}`);
  renameSync(`${file}.next`, file);
}
