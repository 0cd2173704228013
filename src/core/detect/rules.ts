import type { Candidate } from '../../shared/contract/detect.ts';
import { type ServiceInput, ServiceSettings, type Target } from '../../shared/contract/services.ts';

/** A TCP port that somebody listens on. `program` null: not known. */
export interface Listening {
  port: number;
  /** Reachable at 127.0.0.1. */
  loopback: boolean;
  program: string | null;
  pid: number | null;
}

export interface Container {
  name: string;
  image: string;
  state: string;
}

export interface Job {
  label: string;
  /** Null: it does not run now. */
  pid: number | null;
}

const LISTEN = '0A';

/** Sockets that listen, from `/proc/net/tcp` or `tcp6`: port, whether loopback reaches it, inode. Never throws. */
export function parseProcNet(text: string): { port: number; loopback: boolean; inode: string }[] {
  return text.split('\n').flatMap((line) => {
    const fields = line.trim().split(/\s+/);
    const [, local = '', , state, , , , , , inode = ''] = fields;
    const [address = '', hexPort = ''] = local.split(':');
    const port = Number.parseInt(hexPort, 16);
    if (state !== LISTEN || !/^[0-9A-F]{8}([0-9A-F]{24})?$/.test(address) || !(port > 0 && port < 65_536)) return [];
    const any = /^0+$/.test(address);
    // 127.x.x.x little-endian ends in 7F; ::1 and ::ffff:127.x are what reaches loopback in tcp6.
    const own = address.length === 8 ? address.endsWith('7F') : address.endsWith('01000000') || address.endsWith('7F');
    return [{ port, loopback: any || own, inode }];
  });
}

/** `lsof -nP -iTCP -sTCP:LISTEN -Fpcn`: a line for each field, `p` begins a process. Never throws. */
export function parseLsof(text: string): Listening[] {
  let pid: number | null = null;
  let program: string | null = null;
  return text.split('\n').flatMap((line): Listening[] => {
    const [field, rest] = [line[0], line.slice(1)];
    if (field === 'p') {
      pid = Number(rest) || null;
      program = null;
    } else if (field === 'c') program = rest;
    const [, address = '', port = ''] = field === 'n' ? (/^(.*):(\d+)$/.exec(rest) ?? []) : [];
    if (port === '') return [];
    const loopback = address === '*' || address.startsWith('127.') || address === '[::1]' || address === '[::]';
    return [{ port: Number(port), loopback, program, pid }];
  });
}

/** The Engine API's `/containers/json`. Null when it is none. Never throws. */
export function parseContainers(text: string): Container[] | null {
  try {
    const list: unknown = JSON.parse(text);
    if (!Array.isArray(list)) return null;
    return list.flatMap((item: unknown): Container[] => {
      if (typeof item !== 'object' || item === null) return [];
      const { Names: names, Image: image, State: state } = item as Record<string, unknown>;
      const name = Array.isArray(names) && typeof names[0] === 'string' ? names[0].replace(/^\//, '') : '';
      return name === ''
        ? []
        : [
            {
              name,
              image: typeof image === 'string' ? image : '',
              state: typeof state === 'string' ? state : 'unknown',
            },
          ];
    });
  } catch {
    return null;
  }
}

/** `launchctl list`: pid or `-`, last status, label; the system's own jobs are left out. Never throws. */
export function parseLaunchctl(text: string): Job[] {
  return text.split('\n').flatMap((line) => {
    const [pid = '', status, label = ''] = line.trim().split(/\s+/);
    if (status === undefined || !/^(-|\d+)$/.test(pid) || !/^[\w.-]{3,200}$/.test(label)) return [];
    if (/^(com\.apple\.|application\.|\[|0x)/.test(label)) return [];
    return [{ label, pid: pid === '-' ? null : Number(pid) }];
  });
}

/** `systemctl list-units --type=service --plain --no-legend`: the unit is the first word. Never throws. */
export function parseUnits(text: string): string[] {
  return text.split('\n').flatMap((line) => {
    const [unit = '', , active] = line.trim().replace(/^●\s*/, '').split(/\s+/);
    return /^[\w@:.\\-]{3,200}\.service$/.test(unit) && active === 'active' ? [unit.replace(/\.service$/, '')] : [];
  });
}

const targetKey = (target: Target): string => {
  switch (target.kind) {
    case 'tcp':
      return `port:${target.port}`;
    case 'http': {
      const { port, protocol } = new URL(target.url);
      return `port:${port || (protocol === 'https:' ? 443 : 80)}`;
    }
    case 'docker':
      return `container:${target.container}`;
    case 'launchd':
      return `launchd:${target.label}`;
    case 'systemd':
      return `systemd:${target.unit.replace(/\.service$/, '')}`;
    default:
      return '';
  }
};

const LOCAL = /^(127\.|localhost$|0\.0\.0\.0$|\[?::1?\]?$)/;

/** What is watched already, as keys of candidates. A port counts only where it is one of this machine. */
export function watchedKeys(targets: readonly Target[]): ReadonlySet<string> {
  return new Set(
    targets
      .filter((target) => {
        if (target.kind === 'tcp') return LOCAL.test(target.host);
        return target.kind !== 'http' || LOCAL.test(new URL(target.url).hostname);
      })
      .map(targetKey),
  );
}

export interface Surroundings {
  ports: readonly Listening[];
  containers: readonly Container[];
  jobs: readonly Job[];
  units: readonly { unit: string; scope: 'user' | 'system' }[];
}

/** Everything found as drafts of services; Tenure itself is left out, what is watched already is marked. */
export function candidatesOf(found: Surroundings, targets: readonly Target[], ownPort: number): Candidate[] {
  const watched = watchedKeys(targets);
  const seen = new Set<string>();
  const made = (
    kind: Candidate['found'],
    name: string,
    detail: string,
    input: Omit<ServiceInput, 'name'>,
  ): Candidate[] => {
    const parsed = ServiceSettings.safeParse({ ...input, name: name.slice(0, 80) });
    if (!parsed.success) return [];
    const key = targetKey(parsed.data.target);
    if (seen.has(key)) return [];
    seen.add(key);
    return [{ key, found: kind, name: parsed.data.name, detail, watched: watched.has(key), draft: parsed.data }];
  };
  const isOwn = (label: string): boolean => /(^|\.)tenure(\.|$)/i.test(label);
  return [
    ...found.containers.flatMap(({ name, image, state }) =>
      made('container', name, `${image}, ${state}`, {
        target: { kind: 'docker', container: name },
        restart: { kind: 'docker', container: name },
      }),
    ),
    ...found.jobs.flatMap(({ label, pid }) =>
      isOwn(label)
        ? []
        : made('launchd', label, pid === null ? 'does not run now' : `pid ${pid}`, {
            target: { kind: 'launchd', label },
            restart: { kind: 'launchd', label },
          }),
    ),
    ...found.units.flatMap(({ unit, scope }) =>
      isOwn(unit)
        ? []
        : made('systemd', unit, `${scope} unit`, {
            target: { kind: 'systemd', unit, scope },
            restart: scope === 'user' ? { kind: 'systemd', unit, scope } : null,
          }),
    ),
    ...[...found.ports]
      .filter(({ port, loopback }) => loopback && port !== ownPort)
      .sort((a, b) => a.port - b.port || Number(a.program === null) - Number(b.program === null))
      .flatMap(({ port, program, pid }) =>
        made(
          'port',
          program === null ? `Port ${port}` : `${program} (${port})`,
          `listens on port ${port}${pid === null ? '' : `, pid ${pid}`}`,
          {
            target: { kind: 'tcp', host: '127.0.0.1', port },
          },
        ),
      ),
  ];
}
