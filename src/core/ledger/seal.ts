import { createPrivateKey, createPublicKey, hash, hkdfSync, sign, verify } from 'node:crypto';

/** What makes an event ours, and what signs a checkpoint. */
export interface Seal {
  /** Names the key without giving it away: the hash of its public half. */
  keyId: string;
  /** The public half of the signing key, base64url: what a checkpoint is verified with anywhere. */
  publicKey: string;
  /** HMAC-SHA-256 over an event's hash, base64url. */
  mac(hash: string): string;
  /** Ed25519, base64url. */
  sign(text: string): string;
}

const BLOCK = 64;
const DIGEST = 32;
const HASH_LENGTH = 43;
/** DER up to the 32 bytes of an Ed25519 seed (PKCS #8), and of a public key (SPKI). */
const PRIVATE_HEAD = Buffer.from('302e020100300506032b657004220420', 'hex');
const PUBLIC_HEAD = Buffer.from('302a300506032b6570032100', 'hex');

/** SHA-256 of a text's UTF-8, base64url. */
export const hashOf = (text: string): string => hash('sha256', text, 'base64url');

const part = (secret: string, purpose: string): Buffer =>
  Buffer.from(hkdfSync('sha256', Buffer.from(secret, 'base64url'), '', `tenure ledger ${purpose}`, DIGEST));

/**
 * HMAC (RFC 2104) by two one-shot hashes over buffers that are made once: `createHmac` takes ten times as
 * long, and a start looks at every event.
 */
function macWith(key: Buffer): (text: string) => string {
  const inner = Buffer.alloc(BLOCK + HASH_LENGTH, 0x36);
  const outer = Buffer.alloc(BLOCK + DIGEST, 0x5c);
  key.forEach((byte, at) => {
    inner[at] = byte ^ 0x36;
    outer[at] = byte ^ 0x5c;
  });
  return (text) => {
    if (text.length !== HASH_LENGTH) return '';
    inner.write(text, BLOCK, 'latin1');
    // As text of one byte a character: handing a buffer out takes three times as long.
    outer.write(hash('sha256', inner, 'binary'), BLOCK, 'latin1');
    return hash('sha256', outer, 'base64url');
  };
}

/** @param secret 256 random bits, base64url; both keys are derived from it. */
export function createSeal(secret: string): Seal {
  const privateKey = createPrivateKey({
    key: Buffer.concat([PRIVATE_HEAD, part(secret, 'checkpoints')]),
    format: 'der',
    type: 'pkcs8',
  });
  const publicKey = createPublicKey(privateKey)
    .export({ format: 'der', type: 'spki' })
    .subarray(PUBLIC_HEAD.length)
    .toString('base64url');
  return {
    keyId: keyIdOf(publicKey),
    publicKey,
    mac: macWith(part(secret, 'events')),
    sign: (text) => sign(null, Buffer.from(text), privateKey).toString('base64url'),
  };
}

export const keyIdOf = (publicKey: string): string => hashOf(publicKey).slice(0, 16);

/** Was that text signed with that key? False for a key that is none. */
export function isSigned(text: string, signature: string, publicKey: string): boolean {
  try {
    const key = Buffer.concat([PUBLIC_HEAD, Buffer.from(publicKey, 'base64url')]);
    return verify(
      null,
      Buffer.from(text),
      createPublicKey({ key, format: 'der', type: 'spki' }),
      Buffer.from(signature, 'base64url'),
    );
  } catch {
    return false;
  }
}
