import { beforeEach, describe, expect, it } from 'vitest';
import { person, type TrustRig, trustRig } from '../../../test/trust-rig.ts';
import { trustEntries } from './recorded.ts';
import { createTrustStorage } from './storage.ts';

let rig: TrustRig;
beforeEach(() => {
  rig = trustRig();
});

describe('the ledger', () => {
  const sortedNames = (value: unknown): unknown =>
    Array.isArray(value)
      ? value.map(sortedNames)
      : value !== null && typeof value === 'object'
        ? Object.fromEntries(
            Object.entries(value)
              .toSorted(([a], [b]) => (a < b ? -1 : 1))
              .map(([name, part]) => [name, sortedNames(part)]),
          )
        : value;
  const events = () => {
    const stored = rig.database.db
      .prepare<[], { kind: string; subject: string; body: string }>(
        "SELECT kind, subject, body FROM ledger_events WHERE kind <> 'ledger.began' ORDER BY seq",
      )
      .all();
    return stored.map(({ kind, subject, body }) => ({ kind, subject, body: JSON.parse(body) }));
  };

  it('holds every write of trust, in the same commit, and none that was rolled back', () => {
    rig.earned();
    const promotion = rig.trust.check();
    rig.trust.approvePromotion({ id: promotion?.id, ...person });
    const id = rig.session('moderate', 2);
    rig.journal.commit((emit) =>
      rig.trust.overrideEvaluation(emit, { sessionId: id, level: 'moderate', score: 5, by: 'me' }),
    );
    expect(() =>
      rig.journal.commit((emit) => {
        rig.trust.creditSession(emit, 'ses_never', 'moderate');
        throw new Error('rolled back');
      }),
    ).toThrow('rolled back');
    const kinds = events().map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === 'trust.credited')).toHaveLength(62);
    expect(kinds.filter((kind) => kind !== 'trust.credited')).toEqual([
      'level.entered',
      'level.entered',
      'promotion.proposed',
      'promotion.closed',
      'level.entered',
      'trust.overridden',
    ]);
    expect(events().at(-1)).toEqual({
      kind: 'trust.overridden',
      subject: id,
      body: { sessionId: id, score: 5, by: 'me', at: rig.clock.now() },
    });
  });

  it('takes over what was written before there was one, as the same events', () => {
    rig.earned();
    rig.trust.check();
    rig.trust.declinePromotion({ ...person, reason: 'Not yet.' });
    rig.session('observe', null);
    const sorted = (all: readonly unknown[]) => all.map((one) => JSON.stringify(one)).sort();
    const taken = trustEntries(createTrustStorage(rig.database.db));
    expect(sorted(taken.map(({ kind, subject, body }) => ({ kind, subject, body: sortedNames(body) })))).toEqual(
      sorted(events()),
    );
  });
});
