import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const SOURCES = join(import.meta.dirname, '..', '..', 'src');
/** A network of its own, with nothing in it but a loopback that is down. */
const UNSHARE = ['unshare', '--user', '--map-root-user', '--net'] as const;

function canUnshare(): boolean {
  try {
    execFileSync(UNSHARE[0], [...UNSHARE.slice(1), 'true'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** One look at each target, with the real sockets and the real question whether it is us. */
const SCRIPT = `
import { createClock } from '${SOURCES}/core/adapters/clock.ts';
import { createSockets } from '${SOURCES}/core/adapters/sockets.ts';
import { createLook } from '${SOURCES}/core/probes/checks/look.ts';
import { createOwnNetwork } from '${SOURCES}/core/probes/network.ts';
import { ServiceSettings } from '${SOURCES}/shared/contract/services.ts';
const [clock, sockets, told] = [createClock(), createSockets(), []];
const network = createOwnNetwork({ sockets, clock, reference: () => null, told: (sentence) => told.push(sentence) });
const look = createLook({ sockets, clock, offline: network.offline });
const targets = [
  { kind: 'http', url: 'http://192.0.2.1/' },
  { kind: 'tcp', host: 'example.com', port: 443 },
  { kind: 'dns', name: 'example.com', server: '192.0.2.53' },
  { kind: 'tcp', host: '127.0.0.1', port: 1 },
];
const seen = [];
for (const target of targets) {
  const { ok, detail } = await look(ServiceSettings.parse({ name: 'x', target, timeoutMs: 1000 }), { lastAt: null, since: 0 });
  seen.push({ ok, detail });
}
sockets.close();
console.log(JSON.stringify({ seen, told, hasNetwork: sockets.hasNetwork() }));
`;

test.skipIf(process.platform !== 'linux' || !canUnshare())(
  'cut off from every network: what is outside is unknown, loopback is judged, and it is said once',
  () => {
    const argv = [...UNSHARE.slice(1), process.execPath, '--no-warnings', '--input-type=module', '-e', SCRIPT];
    const out = execFileSync(UNSHARE[0], argv, { encoding: 'utf8', timeout: 30_000 });
    const sentence = 'This machine has no network; services outside of it are not judged.';
    const unknown = { ok: null, detail: sentence };
    expect(JSON.parse(out)).toEqual({
      hasNetwork: false,
      told: [sentence],
      seen: [unknown, unknown, unknown, { ok: false, detail: expect.any(String) }],
    });
  },
);
