import type { Check } from '../../../shared/contract/check.ts';
import type { Service } from '../../../shared/contract/services.ts';
import type { MarkShape, Tone } from '../../ui/Mark.tsx';

/** A service's state by shape and colour; the word stands beside it. */
export function faceOf({ state, pending }: Pick<Service, 'state' | 'pending'>): readonly [MarkShape, Tone] {
  switch (state) {
    case 'up':
      return ['dot', 'trust'];
    case 'pending':
      return pending?.toward === 'up' ? ['ring', 'trust'] : ['diamond', 'human'];
    case 'down':
      return ['square', 'bad'];
    case 'paused':
      return ['dash', 'mute'];
    case 'unknown':
      return ['ring', 'mute'];
  }
}

/** How urgent: what is down first, what is paused last. */
const ORDER: Readonly<Record<Service['state'], number>> = { down: 0, pending: 1, unknown: 2, up: 3, paused: 4 };

/** The most urgent first, then by group and name. */
export function inOrder(services: readonly Service[]): Service[] {
  const rank = ({ state, confirmed }: Service): number =>
    confirmed === 'down' && state !== 'paused' ? 0 : ORDER[state];
  return services.toSorted(
    (a, b) => rank(a) - rank(b) || a.group.localeCompare(b.group) || a.name.localeCompare(b.name),
  );
}

/** Colours of single checks in bars; height tells failed ones apart without colour. */
export const BAR_TONES: Readonly<Record<'good' | 'failed' | 'unknown', string>> = {
  good: 'fill-trust',
  failed: 'fill-bad',
  unknown: 'fill-ink-3',
};

export const barOf = ({ ok }: Pick<Check, 'ok'>): keyof typeof BAR_TONES =>
  ok === null ? 'unknown' : ok ? 'good' : 'failed';
