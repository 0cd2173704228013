// biome-ignore-all lint/suspicious/noTemplateCurlyInString: names stand like this in the file.
import * as fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { McpConfig, type McpServer } from '../../shared/contract/mcp.ts';
import { redact } from '../kernel/redact.ts';
import {
  admitted,
  after,
  type Breaker,
  CLOSED,
  missingIn,
  OFF_MS,
  released,
  resolved,
  secretIn,
  serverOf,
  stateOf,
  whyNotNow,
} from './rules.ts';

const fail = (breaker: Breaker, call: string | null, now = 0): Breaker =>
  after(breaker, { call, ok: false, reason: 'no' }, now);
const off = fail(fail(fail(CLOSED, 'a'), 'b'), 'c');

describe('the breaker', () => {
  it('goes off at the third failure in a row, for five minutes', () => {
    expect(stateOf(fail(fail(CLOSED, 'a'), 'b'), 1)).toBe('on');
    expect([stateOf(off, OFF_MS - 1), stateOf(off, OFF_MS)]).toEqual(['off', 'trying']);
    const interrupted = after(fail(fail(CLOSED, 'a'), 'b'), { call: 'c', ok: true, reason: '' }, 0);
    expect(stateOf(fail(interrupted, 'd'), 1)).toBe('on');
  });

  it('is not kept off longer by late failures of calls from before', () => {
    expect(fail(off, 'late', 1_000)).toEqual(off);
  });

  it('lets one call through after the time, whose result decides', () => {
    const trying = admitted(off, 'probe', OFF_MS);
    expect(trying?.probe).toBe('probe');
    expect(trying && admitted(trying, 'other', OFF_MS)).toBeNull();
    expect(trying && whyNotNow(trying, OFF_MS)).toBe('probing');
    expect(trying && fail(trying, 'late', OFF_MS)).toEqual(trying);
    expect(trying && stateOf(fail(trying, 'probe', OFF_MS), 2 * OFF_MS - 1)).toBe('off');
    expect(trying && after(trying, { call: 'probe', ok: true, reason: '' }, OFF_MS)).toEqual(CLOSED);
  });

  it('gives the place back when the one call never comes back: a stop and a timeout say nothing', () => {
    const trying = admitted(off, 'probe', OFF_MS);
    const free = trying && released(trying, 'probe');
    expect(free).toEqual(off);
    expect(free && admitted(free, 'next', OFF_MS)?.probe).toBe('next');
  });

  it('admits exactly one while it is being tried, in any order of events', () => {
    const event = fc.record({
      what: fc.constantFrom('call', 'ok', 'fail', 'release', 'wait'),
      call: fc.constantFrom('a', 'b', 'c', 'd'),
    });
    fc.assert(
      fc.property(fc.array(event, { maxLength: 200 }), (events) => {
        let [breaker, now] = [CLOSED, 0];
        const inFlight = new Set<string>();
        for (const { what, call } of events) {
          const trying = stateOf(breaker, now) === 'trying';
          if (what === 'wait') now += OFF_MS / 2;
          else if (what === 'call') {
            const next = admitted(breaker, call, now);
            if (stateOf(breaker, now) === 'off') expect(next).toBeNull();
            if (trying) expect(next === null).toBe(breaker.probe !== null);
            if (next) inFlight.add(call);
            breaker = next ?? breaker;
          } else if (inFlight.delete(call)) {
            breaker =
              what === 'release'
                ? released(breaker, call)
                : after(breaker, { call, ok: what === 'ok', reason: '' }, now);
          }
          if (stateOf(breaker, now) === 'on') expect(breaker.failures).toBeLessThan(3);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});

test.each([
  ['mcp__github__search', 'github'],
  ['mcp__my_server__a__b', 'my_server'],
  ['Bash', null],
  ['mcp__only', null],
])('%s belongs to %s', (tool, server) => {
  expect(serverOf(tool)).toBe(server);
});

test('every name that a server may have is read back from the names of its tools', () => {
  const name = fc.stringMatching(/^[A-Za-z0-9_-]{1,64}$/);
  const taken = (given: string): boolean => {
    const { data } = McpConfig.safeParse({ mcpServers: { [given]: { command: 'x' } } });
    return data !== undefined && Object.hasOwn(data.mcpServers, given);
  };
  fc.assert(
    fc.property(name, fc.constantFrom('t', 'a__b', '_t'), (given, tool) => {
      if (taken(given)) expect(serverOf(`mcp__${given}__${tool}`)).toBe(given);
    }),
    { numRuns: 2_000 },
  );
  expect(['a_', 'a__b', '__a', '_a', 'a_b'].map(taken)).toEqual([false, false, false, true, true]);
});

describe('names in place of secrets', () => {
  const server: McpServer = {
    command: '${BIN:-node}',
    args: ['x', '--key=${KEY}'],
    env: { TOKEN: '${TOKEN}', MODE: 'fast', OURS: '${TENURE_OWNER_TOKEN}' },
  };

  it('are filled in from the environment; our own are never given away', () => {
    const env = { KEY: 'k', TOKEN: 't', TENURE_OWNER_TOKEN: 'never' };
    expect(missingIn(server, {})).toEqual(['KEY', 'TOKEN', 'TENURE_OWNER_TOKEN']);
    expect(resolved(server, env)).toEqual({
      command: 'node',
      args: ['x', '--key=k'],
      env: { TOKEN: 't', MODE: 'fast', OURS: '' },
    });
  });

  it('are asked for where a secret stands in clear', () => {
    const looksSecret = (name: string): boolean => name.includes('TOKEN');
    expect(secretIn(server, looksSecret)).toBeNull();
    expect(secretIn({ command: 'x', env: { MODE: 'a', GITHUB_TOKEN: 'ghp_1' } }, looksSecret)).toBe('GITHUB_TOKEN');
    expect(secretIn({ type: 'http', url: 'https://x', headers: { 'X-TOKEN': 'Bearer ${T}' } }, looksSecret)).toBeNull();
  });

  it('are asked for beside a name, in place of a missing one, in arguments and in addresses', () => {
    const key = `ghp_${'a1B2c3D4e5'.repeat(4).slice(0, 36)}`;
    const looksSecret = (name: string, value: string): boolean =>
      /TOKEN|authorization/i.test(name) || redact(value) !== value;
    const found = (server: McpServer) => secretIn(server, looksSecret);
    expect(found({ command: 'x', env: { A: `${key}\${B}` } })).toBe('A');
    expect(found({ command: 'x', env: { TOKEN: `\${B:-${key}}` } })).toBe('TOKEN');
    expect(found({ command: 'x', env: { TOKEN: '${ not a name' } })).toBe('TOKEN');
    expect(found({ command: 'x', args: ['--key', key] })).toBe('args');
    expect(found({ command: 'x', args: ['--password', 'correct-horse-7'] })).toBe('args');
    expect(found({ command: `x --key=${key}` })).toBe('command');
    expect(found({ type: 'http', url: `https://x/?token=${key}` })).toBe('url');
    expect(found({ type: 'http', url: 'https://x/?token=${T}', headers: { Authorization: 'Bearer ${T}' } })).toBeNull();
    expect(found({ command: '${BIN:-node}', args: ['--token', '${T}', '--verbose', '--key=${K}'] })).toBeNull();
    expect(found({ command: 'x', env: { TOKEN: '${A}-${B}', OTHER: '${T:-}' } })).toBeNull();
  });
});
