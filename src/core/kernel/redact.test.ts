import { describe, expect, test } from 'vitest';
import { REDACTED, redactorFor, redactUnseen, redactDeep as redactValue } from './redact.ts';
import { mayHoldSecret } from './secret-scan.ts';

/** Each text of this file holds the quick first look to its word too: what is replaced must be found, however it is escaped. */
function looked<T>(given: T, redacted: T): T {
  const json = JSON.stringify(given);
  if (JSON.stringify(redacted) === json) return redacted;
  const forms = [json, JSON.stringify({ text: json }), ...(typeof given === 'string' ? [given] : [])];
  expect(forms.filter((form) => !mayHoldSecret(form))).toEqual([]);
  return redacted;
}
const redact = (text: string): string => looked(text, text.length < 6 ? text : redactUnseen(text));
const redactDeep = (value: unknown): unknown => looked(value, redactValue(value));

const ALNUM = 'aB3dE5gH7jK9mN1pQ4sT6vX8zR2wY0cF';
const HEX = '9f8e7d6c5b4a39281706f5e4d3c2b1a0';
/** So many characters of an alphabet, written so that no scanner takes this file for a leak. */
const of = (alphabet: string, length: number): string =>
  alphabet.repeat(Math.ceil(length / alphabet.length)).slice(0, length);
const a = (length: number): string => of(ALNUM, length);
const h = (length: number): string => of(HEX, length);
const caps = (length: number): string => of(ALNUM.toUpperCase(), length);

/** Kinds that give themselves away: the name of the kind, and the credential. */
const SHAPES: Readonly<Record<string, string>> = {
  'Anthropic key': `sk-ant-api03-${a(80)}-_${a(8)}AA`,
  'OpenAI key': `sk-${a(48)}`,
  'OpenAI project key': `sk-proj-${a(60)}_${a(20)}`,
  'own token': `tnr_owner_${a(40)}`,
  'GitHub token': `ghp_${a(36)}`,
  'GitHub server token': `ghs_${a(36)}`,
  'GitHub fine-grained token': `github_pat_${a(22)}_${a(59)}`,
  'GitLab token': `glpat-${a(20)}`,
  'GitLab runner token': `glrt-${a(20)}`,
  'npm token': `npm_${a(36)}`,
  'PyPI token': `pypi-AgEIcHlwaS5vcmc${a(60)}`,
  'RubyGems key': `rubygems_${h(48)}`,
  'Docker token': `dckr_pat_${a(27)}`,
  'Slack bot token': `xoxb-${of('1234567890', 12)}-${of('1234567890', 13)}-${a(24)}`,
  'Slack app token': `xapp-1-A012-${of('1234567890', 6)}-${h(40)}`,
  'Stripe key': `sk_live_${a(24)}`,
  'Stripe restricted key': `rk_test_${a(24)}`,
  'Stripe webhook secret': `whsec_${a(32)}`,
  'Shopify token': `shpat_${h(32)}`,
  'Square token': `sq0atp-${a(22)}`,
  'SendGrid key': `SG.${a(22)}.${a(43)}`,
  'Google key': `AIza${a(35)}`,
  'Google OAuth token': `ya29.${a(60)}`,
  'Google client secret': `GOCSPX-${a(28)}`,
  'AWS access key': `AKIA${caps(16)}`,
  'AWS session key': `ASIA${caps(16)}`,
  'DigitalOcean token': `dop_v1_${h(64)}`,
  'Vault token': `hvs.${a(28)}`,
  'Hugging Face token': `hf_${a(34)}`,
  'Groq key': `gsk_${a(52)}`,
  'xAI key': `xai-${a(80)}`,
  'Replicate token': `r8_${a(37)}`,
  'Perplexity key': `pplx-${a(48)}`,
  'Twilio key': `SK${h(32)}`,
  'Mailgun key': `key-${h(32)}`,
  'Databricks token': `dapi${h(32)}`,
  'Supabase token': `sbp_${h(40)}`,
  'PlanetScale token': `pscale_tkn_${a(43)}`,
  'Grafana token': `glsa_${a(32)}_${h(8)}`,
  'Postman key': `PMAK-${h(24)}-${h(34)}`,
  'New Relic key': `NRAK-${caps(27)}`,
  'Linear key': `lin_api_${a(40)}`,
  'Notion token': `ntn_${a(46)}`,
  'Doppler token': `dp.pt.${a(43)}`,
  'Atlassian token': `ATATT3xFfGF0${a(180)}`,
  'Airtable token': `pat${a(14)}.${h(64)}`,
  'age key': `AGE-SECRET-KEY-1${caps(58)}`,
  JWT: `eyJ${a(33)}.eyJ${a(60)}.${a(43)}`,
};

/** Kinds that only their name tells. */
const NAMED: Readonly<Record<string, [name: string, value: string]>> = {
  'database password': ['DB_PASSWORD', 'hunter2!Secret'],
  'short password': ['POSTGRES_PASSWORD', 'tr0ub4dor'],
  'PostgreSQL password': ['PGPASSWORD', 'p4ss#w0rd'],
  'MySQL password': ['MYSQL_PWD', `q${a(9)}`],
  'SMTP password': ['SMTP_PASS', `m4il${a(6)}`],
  'AWS secret key': ['AWS_SECRET_ACCESS_KEY', `wJalr/${a(14)}+${a(19)}`],
  'AWS session token': ['AWS_SESSION_TOKEN', `FwoGZXIvYXdzE${a(120)}//${a(20)}==`],
  'Stripe key by name': ['STRIPE_SECRET_KEY', a(30)],
  'npm auth token': ['_authToken', a(32)],
  'Twilio auth token': ['TWILIO_AUTH_TOKEN', h(32)],
  'client secret': ['client_secret', a(40)],
  'camel client secret': ['clientSecret', `G~${a(30)}`],
  'API key': ['api-key', h(32)],
  'header API key': ['X-Api-Key', a(28)],
  'camel API key': ['apiKey', a(28)],
  'private key by name': ['private_key', h(64)],
  'access token': ['access_token', a(64)],
  'refresh token': ['refreshToken', `1//0${a(60)}`],
  'Azure account key': ['AccountKey', `${a(86)}==`],
  'Azure shared key': ['SharedAccessKey', `${a(43)}=`],
  'Discord bot token': ['DISCORD_TOKEN', `MT${a(22)}.G${a(5)}.${a(38)}`],
  passphrase: ['signing_passphrase', 'c0rrect-h0rse'],
  'Django key': ['SECRET_KEY', `dj4ngo-${a(20)}(${a(10)}`],
  'Rails master key': ['RAILS_MASTER_KEY', h(32)],
  'token of letters': ['deployToken', 'qwertzuiopasdfghjkl'],
};

const inJson = (text: string): string => JSON.stringify({ type: 'x', content: text });
/** The placements of something called `name`. */
const PLACEMENTS: Readonly<Record<string, (name: string, secret: string) => string>> = {
  'an env line': (name, secret) => `PORT=80\n${name}=${secret}\nHOST=x`,
  'an exported env line': (name, secret) => `export ${name}="${secret}" && npm start`,
  'a single-quoted env line': (name, secret) => `${name}='${secret}' npm start`,
  JSON: (name, secret) => JSON.stringify({ a: 1, [name]: secret, b: 'c' }),
  'indented JSON': (name, secret) => JSON.stringify({ [name]: secret, b: 'c' }, null, 2),
  'escaped JSON': (name, secret) => inJson(JSON.stringify({ [name]: secret, b: 'c' })),
  'twice escaped JSON': (name, secret) => inJson(inJson(JSON.stringify({ [name]: secret }))),
  'an env line in JSON': (name, secret) => inJson(`A=1\n${name}=${secret}\nB=2`),
  'an env line in escaped JSON': (name, secret) => inJson(inJson(`A=1\n${name}="${secret}"\nB=2`)),
  'a URL query': (name, secret) => `curl https://api.example.com/v1?page=2&${name}=${secret}&x=1`,
  'a header': (name, secret) => `POST / HTTP/1.1\r\n${name}: ${secret}\r\nHost: example.com\r\n`,
  'a header option': (name, secret) => `curl -H "${name}: ${secret}" https://example.com`,
  'a shell option': (name, secret) => `deploy --${name} ${secret} --force`,
  'a shell option with =': (name, secret) => `deploy --${name}='${secret}' --force`,
  'an argument list': (name, secret) => `["deploy", "--${name}", "${secret}", "--force"]`,
  YAML: (name, secret) => `app:\n  ${name}: ${secret}\n  port: 80`,
  'quoted YAML': (name, secret) => `app:\n  ${name}: '${secret}'\n  port: 80`,
  'an INI file': (name, secret) => `[default]\n${name} = ${secret}\nregion = eu`,
  code: (name, secret) => `const config = { '${name}': '${secret}', port: 80 };`,
  'a sentence': (name, secret) => `I have set ${name}=${secret} for the tests, and all of them pass.`,
  'an element': (name, secret) => `<a><${name}>${secret}</${name}></a>`,
};
const BARE: Readonly<Record<string, (secret: string) => string>> = {
  'by itself': (secret) => secret,
  'a sentence': (secret) => `Use the key ${secret}, then run it again.`,
  'an escaped line break': (secret) => inJson(`the key:\n${secret}\n`),
  'a bearer header': (secret) => `curl -H 'Authorization: Bearer ${secret}' https://example.com`,
  'a URL login': (secret) => `git clone https://x:${secret}@github.com/a/b.git`,
  'a URL path': (secret) => `https://example.com/bot/${secret}/send`,
  'an unnamed value': (secret) => `{"value":"${secret}"}`,
  'a diff': (secret) => `@@ -1 +1 @@\n-const k = '${secret}'\n+const k = process.env.K`,
};

describe.each(Object.entries(SHAPES))('%s', (_kind, secret) => {
  test.each(Object.entries(BARE))('in %s', (_place, put) => {
    expect(redact(put(secret))).not.toContain(secret.slice(-12));
    expect(redact(put(secret))).toContain(REDACTED);
  });
  test.each(Object.entries(PLACEMENTS))('in %s under some name', (_place, put) => {
    expect(redact(put('something', secret))).not.toContain(secret.slice(-12));
  });
});

describe.each(Object.entries(NAMED))('%s', (_kind, [name, secret]) => {
  test.each(Object.entries(PLACEMENTS))('in %s', (_place, put) => {
    const out = redact(put(name, secret));
    expect(out).not.toContain(secret.slice(-5));
    expect(out).toContain(REDACTED);
    expect(out).toContain(name);
    expect(redact(out)).toBe(out);
  });
});

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

const ORDINARY: readonly string[] = [
  'Editing src/tokens.ts; skip the task-list',
  'max_tokens: 4096',
  '"input_tokens":200,"output_tokens":15,"cache_read_input_tokens":0',
  '{\\"input_tokens\\":200,\\"total_tokens\\":\\"1,200\\"}',
  'usage: {"tokens": 12000, "tokenCount": 9, "token": 12}',
  'MAX_TOKENS=4096 TOKEN_LIMIT=8192 TOKENIZERS_PARALLELISM=false npm test',
  'It used 12,345 tokens: 10,000 in, 2,345 out.',
  'tokens=200k token_budget: "200k"',
  'stop_reason: max_tokens',
  'const passwordField = useState();',
  'const [passwordField, setPasswordField] = useState("");',
  'const token = await nextToken(reader);',
  'const token = tokens[i];',
  'if (token === undefined) return null;',
  'if (password == null || secret != other) throw new Error("x");',
  'while ((token = lexer.next())) visit(token);',
  'function login(user: string, password: string): Promise<Token> {',
  'interface A { token: string; apiKey?: string; secret: Secret | null }',
  'this.token = token; self.secret = secret',
  'const apiKey = process.env.API_KEY;',
  'password: process.env["DB_PASSWORD"],',
  'password = os.environ["DB_PASSWORD"]',
  'DB_PASSWORD=$DB_PASSWORD TOKEN="${TOKEN}" ./run.sh',
  'docker run -u 1000:1000 -e API_KEY=<your key> x',
  'token-list: a list of tokens',
  'z.object({ token: z.string(), password: z.string().min(8) })',
  '<input type="password" name="password" placeholder="Password" />',
  '<input id="token" autoComplete="current-password" />',
  'fix(auth): handle token expiry',
  'Fix token: handle expiry and retry',
  'Add a secret scanner; rename tokenCount to tokens',
  'Add password reset; the password is required, the token is expired',
  'Rotate the credentials of the login page; see docs/secrets.md',
  'src/auth/token.ts:12: error TS2304: Cannot find name "x".',
  '/home/me/secrets/token:ro src/core/kernel/secret-names.ts',
  '9fceb02d0ae598e95dc970b74767f19372d61af8 Merge branch main',
  'index 83db48f..bf2d0a1 100644',
  'id 3f2504e0-4f89-41d3-9a0c-0305e82c3301',
  'sha512-9fceb02d0ae598e95dc970b74767f19372d61af8abcdefABCDEF0123456789+/abcdefABCD==',
  'toolu_01A09q90qw90lq917835lq9 msg_013Zva2CMHLNnjNjJKqJ2EF',
  'npm_config_registry=https://registry.example.org npm_package_name=x',
  'http://localhost:3000/x?mail=a@b.example https://example.com:8080/a@b git@github.com:a/b.git',
  'ssh://git@github.com/a/b.git npm:@scope/x@1.2.3',
  'basic authentication, bearer authentication, Basic Latin',
  '"token_type":"bearer","apiKeySource":"none"',
  'secretName: db-credentials',
  'secretKeyRef: { name: db, key: x }',
  'The secretary signed; a passwordless tokenizer: fast',
  'text.includes("-----BEGIN PRIVATE KEY-----")',
  'machine learning, and the log in page with its password field',
  'const cookie = parseCookie(header); cookies: 3',
  'risk-assessment-of-the-whole-project disk-usage-over-the-last-week',
  'git push --force-with-lease -u origin main:main',
  'git switch -b feature-one',
  'Bearer tokens are checked in guard.ts',
  'expect(redact(text)).not.toContain(secret)',
  'case "token": return parseToken(input);',
  '{ type: "token", value: "x" }',
  'gh auth login --with-token < file; npm login --auth-type=web',
  'the --token option and the --password flag',
  'password: ${{ secrets.DB_PASSWORD }}',
  'authorization: required for every method',
  'headers: { authorization: `Bearer ${token}` }',
];
test.each(ORDINARY)('stays as it is: %s', (text) => {
  expect(redact(text)).toBe(text);
  expect(JSON.parse(redact(inJson(text)))).toEqual({ type: 'x', content: text });
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

const MIB = 1 << 20;
const HEADS = ['token', 'password=', '"secret": "', 'apiKey\\": \\"', '--token ', 'Authorization: ', 'cookie: '];
const MORE = [
  'machine a login b ',
  'eyJaaaaaaaa-',
  '-----BEGIN PRIVATE KEY-----',
  '://a:',
  'sk-ant-',
  'Bearer ',
  '_auth=',
];
const FILLS = [' ', '"', '=', '.', '-', 'aB9+/', '\n', '\\n', '\\"'];

/** Milliseconds of processor time of this process: other processes do not count. */
function spent(work: () => unknown): number {
  const before = process.cpuUsage();
  work();
  return process.cpuUsage(before).user / 1_000;
}
const least = (work: () => unknown): number => Math.min(spent(work), spent(work), spent(work));

describe('takes time in proportion to the length', () => {
  test.each([...HEADS, ...MORE])('%j and long runs after it, or over and over', (head) => {
    const times = { half: 0, whole: 0 };
    for (const fill of FILLS) {
      const run = (length: number): string => head + fill.repeat((length - head.length) / fill.length);
      times.half += spent(() => redact(run(MIB / 2)));
      times.whole += spent(() => redact(run(MIB)));
    }
    // Quadratic time would be four times; the constant keeps noise of short times out.
    expect(times.whole).toBeLessThan(3 * times.half + 100);
    const again = (length: number): string => `${head}${FILLS.join(head)}`.repeat(length / (9 * head.length + 14));
    const half = least(() => redact(again(MIB / 2)));
    expect(least(() => redact(again(MIB)))).toBeLessThan(3 * half + 100);
  });

  test('ordinary text costs a small multiple of reading it as JSON', () => {
    const text = JSON.stringify({ text: 'The quick brown fox; const x = f(y) + 12;\n'.repeat(25_000) });
    const parse = least(() => Array.from({ length: 10 }, () => JSON.parse(text) as unknown)) / 10;
    expect(least(() => redact(text))).toBeLessThan(60 * parse + 50);
  });
});
