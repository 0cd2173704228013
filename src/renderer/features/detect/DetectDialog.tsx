import { useState } from 'react';
import type { Candidate } from '../../../shared/contract/detect.ts';
import { count } from '../../../shared/format.ts';
import { useAct } from '../../hooks/use-act.ts';
import { useAway } from '../../hooks/use-away.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { Button } from '../../ui/Button.tsx';
import { Check } from '../../ui/Check.tsx';
import { Dialog, DialogActions } from '../../ui/Dialog.tsx';
import { Problem } from '../../ui/Field.tsx';
import { say } from '../../ui.ts';

const GROUPS: readonly (readonly [Candidate['found'], string])[] = [
  ['container', 'Containers'],
  ['launchd', 'launchd jobs'],
  ['systemd', 'systemd units'],
  ['port', 'Ports that somebody listens on'],
];

/** What runs on this machine, with check boxes: what is ticked is watched from then on. */
export function DetectDialog({ onClose }: { onClose: () => void }) {
  const { data, error, loading, reload } = useQuery('detect.candidates', {});
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set());
  const add = useAct('services.add');
  const away = useAway();
  const chosen = data?.candidates.filter(({ key, watched }) => ticked.has(key) && !watched) ?? [];

  const toggle = (key: string, on: boolean) => {
    const next = new Set(ticked);
    if (on) next.add(key);
    else next.delete(key);
    setTicked(next);
  };
  const watchAll = async () => {
    let added = 0;
    for (const { draft } of chosen) {
      if (!(await add.run(draft))) break;
      added += 1;
    }
    if (added > 0) say(`${count(added, 'service')} watched from now on.`);
    if (added === chosen.length) onClose();
    else reload();
  };

  return (
    <Dialog title="What runs on this machine" onClose={onClose}>
      <Problem text={error} />
      {!data && loading && <p className="text-ink-2">Looking around…</p>}
      {data?.candidates.length === 0 && <p className="text-ink-2">Nothing was found that could be watched.</p>}
      {data && data.candidates.length > 0 && (
        <div className="flex max-h-96 flex-col gap-3 overflow-y-auto">
          {GROUPS.map(([found, title]) => (
            <Group
              key={found}
              title={title}
              candidates={data.candidates.filter((one) => one.found === found)}
              ticked={ticked}
              toggle={toggle}
            />
          ))}
        </div>
      )}
      {data?.notes.map((note) => (
        <p key={note} className="text-small text-ink-3">
          {note}
        </p>
      ))}
      <Problem text={add.error} />
      <DialogActions>
        <Button
          kind="primary"
          busy={add.busy}
          why={away ?? (chosen.length === 0 ? 'Tick what is to be watched.' : null)}
          onClick={() => void watchAll()}
        >
          {add.busy ? 'Adding…' : chosen.length === 0 ? 'Watch' : `Watch ${count(chosen.length, 'service')}`}
        </Button>
        <Button busy={loading} onClick={reload}>
          Look again
        </Button>
        <Button onClick={onClose}>Close</Button>
      </DialogActions>
    </Dialog>
  );
}

interface GroupProps {
  title: string;
  candidates: readonly Candidate[];
  ticked: ReadonlySet<string>;
  toggle: (key: string, on: boolean) => void;
}

function Group({ title, candidates, ticked, toggle }: GroupProps) {
  if (candidates.length === 0) return null;
  return (
    <fieldset className="flex flex-col gap-1">
      <legend className="mb-1 text-ink-2">{title}</legend>
      {candidates.map(({ key, name, detail, watched }) => (
        <Check
          key={key}
          checked={watched || ticked.has(key)}
          disabled={watched}
          onChange={(on) => toggle(key, on)}
          hint={watched ? `${detail}; watched already` : detail}
        >
          {name}
        </Check>
      ))}
    </fieldset>
  );
}
