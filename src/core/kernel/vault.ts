import { createCipheriv, createDecipheriv } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { TenureError } from '../../shared/errors.ts';
import type { Ids } from './ports.ts';

/** Keeps the vault's one key. The host brings it: the system's keychain where it has one, else a file. */
export interface KeyGuard {
  name: 'keychain' | 'file';
  /** Where the key lies, in a sentence for the person. */
  sentence: string;
  seal(key: Buffer): Promise<Buffer>;
  /** Rejects when it cannot be opened here. `aged`: the system has a newer way to seal, and the old may go one day. */
  open(sealed: Buffer): Promise<{ key: Buffer; aged: boolean }>;
}

/** Secrets of the program itself: signing keys, tokens of channels. AES-256-GCM, one file, owner only. */
export interface Vault {
  /** What guards the key; `locked`: it lies where this host cannot get at it. */
  readonly state: KeyGuard['name'] | 'locked';
  readonly sentence: string;
  /** @returns null when there is none. @throws TenureError `unavailable` when locked or spoilt. */
  get(name: string): string | null;
  /** @throws TenureError `unavailable` when locked. */
  set(name: string, value: string): void;
  /** @throws TenureError `unavailable` when locked. */
  remove(name: string): void;
}

/** @param why a sentence that says why no keychain keeps it. */
export const fileGuard = (why: string): KeyGuard => ({
  name: 'file',
  sentence: `${why} The key to Tenure's secrets lies in a file that only you can read: who has a copy of it has the secrets.`,
  seal: async (key) => key,
  open: async (sealed) => ({ key: sealed, aged: false }),
});

const ALGORITHM = 'aes-256-gcm';
const KEY_BYTES = 32;
const IV_BYTES = 12;

interface Sealed {
  iv: string;
  tag: string;
  text: string;
}

/** As far as the disk lets us: some keep no modes, and a backup that is only looked at may lie on one that is read-only. */
function makePrivate(path: string, mode: number): void {
  try {
    if ((statSync(path).mode & 0o777) !== mode) chmodSync(path, mode);
  } catch {
    // What is there can still be read.
  }
}

interface VaultOptions {
  /** Made when it is not there. */
  dir: string;
  guard: KeyGuard;
  ids: Pick<Ids, 'secret'>;
}

/**
 * Opens the vault, making its key at the very first time. A key that was sealed elsewhere is never
 * replaced: what hangs on it would be lost; the vault is then locked and says how to get at it.
 */
export async function openVault({ dir, guard, ids }: VaultOptions): Promise<Vault> {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const keyFile = join(dir, 'key.json');
  const secretsFile = join(dir, 'secrets.json');
  // What was put back from a backup may be open to others.
  makePrivate(dir, 0o700);
  for (const file of [keyFile, secretsFile]) if (existsSync(file)) makePrivate(file, 0o600);
  const remedy = `Restore it from a backup, or move ${dir} away: Tenure then begins with new keys and asks you to accept its ledger.`;

  /** Whole or not at all, and on the disk before it counts. */
  function write(file: string, value: unknown): void {
    const next = `${file}.${ids.secret()}`;
    const handle = openSync(next, 'wx', 0o600);
    try {
      writeSync(handle, JSON.stringify(value));
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    renameSync(next, file);
  }

  const keep = async (key: Buffer): Promise<void> =>
    write(keyFile, { guard: guard.name, key: (await guard.seal(key)).toString('base64') });

  async function openKey(): Promise<{ key: Buffer; state: Vault['state']; sentence: string } | { why: string }> {
    if (!existsSync(keyFile)) {
      if (existsSync(secretsFile)) return { why: `${keyFile} is missing. ${remedy}` };
      const key = Buffer.from(ids.secret(), 'base64url');
      await keep(key);
      return { key, state: guard.name, sentence: guard.sentence };
    }
    try {
      const kept = JSON.parse(readFileSync(keyFile, 'utf8')) as { guard: string; key: string };
      const sealed = Buffer.from(kept.key, 'base64');
      if (kept.guard === 'keychain' && guard.name !== 'keychain') {
        return { why: "The key to Tenure's secrets lies in the keychain, which only the menubar app can open." };
      }
      const { key, aged } = kept.guard === 'file' ? { key: sealed, aged: false } : await guard.open(sealed);
      if (key.length !== KEY_BYTES) return { why: `${keyFile} does not hold a key. ${remedy}` };
      // What cannot be written now opens as it did, and is tried again at the next start.
      if (aged) await keep(key).catch(() => undefined);
      if (kept.guard === guard.name) return { key, state: guard.name, sentence: guard.sentence };
      const { sentence } = fileGuard('Tenure has also run here without its app.');
      return { key, state: 'file', sentence };
    } catch (error) {
      const what = error instanceof Error ? error.message : String(error);
      return { why: `The key to Tenure's secrets could not be opened (${what.replace(/\.$/, '')}).` };
    }
  }

  const opened = await openKey();
  if ('why' in opened) {
    const refuse = (): never => {
      throw new TenureError('unavailable', opened.why);
    };
    return { state: 'locked', sentence: opened.why, get: refuse, set: refuse, remove: refuse };
  }
  const { key, state, sentence } = opened;

  function all(): Record<string, Sealed> {
    if (!existsSync(secretsFile)) return {};
    try {
      return JSON.parse(readFileSync(secretsFile, 'utf8')) as Record<string, Sealed>;
    } catch (cause) {
      throw new TenureError('unavailable', `${secretsFile} cannot be read. ${remedy}`, { cause });
    }
  }

  return {
    state,
    sentence,
    get(name) {
      const secrets = all();
      const sealed = Object.hasOwn(secrets, name) ? secrets[name] : undefined;
      if (sealed === undefined) return null;
      try {
        const decipher = createDecipheriv(ALGORITHM, key, Buffer.from(sealed.iv, 'base64'));
        decipher.setAAD(Buffer.from(name)).setAuthTag(Buffer.from(sealed.tag, 'base64'));
        return Buffer.concat([decipher.update(sealed.text, 'base64'), decipher.final()]).toString('utf8');
      } catch (cause) {
        throw new TenureError('unavailable', `The secret "${name}" was changed from outside.`, { cause });
      }
    },
    set(name, value) {
      const iv = Buffer.from(ids.secret(), 'base64url').subarray(0, IV_BYTES);
      const cipher = createCipheriv(ALGORITHM, key, iv).setAAD(Buffer.from(name));
      const text = Buffer.concat([cipher.update(value, 'utf8'), cipher.final()]).toString('base64');
      const tag = cipher.getAuthTag().toString('base64');
      write(secretsFile, { ...all(), [name]: { iv: iv.toString('base64'), tag, text } });
    },
    remove(name) {
      const { [name]: gone, ...rest } = all();
      if (gone) write(secretsFile, rest);
    },
  };
}
