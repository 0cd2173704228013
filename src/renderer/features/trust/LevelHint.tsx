import { whyNotRaise } from '../../../shared/ledger-words.ts';
import { LEVEL_WORDS, nextLevel } from '../../../shared/policy.ts';
import { useMirror } from '../../mirror.ts';
import { Button } from '../../ui/Button.tsx';
import { openDialog } from '../../ui.ts';

/** At the two ends of the ladder: how to leave the first by hand, and that the last is the last. */
export function LevelHint() {
  const level = useMirror((snapshot) => snapshot.trust.level);
  const doubted = useMirror((snapshot) => whyNotRaise(snapshot.ledger));
  const hasSessions = useMirror((snapshot) => snapshot.projects.length > 0);
  if (level === 'full') {
    return <p className="text-ink-2">Full is the highest level. You can lower it at any time.</p>;
  }
  const next = nextLevel(level);
  if (level !== 'observe' || !next || !hasSessions) return null;
  const { name, adds } = LEVEL_WORDS[next];
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
      <p className="min-w-48 flex-1 text-ink-2">
        Only you can leave Observe. {name} adds {adds.join(', ')}.
      </p>
      <Button why={doubted} onClick={() => openDialog({ kind: 'level', to: next })}>
        Go to {name}…
      </Button>
    </div>
  );
}
