import { useState } from 'react';
import type { ChannelTest } from '../../../shared/contract/notifications.ts';
import { useAct } from '../../hooks/use-act.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { askPermission, type Permission, permission } from '../../page-notifications.ts';
import { Problem } from '../../ui/Field.tsx';
import { Mark, type MarkShape, type Tone } from '../../ui/Mark.tsx';
import { ActButton } from '../system/ActButton.tsx';

const FACES: Readonly<Record<ChannelTest['outcome'], readonly [MarkShape, Tone]>> = {
  shown: ['dot', 'trust'],
  sent: ['ring', 'trust'],
  silent: ['diamond', 'human'],
  failed: ['square', 'bad'],
  off: ['dash', 'mute'],
};

export const PAGE_WORDS: Readonly<Record<Permission, string>> = {
  granted: 'This page may notify you, in the background too, as long as it is open.',
  denied: 'Your browser keeps this page from notifying you; allow it in the settings of this site.',
  default: 'This page asks for your permission with the test.',
  unsupported: 'This browser has no notifications.',
};

/** A test over every way there is, and what became of it. */
export function NotificationStep() {
  const channels = useQuery('notifications.channels', {});
  const test = useAct('notifications.test');
  const [may, setMay] = useState(permission);
  const [results, setResults] = useState<readonly ChannelTest[] | null>(null);
  const run = async () => {
    if (!window.tenure && may === 'default') setMay(await askPermission());
    setResults(await test.run({}));
  };
  const rows = results ?? [];
  return (
    <>
      {!window.tenure && <p className="text-ink-2">{PAGE_WORDS[may]}</p>}
      {results === null && channels.data && (
        <ul className="card divide-y divide-line">
          {channels.data.map(({ name, title, sentence }) => (
            <li key={name} className="px-3 py-2">
              <p className="font-strong">{title}</p>
              <p className="text-ink-2">{sentence}</p>
            </li>
          ))}
        </ul>
      )}
      {rows.length > 0 && (
        <ul aria-live="polite" className="card divide-y divide-line">
          {rows.map(({ channel, title, outcome, sentence }) => (
            <li key={channel} className="flex items-start gap-3 px-3 py-2">
              <span className="flex h-4.5 items-center">
                <Mark shape={FACES[outcome][0]} tone={FACES[outcome][1]} />
              </span>
              <span className="min-w-0 flex-1">
                <span className="block font-strong">{title}</span>
                <span className="block text-ink-2">{sentence}</span>
              </span>
            </li>
          ))}
        </ul>
      )}
      <Problem text={channels.error ?? test.error} />
      <ActButton className="self-start" busy={test.busy} onClick={() => void run()}>
        {test.busy ? 'Sending…' : results === null ? 'Send a test' : 'Send another'}
      </ActButton>
    </>
  );
}
