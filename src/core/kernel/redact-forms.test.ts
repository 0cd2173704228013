import { describe, expect, test } from 'vitest';
import { a, h, inJson, redact, redactDeep } from '../../../test/redact-rig.ts';
import { REDACTED, redactorFor, redactDeep as redactValue } from './redact.ts';

const KEY = `-----BEGIN RSA PRIVATE KEY-----\n${`${a(64)}\n`.repeat(12)}${a(30)}==\n-----END RSA PRIVATE KEY-----`;
const AZURE = `${a(86)}==`;
/** What has a place of its own; the second is what must be gone. */
const SPECIAL: readonly (readonly [string, string, string])[] = [
  ['Redis', 'redis://:pw@host:6379/0', ':pw@'],
  ['PostgreSQL', 'psql postgres://u:p@h/db', ':p@'],
  ['a URL with @ in its password', 'mongodb+srv://me:s3cr@t@cluster.example.net/x', 's3cr@t'],
  ['a URL in JSON', inJson('DATABASE_URL=mysql://root:toor123@db:3306/x\n'), 'toor123'],
  ['a token alone in a URL', `https://${h(40)}@github.com/a/b`, h(40)],
  ['basic authorization', 'Authorization: Basic dXNlcjpwYXNz', 'dXNlcjpwYXNz'],
  ['basic authorization in JSON', '{"Authorization":"Basic dXNlcjpwYXNz"}', 'dXNlcjpwYXNz'],
  ['basic authorization in curl', 'curl -H "authorization: Basic dXNlcjpwYXNz" x', 'dXNlcjpwYXNz'],
  ['token authorization', 'Authorization: token 0123456789abcdef', '0123456789abcdef'],
  ['digest authorization', 'Authorization: Digest username="me", response="6629fae49393a053"', '6629fae4'],
  ['AWS authorization', 'Authorization: AWS4-HMAC-SHA256 Credential=X/y, Signature=fe5f80f77d5fa3be', 'fe5f80f77d5f'],
  ['bearer', `bearer ${a(24)}`, a(24)],
  ['a cookie header', 'Cookie: theme=dark; sid=s%3Aabc.def; x=y\nHost: x', 's%3Aabc.def'],
  ['a set cookie header', 'set-cookie: sid=abcdef0123; Path=/; HttpOnly', 'abcdef0123'],
  ['a cookie in curl', `curl -b 'sid=abcdef0123' x`, 'abcdef0123'],
  ['a cookie in JSON', '{"cookie":"a=b; sid=abcdef0123"}', 'abcdef0123'],
  ['a cookie in escaped JSON', '{\\"cookie\\":\\"a=b; sid=abcdef0123\\"}', 'abcdef0123'],
  ['a login in curl', 'curl -u admin:sw0rdfish https://x', 'sw0rdfish'],
  ['a password option', 'mysqladmin --password x status', ' x '],
  ['a glued password option', 'mysql -u root -phunter2 app', 'hunter2'],
  ['escaped JSON', 'said {\\"password\\": \\"hunter2x\\"} then', 'hunter2x'],
  ['more deeply escaped JSON', 'said {\\\\\\"password\\\\\\": \\\\\\"hunter2x\\\\\\"}', 'hunter2x'],
  ['JSON with quotes in the value', '{"password":"ab\\"cd\\"efgh","x":1}', 'efgh'],
  ['.netrc', 'machine api.example.com login me password hunter2', 'hunter2'],
  ['.netrc over lines', 'machine h\n  login me\n  password hunter2\n', 'hunter2'],
  ['.netrc in JSON', inJson('machine h\n\tlogin me\n\tpassword hunter2\n'), 'hunter2'],
  ['npmrc', `//registry.example.org/:_authToken=${h(36)}`, h(36)],
  ['npmrc, basic', '//registry.example.com/:_auth=dXNlcjpwYXNz', 'dXNlcjpwYXNz'],
  ['Docker config', '{"auths":{"x.io":{"auth":"dXNlcjpwYXNzMQ=="}}}', 'dXNlcjpwYXNz'],
  ['an Azure connection', `DefaultEndpointsProtocol=https;AccountName=x;AccountKey=${AZURE};Suffix=y`, a(86)],
  ['an Azure signature', `SharedAccessSignature=sv=2022-11-02&ss=b&sig=${a(43)}%3D`, a(43)],
  ['an Azure URL', `https://x.blob.core.windows.net/c?sv=2022&sig=${a(43)}%3D&se=1`, a(43)],
  ['an ADO connection', 'Server=db;User Id=sa;Password=Str0ng!Pw;Encrypt=yes', 'Str0ng!Pw'],
  ['an AWS URL', `https://b.s3.amazonaws.com/k?X-Amz-Signature=${h(64)}&x=1`, h(64)],
  ['an ODBC connection', 'Server=db;Uid=sa;Pwd=Str0ngPw;', 'Str0ngPw'],
  ['Telegram', `https://api.telegram.org/bot123456789:AA${a(33)}/getMe`, a(33)],
  ['a Slack webhook', `https://hooks.slack.com/services/T0000000/B0000000/${a(24)}`, a(24)],
  ['a Discord webhook', `https://discord.com/api/webhooks/123456789012345678/${a(68)}`, a(60)],
  ['a private key', KEY, a(64)],
  ['a private key in JSON', inJson(KEY), a(64)],
  ['a private key in escaped JSON', inJson(inJson(KEY)), a(64)],
  ['a private key in an env line', `KEY="${KEY.replaceAll('\n', '\\n')}"`, a(64)],
  ['a private key in a diff', KEY.replaceAll('\n', '\n+'), a(64)],
  ['a private key with line numbers', KEY.replaceAll('\n', '\n   12→'), a(64)],
  ['a private key that was cut off', KEY.slice(0, 400), a(64)],
  ['what is said to be a password', 'the password is hunter22secret', 'hunter22secret'],
  ['a mapping of another language', `$config['db_password'] = 'hunter2x';`, 'hunter2x'],
  ['a Ruby hash', `{ :password => "hunter2x" }`, 'hunter2x'],
  ['a keyword argument', `connect(host="x", password="hunter2x")`, 'hunter2x'],
];
test.each(SPECIAL)('%s', (_kind, text, secret) => {
  const out = redact(text);
  expect(text).toContain(secret);
  expect(out).not.toContain(secret);
  expect(out).toContain(REDACTED);
  expect(redact(out)).toBe(out);
});

test('what follows a credential stays', () => {
  expect(redact(KEY)).toBe(REDACTED);
  expect(redact(`a ${KEY} b ${KEY} c`)).toBe(`a ${REDACTED} b ${REDACTED} c`);
  expect(redact('{"password":"a\\\\","user":"me"}')).toBe('{"password":"[redacted]","user":"me"}');
  expect(redact('DB_PASSWORD=x1 PORT=80')).toBe('DB_PASSWORD=[redacted] PORT=80');
  expect(redact('x?token=abcd12&page=2')).toBe('x?token=[redacted]&page=2');
  expect(JSON.parse(redact(inJson('A_TOKEN=abc\nB=2 "c"')))).toEqual({
    type: 'x',
    content: 'A_TOKEN=[redacted]\nB=2 "c"',
  });
});

describe('a JSON value', () => {
  test('has every text redacted, whole under the name of a credential; numbers and the rest stay', () => {
    const token = `ghp_${a(36)}`;
    const value = {
      type: 'assistant',
      usage: { input_tokens: 200, output_tokens: 5, token: 7 },
      list: [1, null, true, `use ${token}`, [{ command: 'export DB_PASSWORD=hunter2x\nls' }]],
      password: 'correct horse battery staple',
      apiKeys: ['one', 'two'],
      token_type: 'bearer',
      secret: { name: 'plain' },
      [token]: '',
    };
    expect(redactDeep(value)).toEqual({
      type: 'assistant',
      usage: { input_tokens: 200, output_tokens: 5, token: 7 },
      list: [1, null, true, 'use [redacted]', [{ command: 'export DB_PASSWORD=[redacted]\nls' }]],
      password: REDACTED,
      apiKeys: [REDACTED, REDACTED],
      token_type: 'bearer',
      secret: { name: 'plain' },
      [REDACTED]: '',
    });
  });

  test('may be of any kind and of any depth, and may name a prototype', () => {
    for (const value of [null, 1, true, '', [], {}]) expect(redactDeep(value)).toEqual(value);
    const deep: unknown = JSON.parse(`${'['.repeat(5_000)}${']'.repeat(5_000)}`);
    // Too deep for `JSON.stringify`, on which the other cases are looked at.
    expect(JSON.stringify(redactValue(deep))).toContain(REDACTED);
    expect(JSON.stringify(redactDeep(JSON.parse('{"__proto__":{"password":"abc"}}')))).toBe(
      '{"__proto__":{"password":"[redacted]"}}',
    );
  });
});

test('a text that was cut short within a credential keeps nothing of it', () => {
  const source = `deploy --key ghp_${a(36)} and DB_PASSWORD='hunter2 is long'`;
  expect(redactorFor(source)(`${source.slice(0, 27)}…`)).toBe(`deploy --key ${REDACTED}…`);
  expect(redactorFor(source)('Runs "hunter2 is".')).toBe(`Runs "${REDACTED}".`);
  expect(redactorFor(source)('deploy --key')).toBe('deploy --key');
});
