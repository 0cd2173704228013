import { TenureError } from '../../shared/errors.ts';

const OURS: ReadonlySet<unknown> = new Set(['mkdir', 'open', 'chmod', 'unlink', 'rename']);

/**
 * A start that the person's own folder prevents, as a sentence that names it; any other error as it is.
 * @param home the folder that holds everything of Tenure.
 */
export function folderTrouble(error: unknown, home: string): unknown {
  if (!(error instanceof Error) || !('code' in error)) return error;
  const { code, syscall, path = home } = error as NodeJS.ErrnoException;
  if (code === 'SQLITE_FULL' || code === 'ENOSPC') {
    const why = `The disk that holds ${home} is full, so Tenure cannot start. Make room and start it again; nothing is lost.`;
    return new TenureError('unavailable', why, { cause: error });
  }
  // Node says ENOENT of a folder that it cannot make below a read-only one.
  const isClosed =
    OURS.has(syscall) && (syscall === 'mkdir' || /^E(ROFS|ACCES|PERM|NOTDIR|EXIST|ISDIR)$/.test(code ?? ''));
  if (isClosed || /^SQLITE_(IOERR|READONLY|CANTOPEN)/.test(code ?? '')) {
    const why = `${path} cannot be written (${code}), so Tenure cannot start. Make it writable for you, or name another folder in TENURE_HOME.`;
    return new TenureError('unavailable', why, { cause: error });
  }
  return error;
}
