import { type FormEvent, useState } from 'react';
import type { ScorePreview } from '../../../shared/contract/agents.ts';
import { issueWords } from '../../../shared/issue-words.ts';
import { ScoreSettings } from '../../../shared/score-settings.ts';
import { useAct } from '../../hooks/use-act.ts';
import { useAway } from '../../hooks/use-away.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog, DialogActions } from '../../ui/Dialog.tsx';
import { Problem } from '../../ui/Field.tsx';
import { closeDialog, say } from '../../ui.ts';
import { Preview } from './Preview.tsx';
import { RuleFields } from './RuleFields.tsx';
import { draftFrom, problemIn, type Texts, textsOf } from './rules.ts';

/** The rules of the score: changed here, tried on everything that was seen, and set only then. */
export function RulesDialog() {
  const { data, error } = useQuery('agents.settings', {});
  return (
    <Dialog title="Rules of the agent score" onClose={closeDialog}>
      <Problem text={error} />
      {data && <Rules inForce={data} />}
    </Dialog>
  );
}

const same = (a: ScoreSettings | undefined, b: ScoreSettings): boolean => JSON.stringify(a) === JSON.stringify(b);

interface Tried {
  settings: ScoreSettings;
  preview: ScorePreview;
}

function Rules({ inForce }: { inForce: ScoreSettings }) {
  const [texts, setTexts] = useState<Texts>(() => textsOf(inForce));
  const [lastTried, setTried] = useState<Tried | null>(null);
  const preview = useAct('agents.preview');
  const configure = useAct('agents.configure');
  const away = useAway();
  const draft = draftFrom(texts);
  const parsed = ScoreSettings.safeParse(draft, { error: issueWords });
  const wrong = parsed.success ? null : problemIn(parsed.error);
  // What was tried is of those rules only.
  const tried = parsed.success && same(lastTried?.settings, parsed.data) ? lastTried : null;
  const unchanged = parsed.success && same(parsed.data, inForce);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!parsed.success || away) return;
    if (tried === null) {
      const seen = await preview.run({ settings: parsed.data });
      if (seen) setTried({ settings: parsed.data, preview: seen });
    } else if (await configure.run({ settings: tried.settings })) {
      say('These rules hold now.');
      closeDialog();
    }
  };

  return (
    <form onSubmit={(event) => void submit(event)} className="flex flex-col gap-4">
      <p className="text-ink-2">
        All scores are what these rules make of everything that was seen. Nothing changes before you have looked at what
        they would move.
      </p>
      <RuleFields texts={texts} onChange={(key, text) => setTexts((now) => ({ ...now, [key]: text }))} />
      {tried && <Preview preview={tried.preview} />}
      <Problem text={wrong ?? preview.error ?? configure.error} />
      <DialogActions>
        <Button
          type="submit"
          kind="primary"
          busy={preview.busy || configure.busy}
          why={away ?? wrong ?? (unchanged ? 'These are the rules in force.' : null)}
        >
          {tried ? 'Set these rules' : 'Show what would move'}
        </Button>
        <Button onClick={() => setTexts(textsOf(ScoreSettings.parse({})))}>As shipped</Button>
        <Button onClick={closeDialog}>Cancel</Button>
      </DialogActions>
    </form>
  );
}
