import { useMemo, useState } from 'react';
import { useQuery } from '../../hooks/use-query.ts';
import { useMirror } from '../../mirror.ts';
import { isTexts, recall, remember } from '../../remembered.ts';
import { Finder } from '../../ui/Finder.tsx';
import { closeDialog, toast } from '../../ui.ts';
import { entriesNow, entriesOf, entriesOfSettings } from './entries.ts';
import { type Entry, findEntries, MOST_RECENT } from './find.ts';

const RECENT = 'palette';

/** Every action by its name: typed, chosen, done. */
export function Palette() {
  const now = useMirror((snapshot) => snapshot);
  const commands = useQuery('system.commands', {});
  const settings = useQuery('config.get', {});
  const [text, setText] = useState('');
  const entries = useMemo(
    () => [...entriesNow(now), ...entriesOfSettings(settings.data?.fields ?? []), ...entriesOf(commands.data ?? [])],
    [now, settings.data, commands.data],
  );
  const [recent] = useState(() => recall(RECENT, isTexts, []));
  const found = useMemo(() => findEntries(entries, text, recent), [entries, text, recent]);
  const run = (entry: Entry) => {
    if (entry.why !== null) return toast(entry.why);
    remember(RECENT, [entry.id, ...recent.filter((id) => id !== entry.id)].slice(0, 2 * MOST_RECENT));
    closeDialog();
    // The focus goes back first: what is run may want it elsewhere.
    setTimeout(entry.run);
  };
  return (
    <Finder
      label="Find any action"
      field="Action"
      list="Actions"
      placeholder="What do you want to do?"
      text={text}
      onType={setText}
      found={found}
      onPick={run}
      onClose={closeDialog}
    />
  );
}
