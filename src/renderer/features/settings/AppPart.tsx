import { useState } from 'react';
import { useAct } from '../../hooks/use-act.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { Problem } from '../../ui/Field.tsx';
import { Part } from '../../ui/Screen.tsx';
import { ActButton } from '../system/ActButton.tsx';
import { NotificationStep } from '../welcome/NotificationStep.tsx';

/** What the program around the engine does on this machine, and the ways to reach the person, with a test. */
export function AppPart() {
  const [tries, setTries] = useState(0);
  const { data, error } = useQuery('shell.state', {}, tries);
  const login = useAct('shell.setLoginItem');
  const look = useAct('shell.checkForUpdate');
  const install = useAct('shell.installUpdate');
  const after = (work: Promise<unknown>) => void work.then(() => setTries((n) => n + 1));
  return (
    <Part title="On this machine">
      <Problem text={error ?? login.error ?? look.error ?? install.error} />
      {data && (
        <ul className="card divide-y divide-line">
          <Line name="Start at login" sentence={data.loginItem.sentence}>
            {(data.loginItem.state === 'on' || data.loginItem.state === 'off') && (
              <ActButton busy={login.busy} onClick={() => after(login.run({ on: data.loginItem.state === 'off' }))}>
                {data.loginItem.state === 'off' ? 'Start at login' : 'Do not start at login'}
              </ActButton>
            )}
          </Line>
          <Line name="Newer versions" sentence={data.updates.sentence}>
            {data.updates.state === 'waiting' ? (
              <ActButton busy={install.busy} onClick={() => after(install.run({}))}>
                Install
              </ActButton>
            ) : (
              data.updates.state !== 'unsupported' &&
              data.updates.state !== 'off' && (
                <ActButton busy={look.busy} onClick={() => after(look.run({}))}>
                  Look now
                </ActButton>
              )
            )}
          </Line>
          <Line name="Secrets" sentence={data.secrets.sentence} />
          {data.shortcuts.map(({ does, sentence }) => (
            <Line
              key={does}
              name={does === 'open' ? 'Keys that open Tenure' : 'Keys that pause everything'}
              sentence={sentence}
            />
          ))}
        </ul>
      )}
      <h3 className="mt-2 text-ink-2">Notifications</h3>
      <NotificationStep />
    </Part>
  );
}

function Line({ name, sentence, children }: { name: string; sentence: string; children?: React.ReactNode }) {
  return (
    <li className="flex min-h-11.5 items-center gap-3 px-3 py-1.5">
      <div className="min-w-0 flex-1 wrap-anywhere">
        <p className="font-strong">{name}</p>
        <p className="text-ink-2">{sentence}</p>
      </div>
      {children}
    </li>
  );
}
