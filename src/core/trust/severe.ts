import type { Reason } from '../../shared/contract/decisions.ts';
import type { Evidence } from '../../shared/contract/evidence.ts';
import type { SevereKind } from '../../shared/contract/trust-record.ts';
import { LEVELS, type Level } from '../../shared/policy.ts';

/** How far what nothing compensates lowers the level at once. */
export const LOWERS: Readonly<Record<SevereKind, 'step' | 'observe'>> = {
  hostile: 'step',
  secret: 'step',
  outage: 'observe',
  lost_work: 'step',
};

/** Hard denies that no honest mistake explains. That something could not be written down exactly is none. */
const HOSTILE = new Set(['fork_bomb', 'unchecked_agent', 'acts_on_tenure', 'deletes_disk', 'wipes_disk']);

/** Is that refusal of the gate one of something hostile? Its own reason comes first. */
export const isHostile = (decision: { state: string; reasons: readonly Reason[] }): boolean =>
  decision.state === 'refused' && HOSTILE.has(decision.reasons[0]?.code ?? '');

/**
 * What an ended session did that nothing compensates, from what we measured of it.
 * @param ownTree false: it worked in the project's folder, where the history is everybody's.
 */
export function severeIn(
  { flags, historyRewritten }: Pick<Evidence, 'flags' | 'historyRewritten'>,
  ownTree: boolean,
): { kind: SevereKind; text: string }[] {
  const secret = flags.find(({ code }) => code === 'secrets');
  return [
    ...(secret ? [{ kind: 'secret' as const, text: `${secret.text} ${secret.paths.join(', ')}`.trim() }] : []),
    ...(historyRewritten === true && !ownTree
      ? [{ kind: 'lost_work' as const, text: "It rewrote the history of the project's own branch." }]
      : []),
  ];
}

/** How long after a restart a failure is put down to it, ms. */
const AFTER_RESTART_MS = 120_000;

export interface OwnRestart {
  id: string;
  serviceId: string;
  service: string;
  startedAt: number;
  finishedAt: number | null;
}

/**
 * The restart of our own that took a service down which needed the restarted one and had answered until
 * then; null: none did. A service that failed before is not ours to answer for.
 */
export function causeOf(
  incident: { serviceId: string | null; partOf: string | null; failingSince: number },
  parents: readonly string[],
  restarts: readonly OwnRestart[],
): OwnRestart | null {
  if (incident.serviceId === null || incident.partOf !== null) return null;
  const during = ({ startedAt, finishedAt }: OwnRestart): boolean =>
    incident.failingSince >= startedAt && incident.failingSince <= (finishedAt ?? startedAt) + AFTER_RESTART_MS;
  return restarts.find((one) => parents.includes(one.serviceId) && during(one)) ?? null;
}

/** The level after something severe; null: it is as low as that makes it. */
export function fallOf(kind: SevereKind, level: Level): Level | null {
  const to = LOWERS[kind] === 'observe' ? 'observe' : lowerBy(level);
  return to === level ? null : to;
}

/** One step down; at the lowest it stays. */
export const lowerBy = (level: Level): Level => LEVELS[Math.max(0, LEVELS.indexOf(level) - 1)] ?? 'observe';

/** A score of so little, so often in a row, lowers the level by a step. */
export const POOR_SCORE = 2;
export const POOR_IN_ROW = 3;

/** The newest scores that are poor, back to the last that was not. @param runs newest last. */
export function poorRun<T extends { score: number }>(runs: readonly T[]): T[] {
  const last = runs.findLastIndex(({ score }) => score > POOR_SCORE);
  return runs.slice(last + 1);
}
