import type { Check } from '../../shared/contract/check.ts';
import type { Service, ServiceSettings, Target } from '../../shared/contract/services.ts';

/** Flapping is the share of changes among this many known checks (as Nagios counts it). */
const TRAIL = 21;
/** It begins above the one share and ends below the other: between them nothing changes. */
const FLAPS_FROM = 0.3;
const FLAPS_UNTIL = 0.15;
const ALL_WELL = 'u'.repeat(TRAIL);

/** What is known of one service; survives a restart. */
export interface Progress {
  confirmed: 'up' | 'down' | null;
  /** Epoch ms of the confirmation. */
  since: number | null;
  /** Known checks in a row that speak against what is confirmed; while nothing is, failed ones. */
  streak: number;
  /** Epoch ms of the first failed check of the present row; null while the newest known one was good. */
  failingSince: number | null;
  /** The newest known checks, oldest first: `u` and `f`. */
  trail: string;
  flapping: boolean;
  last: Check | null;
  certificateExpiresAt: number | null;
  /** The newest look said that somebody stopped it on purpose. */
  stopped: boolean;
  /** It was up at some time since it is watched. */
  wasUp: boolean;
}

export const UNSEEN: Progress = {
  confirmed: null,
  since: null,
  streak: 0,
  failingSince: null,
  trail: '',
  flapping: false,
  last: null,
  certificateExpiresAt: null,
  stopped: false,
  wasUp: false,
};

export interface Finding extends Check {
  certificateExpiresAt: number | null;
  stopped: boolean;
}

type Thresholds = Pick<ServiceSettings, 'downAfter' | 'upAfter'>;

/** The share of changes in a trail; 0 while there is too little to tell. */
function changesIn(trail: string): number {
  if (trail.length < TRAIL) return 0;
  let changes = 0;
  for (let i = 1; i < trail.length; i++) if (trail[i] !== trail[i - 1]) changes += 1;
  return changes / (trail.length - 1);
}

/**
 * What one more check makes of it. One that says nothing (`ok` null) changes no verdict and breaks no row:
 * not knowing is neither up nor down.
 */
export function afterCheck(before: Progress, finding: Finding, { downAfter, upAfter }: Thresholds): Progress {
  const { at, ok, ms, detail, stopped } = finding;
  const certificateExpiresAt = finding.certificateExpiresAt ?? before.certificateExpiresAt;
  const seen = { ...before, last: { at, ok, ms, detail }, stopped, certificateExpiresAt };
  // Nothing is known, or all goes on being well.
  if (ok === null || (ok && before.trail === ALL_WELL && before.confirmed === 'up' && !before.flapping)) return seen;
  const trail = (before.trail + (ok ? 'u' : 'f')).slice(-TRAIL);
  const share = changesIn(trail);
  const flapping = before.flapping ? share > FLAPS_UNTIL : share >= FLAPS_FROM;
  const failingSince = ok ? null : (before.failingSince ?? at);
  const { confirmed, streak } = verdictOf(before, ok, downAfter, upAfter);
  const since = confirmed === before.confirmed ? before.since : at;
  return {
    ...seen,
    confirmed,
    streak,
    since,
    failingSince,
    trail,
    flapping,
    wasUp: before.wasUp || confirmed === 'up',
  };
}

/**
 * What was checked since it was written, taken in: one more good check of what is well is only written as a
 * check. What was never seen, or was set back since, has nothing to catch up with.
 */
export function caughtUp(written: Progress, checks: readonly Check[], thresholds: Thresholds): Progress {
  const { last } = written;
  if (last === null) return written;
  return checks
    .filter(({ at }) => at > last.at)
    .reduce((progress, check) => {
      const stopped = check.ok === true ? false : progress.stopped;
      return afterCheck(progress, { ...check, certificateExpiresAt: null, stopped }, thresholds);
    }, written);
}

function verdictOf(
  { confirmed, streak }: Progress,
  ok: boolean,
  downAfter: number,
  upAfter: number,
): Pick<Progress, 'confirmed' | 'streak'> {
  // The first good check of all is enough: nothing was down, so there is nothing to recover from.
  if (ok && confirmed !== 'down') return { confirmed: 'up', streak: 0 };
  if (!ok && confirmed === 'down') return { confirmed, streak: 0 };
  const row = streak + 1;
  if (ok) return row >= upAfter ? { confirmed: 'up', streak: 0 } : { confirmed, streak: row };
  return row >= downAfter ? { confirmed: 'down', streak: 0 } : { confirmed, streak: row };
}

/** The state that a person sees, derived. */
export function faceOf(
  { confirmed, streak, last }: Progress,
  { downAfter, upAfter }: Thresholds,
  paused: boolean,
): Pick<Service, 'state' | 'pending'> {
  if (paused) return { state: 'paused', pending: null };
  if (streak > 0) {
    const toward = confirmed === 'down' ? 'up' : 'down';
    return { state: 'pending', pending: { toward, n: streak, of: toward === 'up' ? upAfter : downAfter } };
  }
  if (confirmed === 'down') return { state: 'down', pending: null };
  return { state: last?.ok === true ? 'up' : 'unknown', pending: null };
}

/** Fails, and more than once where once is not yet a verdict: an isolated failure speaks for nothing else. */
export function isFailing(
  { confirmed, streak, failingSince }: Pick<Progress, 'confirmed' | 'streak' | 'failingSince'>,
  { downAfter }: Thresholds,
): boolean {
  if (failingSince === null) return false;
  return confirmed === 'down' || streak >= Math.min(2, downAfter);
}

const LOOPBACK = /^(localhost|.+\.localhost|127(\.\d{1,3}){3}|\[?::1\]?|0\.0\.0\.0)$/i;

/** The host that a target is reached at over the network; null when no network is needed. */
function hostOf(target: Target): string | null {
  switch (target.kind) {
    case 'http':
      return new URL(target.url).hostname;
    case 'tcp':
    case 'ping':
      return target.host;
    case 'dns':
      return target.server?.replace(/:\d+$/, '') ?? 'the network';
    default:
      return null;
  }
}

/** Does this check say nothing while this machine has no network? */
export function needsNetwork(target: Target): boolean {
  const host = hostOf(target);
  return host !== null && !LOOPBACK.test(host);
}

export interface Own {
  pid: number;
  port: number;
}

/** Is this Tenure itself? It never restarts itself: who would look after it then? */
export function isOwn({ target, restart }: Pick<ServiceSettings, 'target' | 'restart'>, own: Own): boolean {
  // `tenure`, `dev.tenure.app`, `/usr/local/bin/tenure`, `tenure.service`; not a folder of that name.
  const named = (text: string): boolean =>
    text.split(/[\s;&|'"()]+/).some((word) => /(^|\.)tenure(\.|$)/i.test(word.slice(word.lastIndexOf('/') + 1)));
  if (restart?.kind === 'command' && restart.argv.some(named)) return true;
  if (restart?.kind === 'launchd' && named(restart.label)) return true;
  if (restart?.kind === 'systemd' && named(restart.unit)) return true;
  if (restart?.kind === 'docker' && named(restart.container)) return true;
  const host = hostOf(target);
  if (host === null || !LOOPBACK.test(host)) return false;
  if (target.kind === 'tcp') return target.port === own.port;
  if (target.kind !== 'http') return false;
  const { port, protocol } = new URL(target.url);
  return Number(port || (protocol === 'https:' ? 443 : 80)) === own.port;
}
