import type { ChannelTest } from '../../../shared/contract/notifications.ts';
import type { FixAct } from '../../../shared/contract/system.ts';
import { useAct } from '../../hooks/use-act.ts';
import { useAway } from '../../hooks/use-away.ts';
import { askPermission, permission } from '../../page-notifications.ts';
import { hashOf } from '../../route.ts';
import { Button } from '../../ui/Button.tsx';
import { Problem } from '../../ui/Field.tsx';
import { openDialog, toast } from '../../ui.ts';
import { PAGE_WORDS } from '../welcome/NotificationStep.tsx';

/** What can be done here about a finding: it opens a place, or does the one thing and looks again. */
export function FixButton({ act: { kind, label, target }, done }: { act: FixAct; done: () => void }) {
  const test = useAct('notifications.test');
  const login = useAct('shell.setLoginItem');
  const away = useAway();
  const run = async () => {
    switch (kind) {
      case 'add-project':
        return openDialog({ kind: 'project' });
      case 'settings':
        window.location.hash = hashOf('settings', target ?? undefined);
        return;
      case 'open':
        if (target !== null) window.location.hash = target;
        return;
      case 'start-at-login':
        if (await login.run({ on: true })) done();
        return;
      case 'test-notifications': {
        if (!window.tenure && permission() === 'default') await askPermission();
        const results = await test.run({});
        if (!results) return;
        toast(testWords(results));
        done();
      }
    }
  };
  return (
    <div className="flex flex-col gap-1">
      <Button className="self-start" why={away} busy={test.busy || login.busy} onClick={() => void run()}>
        {label}
      </Button>
      <Problem text={test.error ?? login.error} />
    </div>
  );
}

/** What became of a test: of every way that is on, and of this page where the browser refuses it. */
function testWords(results: readonly ChannelTest[]): string {
  const on = results.filter(({ outcome }) => outcome !== 'off');
  const told = (on.length > 0 ? on : results).map(({ title, sentence }) => `${title}: ${sentence}`);
  return [...told, ...(!window.tenure && permission() === 'denied' ? [PAGE_WORDS.denied] : [])].join(' ');
}
