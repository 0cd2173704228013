import { BlockList, isIP, isIPv6, type LookupFunction } from 'node:net';

/** How far inside an address lies: the public network, the local one, this machine itself. */
export type Depth = 0 | 1 | 2;

const local = new BlockList();
for (const [net, prefix] of [
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['100.64.0.0', 10],
] as const) {
  local.addSubnet(net, prefix, 'ipv4');
}
local.addSubnet('fc00::', 7, 'ipv6');

const own = new BlockList();
for (const [net, prefix] of [
  ['127.0.0.0', 8],
  ['0.0.0.0', 8],
  // Also where clouds tell a machine its secrets.
  ['169.254.0.0', 16],
] as const) {
  own.addSubnet(net, prefix, 'ipv4');
}
own.addAddress('::1', 'ipv6');
own.addAddress('::', 'ipv6');
own.addSubnet('fe80::', 10, 'ipv6');

/** Of an IP address, also of an IPv4 one in IPv6 clothes; what is none lies as deep as can be. */
export function depthOf(address: string): Depth {
  const bare = address.replace(/%.*$/, '');
  if (!isIP(bare)) return 2;
  const family = isIPv6(bare) ? 'ipv6' : 'ipv4';
  if (own.check(bare, family)) return 2;
  return local.check(bare, family) ? 1 : 0;
}

/** The same way of finding addresses, which fails when one of them lies deeper than allowed. */
export const lookupNotDeeper =
  (lookup: LookupFunction, deepest: Depth): LookupFunction =>
  (name, options, found) =>
    lookup(name, { ...options, all: true }, (error, addresses) => {
      const all = Array.isArray(addresses) ? addresses : [];
      const deeper = all.find(({ address }) => depthOf(address) > deepest);
      const [first] = all;
      if (error) found(error, []);
      else if (deeper) found(new Error(`it leads into the local network (${deeper.address})`), []);
      else if (options.all || !first) found(null, all);
      else found(null, first.address, first.family);
    });
