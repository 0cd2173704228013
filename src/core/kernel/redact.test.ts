import { expect, test } from 'vitest';
import { REDACTED, redact } from './redact.ts';

const secrets = [
  'sk-ant-api03-abcDEF_123-456789',
  'tnr_owner_0123456789abcdefghijKLMN',
  'ghp_0123456789abcdefghijABCDEFGHIJ012345',
  'github_pat_11ABCDEFG0abcdefghijkl_mnop',
  'AKIAIOSFODNN7EXAMPLE',
  'xoxb-123456789012-abcdefGHIJ',
  'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abc123DEF456ghi',
];

test.each(secrets)('a bare secret does not survive: %s', (secret) => {
  for (const text of [secret, `key=${secret}`, `{"a":"${secret}"}`, `curl -H "Authorization: Bearer ${secret}" x`]) {
    const out = redact(text);
    expect(out).not.toContain(secret);
    expect(out).toContain(REDACTED);
  }
});

test('what is said to be a password goes, ordinary text stays', () => {
  expect(redact('the password is hunter22secret')).not.toContain('hunter22secret');
  expect(redact('https://me:s3cr3tpw@example.com/x')).not.toContain('s3cr3tpw');
  expect(redact('-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----')).toBe(REDACTED);
  expect(redact('Editing src/tokens.ts; skip the task-list')).toBe('Editing src/tokens.ts; skip the task-list');
});
