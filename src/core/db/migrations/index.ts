import { foundation } from './0001-foundation.ts';

/** In order; the index + 1 is the `user_version` that each leads to. */
export const migrations: readonly { name: string; sql: string }[] = [{ name: '0001-foundation', sql: foundation }];
