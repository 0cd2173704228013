import { useState } from 'react';
import { useAct } from '../../hooks/use-act.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { Problem } from '../../ui/Field.tsx';
import { ActButton } from '../system/ActButton.tsx';
import { CheckList } from './CheckList.tsx';

const CHECKS = ['Start at login'];

export function LoginStep() {
  const [tries, setTries] = useState(0);
  const { data } = useQuery('shell.state', {}, tries);
  const set = useAct('shell.setLoginItem');
  const state = data?.loginItem.state;
  const change = async (on: boolean) => {
    await set.run({ on });
    setTries(tries + 1);
  };
  return (
    <>
      <CheckList key={tries} only={CHECKS} />
      {state === 'off' && (
        <ActButton className="self-start" busy={set.busy} onClick={() => void change(true)}>
          Start at login
        </ActButton>
      )}
      {(state === 'on' || state === 'approval') && (
        <ActButton kind="quiet" className="-ml-2 self-start" busy={set.busy} onClick={() => void change(false)}>
          Do not start at login
        </ActButton>
      )}
      <Problem text={set.error} />
    </>
  );
}
