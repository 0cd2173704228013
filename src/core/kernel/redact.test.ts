import { describe, expect, test } from 'vitest';
import { a, caps, h, inJson, of, redact } from '../../../test/redact-rig.ts';
import { REDACTED } from './redact.ts';

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
