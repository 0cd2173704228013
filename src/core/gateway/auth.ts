import { createHash } from 'node:crypto';
import type { Database } from 'better-sqlite3';
import { TenureError } from '../../shared/errors.ts';
import type { Clock, Ids } from '../kernel/ports.ts';
import { type CredentialKind, createCredentialStorage } from './storage.ts';

const LOGIN_LINK_MS = 60 * 60_000;
const BROWSER_MS = 30 * 24 * 60 * 60_000;
const SHORTEST_OWNER_TOKEN = 12;

/** Who is asking, as far as it is proved. */
export type Principal =
  | { kind: 'owner'; via: 'electron' | 'browser' | 'token' }
  | { kind: 'read' }
  | { kind: 'session'; sessionId: string };

export type Auth = ReturnType<typeof createAuth>;

const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex');

interface AuthDeps {
  db: Database;
  clock: Clock;
  ids: Ids;
}

/**
 * Tokens: opaque, 256 bits, stored as SHA-256 only. The read token lives as long as the process
 * and is handed over in `run/gateway.json`; the owner token is shown once.
 */
export function createAuth({ db, clock, ids }: AuthDeps) {
  const storage = createCredentialStorage(db);
  const readToken = `tnr_read_${ids.secret()}`;
  const readHash = hashOf(readToken);

  function mint(kind: CredentialKind, lifeMs: number | null, sessionId: string | null = null): string {
    const now = clock.now();
    const token = `tnr_${kind}_${ids.secret()}`;
    storage.removeExpired(now);
    const expiresAt = lifeMs === null ? null : now + lifeMs;
    storage.insert({ hash: hashOf(token), kind, sessionId, createdAt: now, expiresAt });
    return token;
  }

  function valid(token: string, kind: CredentialKind) {
    const credential = storage.find(hashOf(token));
    if (credential?.kind !== kind) return null;
    return credential.expiresAt !== null && credential.expiresAt <= clock.now() ? null : credential;
  }

  /** @throws TenureError `invalid` when a token is given at the first start that is too short to be one. */
  function refuseShort(given: string | undefined): void {
    if (!given || given.length >= SHORTEST_OWNER_TOKEN || storage.has('owner')) return;
    throw new TenureError(
      'invalid',
      `TENURE_OWNER_TOKEN has ${given.length} characters; an owner token needs at least ${SHORTEST_OWNER_TOKEN}. Nothing was started.`,
    );
  }

  return {
    readToken,
    refuseShort,

    /**
     * At the very first start makes the owner token, or adopts the given one. Later starts change nothing.
     * @returns the token to show once, or null when there is nothing to show.
     * @throws TenureError `invalid` when the given token is too short to be one.
     */
    ensureOwner(given: string | undefined): string | null {
      if (storage.has('owner')) return null;
      if (given === undefined || given === '') return mint('owner', null);
      refuseShort(given);
      storage.insert({ hash: hashOf(given), kind: 'owner', sessionId: null, createdAt: clock.now(), expiresAt: null });
      return null;
    },

    /** A login code for one use within an hour. */
    mintLoginCode: (): string => mint('login', LOGIN_LINK_MS),

    /** Trades a login code (used up by it) or the owner token for a browser's cookie; null: neither. */
    login(secret: string): string | null {
      if (valid(secret, 'login')) {
        storage.remove(hashOf(secret));
        return mint('browser', BROWSER_MS);
      }
      return valid(secret, 'owner') ? mint('browser', BROWSER_MS) : null;
    },

    logout: (cookie: string): boolean => storage.remove(hashOf(cookie)),

    /** The token with which one session's hooks ask the gate. */
    mintSessionToken(sessionId: string, lifeMs: number | null): string {
      storage.removeOfSession(sessionId);
      return mint('session', lifeMs, sessionId);
    },
    revokeSessionToken: (sessionId: string): void => storage.removeOfSession(sessionId),

    /** @returns null when nothing valid was shown. */
    byBearer(token: string): Principal | null {
      if (hashOf(token) === readHash) return { kind: 'read' };
      if (valid(token, 'owner')) return { kind: 'owner', via: 'token' };
      const session = valid(token, 'session');
      return session?.sessionId ? { kind: 'session', sessionId: session.sessionId } : null;
    },

    byCookie: (cookie: string): Principal | null =>
      valid(cookie, 'browser') ? { kind: 'owner', via: 'browser' } : null,
  };
}
