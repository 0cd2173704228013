import type { Config } from '../../shared/config.ts';
import type { Check } from '../../shared/contract/check.ts';
import type { RestartSpec, ServiceSettings } from '../../shared/contract/services.ts';
import type { Level } from '../../shared/policy.ts';
import type { Emit, Journal } from '../kernel/journal.ts';
import type { Log } from '../kernel/log.ts';
import type { Clock, Ids, ProcessIdentity } from '../kernel/ports.ts';
import type { Acted } from '../kernel/watch-ports.ts';
import type { IncidentStorage } from './storage.ts';

/** A watched service, as far as incidents ask. */
export interface Subject {
  id: string;
  settings: ServiceSettings;
  progress: {
    confirmed: 'up' | 'down' | null;
    since: number | null;
    streak: number;
    failingSince: number | null;
    flapping: boolean;
    wasUp: boolean;
    last: Check | null;
    stopped: boolean;
  };
}

/** What incidents use of their neighbours. */
export interface Near {
  /** Null: not watched any more, or paused. */
  find(id: string): Subject | null;
  /** Those whose newest known check failed, and those confirmed down. */
  failing(): Subject[];
  parents(of: Subject): Subject[];
  notSeenSince(at: number): Subject[];
  /** Looks at it soon. */
  soon(id: string): void;
  checkNow(id: string): Promise<Check>;
  /** Its newest checks from that moment on, oldest first; one that is being judged may be missing. */
  checksSince(id: string, from: number): Check[];
  redraw(emit: Emit, id: string): void;
  /** Fails more than once where once is not yet a verdict. */
  isFailing(subject: Subject): boolean;
  /** Is it Tenure itself? */
  isOwn(settings: ServiceSettings): boolean;
  inMaintenance(settings: ServiceSettings, now: number): boolean;
  /** Where a program of ours does it, it carries the nonce, and `started` is told who it is. */
  perform(spec: RestartSpec, run: { nonce: string; started: (program: ProcessIdentity) => void }): Promise<Acted>;
  /** What still runs of a program that carried the nonce: itself, or, where nobody wrote down who it was, whatever carries it. */
  left(nonce: string, program: ProcessIdentity | null): Promise<ProcessIdentity | null>;
  /** Ends that program with its whole group. */
  end(program: ProcessIdentity): void;
  level(): Level;
  isPaused(): boolean;
}

export interface IncidentDeps {
  journal: Journal;
  clock: Clock;
  ids: Ids;
  log: Log;
  storage: IncidentStorage;
  config(): Config['services'];
  near: Near;
}

/** Longer than any restart should take, ms. */
export const RESTART_MS = 120_000;

/** The failing service that explains the failure of this one; null: it speaks for itself. */
export function explanationOf(near: Near, subject: Subject): Subject | null {
  const seen = new Set([subject.id]);
  const open = near.parents(subject);
  for (let parent = open.pop(); parent; parent = open.pop()) {
    if (seen.has(parent.id)) continue;
    seen.add(parent.id);
    if (parent.progress.failingSince !== null) return parent;
    open.push(...near.parents(parent));
  }
  return null;
}

/** The exact command or call of a restart. */
export function restartWords(spec: RestartSpec): string {
  switch (spec.kind) {
    case 'docker':
      return `docker restart ${spec.container}`;
    case 'launchd':
      return `launchctl kickstart -k ${spec.domain}/${spec.label}`;
    case 'systemd':
      return `systemctl ${spec.scope === 'user' ? '--user ' : ''}restart ${spec.unit}`;
    case 'command':
      return spec.argv.join(' ');
  }
}
