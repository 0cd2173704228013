import { createHash } from 'node:crypto';
import type { Database } from 'better-sqlite3';
import { TenureError } from '../../shared/errors.ts';
import type { Clock, Ids } from '../kernel/ports.ts';
import { type Credential, type CredentialKind, createCredentialStorage } from './storage.ts';

const LOGIN_LINK_MS = 60 * 60_000;
const BROWSER_MS = 30 * 24 * 60 * 60_000;
const SHORTEST_OWNER_TOKEN = 12;

/** Who is asking, as far as it is proved. */
export type Principal =
  | { kind: 'owner'; via: 'electron' | 'browser' | 'token' }
  | { kind: 'read' }
  | { kind: 'session'; sessionId: string };

export interface BrowserLogin {
  cookie: string;
  pageKey: string;
}

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

  function mint(
    kind: CredentialKind,
    lifeMs: number | null,
    of: Partial<Pick<Credential, 'sessionId' | 'pageHash'>> = {},
  ): string {
    const now = clock.now();
    const token = `tnr_${kind}_${ids.secret()}`;
    storage.removeExpired(now);
    const expiresAt = lifeMs === null ? null : now + lifeMs;
    storage.insert({ hash: hashOf(token), kind, sessionId: null, pageHash: null, ...of, createdAt: now, expiresAt });
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
      storage.insert({
        hash: hashOf(given),
        kind: 'owner',
        sessionId: null,
        pageHash: null,
        createdAt: clock.now(),
        expiresAt: null,
      });
      return null;
    },

    /** A login code for one use within an hour. */
    mintLoginCode: (): string => mint('login', LOGIN_LINK_MS),

    /**
     * Trades a login code (used up by it) or the owner token for a browser's login; null: neither.
     *
     * A cookie goes to every server on 127.0.0.1, whatever its port, so it alone proves little: to act, a
     * page must also show its key, which it gets once and keeps where only its own origin can read it.
     */
    login(secret: string): BrowserLogin | null {
      const code = valid(secret, 'login');
      if (!code && !valid(secret, 'owner')) return null;
      if (code) storage.remove(hashOf(secret));
      const pageKey = ids.secret();
      return { cookie: mint('browser', BROWSER_MS, { pageHash: hashOf(pageKey) }), pageKey };
    },

    logout: (cookie: string): boolean => storage.remove(hashOf(cookie)),

    /** The token with which one session's hooks ask the gate. */
    mintSessionToken(sessionId: string, lifeMs: number | null): string {
      storage.removeOfSession(sessionId);
      return mint('session', lifeMs, { sessionId });
    },
    revokeSessionToken: (sessionId: string): void => storage.removeOfSession(sessionId),

    /** @returns null when nothing valid was shown. */
    byBearer(token: string): Principal | null {
      if (hashOf(token) === readHash) return { kind: 'read' };
      if (valid(token, 'owner')) return { kind: 'owner', via: 'token' };
      const session = valid(token, 'session');
      return session?.sessionId ? { kind: 'session', sessionId: session.sessionId } : null;
    },

    /** The cookie alone may read; with the key of its page it is the owner. */
    byCookie(cookie: string, pageKey: string | null): Principal | null {
      const login = valid(cookie, 'browser');
      if (!login) return null;
      const owns = pageKey !== null && hashOf(pageKey) === login.pageHash;
      return owns ? { kind: 'owner', via: 'browser' } : { kind: 'read' };
    },
  };
}
