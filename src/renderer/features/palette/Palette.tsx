import { useMemo, useState } from 'react';
import { useQuery } from '../../hooks/use-query.ts';
import { useMirror } from '../../mirror.ts';
import { Finder } from '../../ui/Finder.tsx';
import { closeDialog, toast } from '../../ui.ts';
import { entriesNow, entriesOf, entriesOfSettings } from './entries.ts';
import { type Entry, findEntries } from './find.ts';

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
  const found = useMemo(() => findEntries(entries, text), [entries, text]);
  const run = (entry: Entry) => {
    if (entry.why !== null) return toast(entry.why);
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
