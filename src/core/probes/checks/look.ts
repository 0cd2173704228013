import type { ServiceSettings, Target } from '../../../shared/contract/services.ts';
import type { AgentEnvironment, Clock, Spawner } from '../../kernel/ports.ts';
import type { Docker, ServiceManager, Sockets, UnitLook } from '../../kernel/watch-ports.ts';
import { evaluate, type Seen } from '../conditions/evaluate.ts';
import { type Condition, parseCondition } from '../conditions/parse.ts';
import { needsNetwork } from '../rules.ts';
import type { Beat, Looked } from '../run/loop.ts';
import { lookAtHttp, type Ranges, rangesOf } from './http.ts';
import { lookAtCommand, lookAtDisk, lookAtPing, lookAtProcess } from './machine.ts';
import { lookAtName, lookAtPort } from './network.ts';

export interface LookDeps {
  sockets: Sockets;
  spawner: Spawner;
  environment: AgentEnvironment;
  docker: Docker;
  launchd: ServiceManager;
  systemd: ServiceManager;
  clock: Clock;
  /** A sentence when this machine itself has no network, else null. Asked only when a check failed. */
  offline(): Promise<string | null>;
}

/**
 * What one look saw. `ok` is the kind's own verdict before any condition: null when nothing could be
 * said, then `detail` says why.
 */
export interface Sight {
  ok: boolean | null;
  detail: string;
  seen: Seen;
  certificateExpiresAt?: number | null;
  stopped?: boolean;
}

interface Prepared {
  conditions: readonly Condition[];
  wantsBody: boolean;
  wantsHeaders: boolean;
  wantsRedirect: boolean;
  statuses: Ranges;
}

/** One look at a target: through the ports, as data; with tries, conditions and our own network in mind. */
export function createLook(deps: LookDeps) {
  const prepared = new WeakMap<ServiceSettings, Prepared>();

  function prepare(settings: ServiceSettings): Prepared {
    const known = prepared.get(settings);
    if (known) return known;
    const conditions = settings.conditions.map(parseCondition);
    const asks = (place: string): boolean => settings.conditions.some((text) => text.includes(place));
    const wantsRedirect = settings.conditions.some(isAboutRedirect);
    const statuses = settings.target.kind === 'http' ? rangesOf(settings.target.status) : [];
    const made = { conditions, wantsBody: asks('[BODY]'), wantsHeaders: asks('[HEADER]'), wantsRedirect, statuses };
    prepared.set(settings, made);
    return made;
  }

  function sightOf(settings: ServiceSettings, beat: Beat): Promise<Sight> | Sight {
    const { target, timeoutMs } = settings;
    switch (target.kind) {
      case 'http':
        return lookAtHttp(deps.sockets, target, {
          timeoutMs,
          ...prepare(settings),
          now: deps.clock.now,
        });
      case 'tcp':
        return lookAtPort(deps.sockets, target, timeoutMs);
      case 'dns':
        return lookAtName(deps.sockets, target, timeoutMs);
      case 'ping':
        return lookAtPing(deps, target.host, timeoutMs);
      case 'process':
        return lookAtProcess(deps, target, timeoutMs);
      case 'command':
        return lookAtCommand(deps, target, timeoutMs);
      case 'disk':
        return lookAtDisk(target);
      case 'docker':
        return deps.docker.look(target.container, target.socket, timeoutMs).then(sightOfUnit);
      case 'launchd':
        return deps.launchd.look(target.label, target.domain, timeoutMs).then(sightOfUnit);
      case 'systemd':
        return deps.systemd.look(target.unit, target.scope, timeoutMs).then(sightOfUnit);
      case 'heartbeat':
        return sightOfBeat(beat, settings, deps.clock.now());
    }
  }

  async function once(settings: ServiceSettings, beat: Beat): Promise<Looked> {
    const { ok, detail, seen, certificateExpiresAt = null, stopped = false } = await sightOf(settings, beat);
    const looked = { ms: ok === null ? null : seen.ms, certificateExpiresAt, stopped, values: () => valuesOf(seen) };
    if (ok === null) return { ...looked, ok, detail };
    const { conditions } = prepare(settings);
    if (ok && conditions.length === 0) return { ...looked, ok, detail };
    // Conditions may ask for what the kind itself calls a failure: `[CONNECTED] == false`.
    const verdicts = conditions.map((condition) => evaluate(condition, seen));
    const broken = verdicts.filter(({ holds }) => !holds).map(({ shown }) => shown);
    const wantsFailure = !ok && verdicts.length > 0 && broken.length === 0 && isAbout(conditions, settings.target);
    const held = wantsFailure || (ok && broken.length === 0);
    return {
      ...looked,
      ok: held,
      detail: held || broken.length === 0 ? detail : [...(ok ? [] : [detail]), ...broken].join('; '),
    };
  }

  return async function look(settings: ServiceSettings, beat: Beat): Promise<Looked> {
    let looked = await once(settings, beat);
    for (let tries = 0; looked.ok === false && tries < settings.retries; tries++) looked = await once(settings, beat);
    if (looked.ok !== false || !needsNetwork(settings.target)) return looked;
    const offline = await deps.offline();
    return offline === null ? looked : { ...looked, ok: null, ms: null, detail: offline };
  };
}

/** `[STATUS] == 301`, `[HEADER].location == …`. */
const isAboutRedirect = (text: string): boolean =>
  /\[HEADER\]\.location/i.test(text) || (text.includes('[STATUS]') && /\b3\d\d\b/.test(text));

/** Do the conditions themselves say what is expected where the kind has an opinion of its own? */
function isAbout(conditions: readonly Condition[], { kind }: Target): boolean {
  const places =
    kind === 'http' ? ['[STATUS]', '[CONNECTED]'] : ['[CONNECTED]', '[EXIT_CODE]', '[STATE]', '[DNS_RCODE]'];
  return conditions.some(({ text }) => places.some((place) => text.includes(place)));
}

function sightOfUnit({ running, healthy, stopped, state, detail }: UnitLook): Sight {
  const ok = running === null ? null : running && healthy !== false;
  return { ok, detail, stopped, seen: { connected: running === true, ms: null, state } };
}

/** A heartbeat is late when neither a push nor our own start lies within its interval and its grace. */
function sightOfBeat({ lastAt, since }: Beat, { intervalMs, timeoutMs }: ServiceSettings, now: number): Sight {
  const silent = now - Math.max(lastAt ?? 0, since);
  const seen: Seen = { connected: lastAt !== null, ms: null };
  if (silent > intervalMs + timeoutMs) {
    return {
      ok: false,
      detail: `no push for ${Math.round(silent / 1000)} s, expected every ${intervalMs / 1000} s`,
      seen,
    };
  }
  return lastAt === null
    ? { ok: null, detail: 'no push yet', seen }
    : { ok: true, detail: `pushed ${Math.round((now - lastAt) / 1000)} s ago`, seen };
}

const SHOWN = 200;

/** What was seen, by the name that a condition asks it by: for the live test. */
function valuesOf(seen: Seen): Record<string, string> {
  const values: Record<string, string> = { '[CONNECTED]': String(seen.connected) };
  const put = (name: string, value: string | number | null | undefined): void => {
    if (value !== undefined && value !== null && value !== '') values[name] = String(value).slice(0, SHOWN);
  };
  put('[STATUS]', seen.status);
  put('[RESPONSE_TIME]', seen.ms === null ? null : Math.round(seen.ms));
  put('[IP]', seen.ip);
  if (typeof seen.certificateMs === 'number')
    put('[CERTIFICATE_EXPIRATION]', `${Math.floor(seen.certificateMs / 86_400_000)}d`);
  put('[DNS_RCODE]', seen.rcode);
  put('[EXIT_CODE]', seen.exitCode);
  put('[STATE]', seen.state);
  put('[BODY]', seen.body);
  return values;
}
