import { safeStorage } from 'electron';
import { fileGuard, type KeyGuard } from '../core/kernel/vault.ts';

/** What a build knows of itself. */
export interface Build {
  /** Signed with a Developer ID: the same to the keychain, and to an update, from build to build. */
  signed: boolean;
}

/**
 * The system's keychain by `safeStorage`, where it is one. A build that is signed anew each time would be
 * asked for a password each time, and Linux's `basic_text` is no secret at all: there a file keeps the key,
 * which is said.
 */
export async function keyGuard(platform: NodeJS.Platform, { signed }: Build): Promise<KeyGuard> {
  if (platform === 'darwin' && !signed) {
    return fileGuard('This build has no Developer ID, so the keychain would ask for your password at each new one.');
  }
  if (!(await safeStorage.isAsyncEncryptionAvailable().catch(() => false))) {
    return fileGuard('The keychain of this system does not answer.');
  }
  const backend = platform === 'linux' ? safeStorage.getSelectedStorageBackend() : 'keychain';
  if (backend === 'basic_text' || backend === 'unknown') return fileGuard('This desktop has no keychain.');
  return {
    name: 'keychain',
    sentence:
      platform === 'darwin'
        ? "The key to Tenure's secrets lies in your keychain."
        : `The key to Tenure's secrets lies in your keychain (${backend}).`,
    seal: (key) => safeStorage.encryptStringAsync(key.toString('base64')),
    async open(sealed) {
      const { result, shouldReEncrypt } = await safeStorage.decryptStringAsync(sealed);
      return { key: Buffer.from(result, 'base64'), aged: shouldReEncrypt };
    },
  };
}
