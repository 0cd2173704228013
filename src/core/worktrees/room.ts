import { statfs } from 'node:fs/promises';
import { TenureError } from '../../shared/errors.ts';
import { bytes } from '../../shared/format.ts';

/** With less free than this, bytes, it is said how much there is: git removes what it could not finish. */
const LITTLE_BYTES = 256 << 20;

/** Bytes that are free on the disk that holds a folder. @throws what the system says. */
export async function freeOn(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

/** The same error; of git's where a disk has little room, which git does not always name, with that. */
export async function withRoom(error: unknown, folder: string): Promise<unknown> {
  const free = await freeOn(folder).catch(() => null);
  if (!(error instanceof TenureError) || free === null || free >= LITTLE_BYTES) return error;
  return new TenureError(error.kind, `${error.message} The disk that holds "${folder}" has ${bytes(free)} free.`);
}
