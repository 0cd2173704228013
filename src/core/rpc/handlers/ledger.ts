import type { ledgerMethods } from '../../../shared/contract/ledger.ts';
import type { LedgerChapter } from '../../engine/ledger.ts';
import type { Handlers } from '../dispatch.ts';

const PAGE = 1_000;

/** The ledger of trust: what is known of it, what it holds, and a person's word when it is broken. */
export function ledgerHandlers({
  keeper,
  rows,
  checkpoints,
}: LedgerChapter): Pick<Handlers, keyof typeof ledgerMethods> {
  return {
    'ledger.get': () => keeper.state(),
    'ledger.verify': ({ full }) => keeper.verify(full ?? false),
    'ledger.events': ({ after, limit }) => rows(after ?? 0, limit ?? PAGE),
    'ledger.checkpoints': () => checkpoints(),
    'ledger.acknowledge': ({ reason, tables }, caller) => keeper.acknowledge({ by: caller.name, reason, tables }),
  };
}
