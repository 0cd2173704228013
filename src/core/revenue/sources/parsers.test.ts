import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseExact } from './json.ts';
import { isServed, parseLogLine } from './log-lines.ts';
import { parsePool, poolUrl } from './pool.ts';
import { parsePrice, priceUrl } from './price.ts';
import { parsePrometheus, parseServer } from './server.ts';
import { minerUrl, parseMiner } from './xmrig.ts';

const names = { requests: null, tokensIn: null, tokensOut: null };

test.each([
  [
    'SupportXMR',
    '{"hash":1423,"identifier":"global","lastHash":1764000000,"totalHashes":99,"validShares":8,"invalidShares":0,"expiry":1764000060,"amtPaid":12000000000000,"amtDue":4213420000,"txnCount":3}',
    { due: 4_213_420_000n, paid: 12_000_000_000_000n },
  ],
  [
    'a cryptonote pool',
    '{"stats":{"hashes":"9","balance":"77","paid":"1000","lastShare":"1"},"payments":[]}',
    { due: 77n, paid: 1_000n },
  ],
  [
    'a wallet with its revenue',
    '{"revenue":{"confirmedBalance":5,"totalPaid":6,"dailyCredited":1}}',
    { due: 5n, paid: 6n },
  ],
  ['a new wallet: zeros are zeros', '{"hash":0,"amtPaid":0,"amtDue":0,"txnCount":0}', { due: 0n, paid: 0n }],
  // Beyond 2⁵³ a float would have lost the last digits.
  [
    'more than a float can hold',
    '{"amtDue":9007199254740993,"amtPaid":1234567890123456789}',
    { due: 9_007_199_254_740_993n, paid: 1_234_567_890_123_456_789n },
  ],
])('the pool %s', (_name, text, balance) => {
  expect(parsePool(text)).toEqual({ ok: true, balance });
});

test.each([
  ['a web page', '<!DOCTYPE html><title>Just a moment…</title>', 'The pool sent a web page instead of JSON.'],
  ['nothing', '', 'The pool sent an empty page.'],
  ['half of it', '{"amtDue":42134', 'The pool sent no JSON ("{\\"amtDue\\":42134").'],
  ['a refusal', '{"error":"Invalid address"}', 'The pool says: Invalid address.'],
  [
    'something else',
    '{"pools":[]}',
    'The pool answered, but said neither what it owes (amtDue) nor what it paid (amtPaid).',
  ],
  [
    'a missing half is not zero',
    '{"amtDue":5}',
    'The pool\'s "amtPaid" should be a whole number of atomic units, but is nothing.',
  ],
  [
    'a null is not zero',
    '{"amtDue":null,"amtPaid":5}',
    'The pool\'s "amtDue" should be a whole number of atomic units, but is null.',
  ],
  [
    'a fraction',
    '{"amtDue":0.42,"amtPaid":5}',
    'The pool\'s "amtDue" should be a whole number of atomic units, but is "0.42".',
  ],
  [
    'less than nothing',
    '{"amtDue":-4,"amtPaid":5}',
    'The pool\'s "amtDue" should be a whole number of atomic units, but is "-4".',
  ],
  [
    'more than there can be',
    '{"amtDue":9999999999999999999,"amtPaid":5}',
    'The pool\'s "amtDue" should be a whole number of atomic units, but is "9999999999999999999".',
  ],
  ['a list', '[]', 'The pool answered, but said neither what it owes (amtDue) nor what it paid (amtPaid).'],
])('a pool that sends %s', (_name, text, error) => {
  expect(parsePool(text)).toEqual({ ok: false, error });
});

test('addresses', () => {
  expect(poolUrl('https://supportxmr.com/api/', '4 8')).toBe('https://supportxmr.com/api/miner/4%208/stats');
  expect(poolUrl('https://p.example/stats_address?address={address}', '48')).toBe(
    'https://p.example/stats_address?address=48',
  );
  expect(minerUrl('http://127.0.0.1:8080')).toBe('http://127.0.0.1:8080/2/summary');
  expect(minerUrl('http://127.0.0.1:8080/1/summary')).toBe('http://127.0.0.1:8080/1/summary');
  expect(priceUrl('https://x.example/price', 'monero')).toBe('https://x.example/price?ids=monero&vs_currencies=usd');
});

test.each([
  ['{"hashrate":{"total":[4210.5,4195.2,null]}}', { ok: true, hashrate: 4195.2 }],
  ['{"hashrate":{"total":[4210.5,null,null]}}', { ok: true, hashrate: 4210.5 }],
  ['{"hashrate":{"total":[null,null,null]}}', { ok: true, hashrate: null }],
  ['{"hashrate":{}}', { ok: false, error: 'The miner answered, but without "hashrate.total".' }],
])('the miner says %s', (text, said) => {
  expect(parseMiner(text)).toEqual(said);
});

test.each([
  ['{"monero":{"usd":162.31}}', { ok: true, microUsd: 162_310_000 }],
  ['{"monero":{"usd":1.5e2}}', { ok: true, microUsd: 150_000_000 }],
  [
    '{"monero":{"usd":0}}',
    { ok: false, error: 'The price service should tell "monero.usd" in dollars, but told "0".' },
  ],
  ['{}', { ok: false, error: 'The price service should tell "monero.usd" in dollars, but told nothing.' }],
  [
    '{"status":{"error_code":429,"error_message":"You have exceeded the Rate Limit"}}',
    { ok: false, error: 'The price service says: You have exceeded the Rate Limit.' },
  ],
])('the price service says %s', (text, said) => {
  expect(parsePrice(text, 'monero')).toEqual(said);
});

const VLLM = `# HELP vllm:prompt_tokens_total Number of prefill tokens processed.
# TYPE vllm:prompt_tokens_total counter
vllm:prompt_tokens_total{engine="0",model_name="a \\"b\\" {c}"} 1.2e+06
vllm:generation_tokens_total{model_name="a"} 300.0
vllm:request_success_total{finished_reason="stop",model_name="a"} 40
vllm:request_success_total{finished_reason="length",model_name="a"} 2.0 1764000000000
vllm:e2e_request_latency_seconds_bucket{le="+Inf"} NaN
not a line at all
`;

test.each([
  ['vLLM', VLLM, { requests: 42, tokensIn: 1_200_000, tokensOut: 300 }],
  [
    'llama.cpp',
    'llamacpp:prompt_tokens_total 10\nllamacpp:tokens_predicted_total 20\n',
    { requests: null, tokensIn: 10, tokensOut: 20 },
  ],
  [
    'a health page',
    '{"status":"ok","requests":7,"prompt_tokens":100,"completion_tokens":50}',
    { requests: 7, tokensIn: 100, tokensOut: 50 },
  ],
  [
    'a health page with its stats below',
    '{"status":"ok","stats":{"requests":7}}',
    { requests: 7, tokensIn: null, tokensOut: null },
  ],
])('the counters of %s', (_name, text, counters) => {
  expect(parseServer(text, names)).toEqual({ ok: true, counters });
});

test('a counter that was named must be there; without names one of the usual ones (T-04V)', () => {
  expect(parseServer('{"a":{"b":12}}', { ...names, requests: 'a.b' })).toEqual({
    ok: true,
    counters: { requests: 12, tokensIn: null, tokensOut: null },
  });
  expect(parseServer(VLLM, { ...names, requests: 'vllm:none' })).toEqual({
    ok: false,
    error: 'The server answered, but without a counter "vllm:none".',
  });
  expect(parseServer('{"status":"ok"}', names)).toMatchObject({
    ok: false,
    error: expect.stringContaining('with no counter of requests or tokens'),
  });
  expect(parseServer('<html>', names)).toMatchObject({
    ok: false,
    error: 'The server sent a web page instead of its counters.',
  });
});

test.each([
  [
    'combined',
    '203.0.113.5 - ada [20/Nov/2026:14:01:36 +0100] "POST /v1/chat HTTP/1.1" 200 2326 "-" "curl/8"',
    { at: Date.UTC(2026, 10, 20, 13, 1, 36), status: 200, path: '/v1/chat', tokensIn: null },
  ],
  [
    'common',
    '::1 - - [20/Nov/2026:14:01:36 -0500] "GET / HTTP/2.0" 304 -',
    { at: Date.UTC(2026, 10, 20, 19, 1, 36), status: 304 },
  ],
  [
    'JSON in seconds',
    '{"ts":1763643696.25,"status":200,"uri":"/v1/x","usage":{"prompt_tokens":12,"completion_tokens":34}}',
    { at: 1_763_643_696_250, status: 200, path: '/v1/x', tokensIn: 12, tokensOut: 34 },
  ],
  [
    'JSON as nginx writes it',
    '{"time_iso8601":"2026-11-20T14:01:36+00:00","status":"201","request":"POST /v1/y HTTP/1.1"}',
    { at: Date.UTC(2026, 10, 20, 14, 1, 36), status: 201, path: '/v1/y' },
  ],
  ['JSON without a time', '{"status":500,"path":"/z"}', { at: null, status: 500, path: '/z' }],
])('a line of a %s log', (_name, line, expected) => {
  expect(parseLogLine(line)).toMatchObject(expected);
});

test.each([
  '',
  'hello',
  '{"status":200}',
  '{"status":9,"path":"/"}',
  '{broken',
  '1.2.3.4 - - [soon] "GET / HTTP/1.1" 200 1',
])('no line of a log: %j', (line) => {
  expect(parseLogLine(line)).toBe(null);
});

test('what was served counts, by status and by path', () => {
  const line = { at: 0, status: 200, path: '/v1/chat', tokensIn: null, tokensOut: null };
  expect([
    isServed(line, null),
    isServed(line, '/v1/'),
    isServed(line, '/v2/'),
    isServed({ ...line, status: 404 }, null),
    isServed({ ...line, status: 302 }, null),
  ]).toEqual([true, true, false, false, false]);
});

test('no parser throws, whatever it is given', () => {
  const garbage = fc.oneof(
    fc.string({ maxLength: 300 }),
    fc.json(),
    fc.string({ maxLength: 60 }).map((s) => `{"amtDue":${s},"amtPaid":1}`),
    fc.string({ maxLength: 60 }).map((s) => `vllm:prompt_tokens_total{a="${s}"} ${s}`),
    fc.string({ maxLength: 60 }).map((s) => `1.1.1.1 - - [${s}] "GET ${s} HTTP/1.1" 200 1`),
  );
  fc.assert(
    fc.property(garbage, (text) => {
      parsePool(text);
      parseMiner(text);
      parsePrice(text, 'monero');
      parseServer(text, names);
      parsePrometheus(text);
      parseLogLine(text);
      parseExact(text);
    }),
    { numRuns: 2_000 },
  );
});

test('a long hostile line takes no long time', () => {
  const began = performance.now();
  parsePrometheus(`a{${'"\\'.repeat(1_900)} 1\n`.repeat(50));
  for (const line of [
    'a '.repeat(50_000),
    `1 - ${'['.repeat(100_000)}`,
    `1 - - [20/Nov/2026:14:01:36 +0100] "GET ${'x'.repeat(90_000)}`,
  ])
    parseLogLine(line);
  expect(performance.now() - began).toBeLessThan(1_000);
});
