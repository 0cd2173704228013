import { randomBytes, randomUUID } from 'node:crypto';
import type { Ids } from '../kernel/ports.ts';

/** 32 characters that no reader confuses and that are safe in file, branch and URL names. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const LENGTH = 12;

/** Random ids: 60 bits after a readable prefix, so that an id says what it names and nothing else. */
export function createIds(): Ids {
  return {
    next(prefix) {
      let id = '';
      for (const byte of randomBytes(LENGTH)) id += ALPHABET.charAt(byte % ALPHABET.length);
      return `${prefix}_${id}`;
    },
    uuid: () => randomUUID(),
    secret: () => randomBytes(32).toString('base64url'),
  };
}
