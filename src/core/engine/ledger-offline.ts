import { existsSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import type { Checkpoint, LedgerRow, LedgerState } from '../../shared/contract/ledger.ts';
import { TenureError } from '../../shared/errors.ts';
import { pendingIn } from '../db/migrate.ts';
import type { TenurePaths } from '../kernel/paths.ts';
import { fileGuard, openVault } from '../kernel/vault.ts';
import { readCheckpoints } from '../ledger/checkpoints.ts';
import { lookAtLedger, publicKeyIn } from '../ledger/look.ts';
import { rowOf, standingOf } from '../ledger/rules.ts';
import { createSeal, type Seal } from '../ledger/seal.ts';
import { toEvent } from '../ledger/service.ts';
import { createLedgerStorage } from '../ledger/storage.ts';
import { projectionsOf, SECRET } from './ledger.ts';

export interface OfflineLedger {
  verify(full: boolean): Promise<LedgerState>;
  events(): LedgerRow[];
  checkpoints(): Checkpoint[];
}

const ALL = { after: 0, upTo: Number.MAX_SAFE_INTEGER, limit: Number.MAX_SAFE_INTEGER };

/** The key, where this process can have it; nothing is made that is not there. */
async function sealIn({ home }: TenurePaths): Promise<{ seal: Seal | null; key: string }> {
  const dir = join(home, 'vault');
  if (!existsSync(join(dir, 'key.json'))) return { seal: null, key: `There is no key in ${dir}.` };
  const ids = {
    secret: (): never => {
      throw new TenureError('unavailable', `The key in ${dir} cannot be read.`);
    },
  };
  const vault = await openVault({ dir, guard: fileGuard('Without the menubar app there is no keychain.'), ids });
  const secret = vault.state === 'locked' ? null : vault.get(SECRET);
  return { seal: secret === null ? null : createSeal(secret), key: vault.sentence };
}

/**
 * The ledger as its files say while no engine runs; nothing of them is changed. Without the key, which the
 * keychain gives to the app alone, hashes and signatures still speak.
 * @param now epoch ms.
 * @throws TenureError `unavailable` when there is no database, or none that can be read.
 */
export async function openOffline<T>(
  paths: TenurePaths,
  now: number,
  use: (offline: OfflineLedger) => Promise<T>,
): Promise<T> {
  const file = join(paths.dataDir, 'tenure.db');
  if (!existsSync(file)) throw new TenureError('unavailable', `There is no ledger: ${file} is not there.`);
  const db = new Sqlite(file, { readonly: true });
  try {
    if (pendingIn(db) !== 0) {
      throw new TenureError('unavailable', `${file} was written by another version of Tenure. Start Tenure once.`);
    }
    const storage = createLedgerStorage(db);
    const { seal, key } = await sealIn(paths);
    const folder = storage.remembered()?.folder ?? join(paths.home, 'checkpoints');
    const breathe = async (): Promise<void> => undefined;
    const deps = { storage, seal, folder, projections: projectionsOf(db), breathe };
    return await use({
      async verify(full) {
        const { findings, events, checkpoint } = await lookAtLedger(deps, full);
        const known = standingOf(storage.events({ own: true }, ALL).map(toEvent));
        const found = findings.filter(({ name }) => seal !== null || name !== 'key-lost');
        const all = found.length > 0 ? found : (known.broken?.findings ?? []);
        return {
          state: all.length > 0 || known.broken ? 'broken' : 'sound',
          events,
          checkedAt: now,
          accepted: known.accepted,
          checkpoint,
          checkpointFolder: folder,
          checkpointProblem: null,
          brokenSince: known.broken?.since ?? null,
          findings: all,
          key,
        };
      },
      events: () => storage.rows(ALL).map(rowOf),
      checkpoints: () => readCheckpoints([folder], publicKeyIn(deps) ?? '').signed,
    });
  } catch (error) {
    if (error instanceof TenureError) throw error;
    throw new TenureError('unavailable', `The ledger in ${file} cannot be read: ${String(error)}.`, { cause: error });
  } finally {
    db.close();
  }
}
