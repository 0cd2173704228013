import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { bearer, type GatewayRig, gatewayRig, OWNER } from '../../../test/gateway-rig.ts';

let rig: GatewayRig;
beforeEach(async () => {
  rig = await gatewayRig();
});
afterEach(() => rig.close());

describe('only this machine, only this page', () => {
  const paths = ['/', '/rpc/state.snapshot', '/events', '/login', '/hooks/claude/pre-tool-use', '/health', '/live'];
  const hosts = ['evil.example', '127.0.0.1', 'localhost:1', '127.0.0.1.evil.example:80', '0.0.0.0', '[::1]:1', ''];

  test.each(paths.flatMap((path) => hosts.map((host) => [path, host] as const)))(
    '%s for host "%s": 421',
    async (path, host) => {
      const response = await rig.claim(path, { host, ...bearer(OWNER) });
      expect(response.status).toBe(421);
    },
  );

  const origins = [
    'https://evil.example',
    'null',
    'http://127.0.0.1:1',
    'http://localhost',
    'file://',
    'https://127.0.0.1',
  ];
  test.each(paths.flatMap((path) => origins.map((origin) => [path, origin] as const)))(
    '%s from origin %s: refused',
    async (path, origin) => {
      const response = await rig.claim(
        path,
        { host: rig.base.slice(7), origin, ...bearer(OWNER) },
        path === '/login' ? 'POST' : 'GET',
      );
      expect(response.status).toBe(403);
    },
  );

  test('a request that another site started is refused even without an Origin', async () => {
    const response = await rig.claim(
      '/rpc/x',
      { host: rig.base.slice(7), 'sec-fetch-site': 'cross-site', ...bearer(OWNER) },
      'POST',
    );
    expect(response.status).toBe(403);
    expect(rig.calls).toEqual([]);
  });

  test('every answer carries the headers, with a policy that allows nothing inline', async () => {
    for (const path of ['/', '/health', '/login', '/nothing', '/rpc/x']) {
      const { headers } = await fetch(rig.base + path);
      const policy = headers.get('content-security-policy') ?? '';
      expect(policy).toContain("default-src 'none'");
      expect(policy).not.toContain('unsafe');
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('access-control-allow-origin')).toBeNull();
    }
  });
});
