import type { Shell } from '../../engine/shell.ts';
import type { Handlers } from '../dispatch.ts';

type ShellMethod = Extract<keyof Handlers, `shell.${string}` | `notifications.${string}` | 'daily.get'>;

export function shellHandlers(shell: Shell): Pick<Handlers, ShellMethod> {
  return {
    'shell.state': () => shell.state(),
    'shell.setLoginItem': ({ on }) => shell.setLoginItem(on),
    'shell.checkForUpdate': () => shell.checkForUpdate(),
    'shell.installUpdate': () => shell.installUpdate(),
    'daily.get': () => shell.daily.get(),
    'notifications.waiting': () => shell.waiting(),
    'notifications.channels': () => shell.notify.channels(),
    'notifications.test': () => shell.notify.test(),
  };
}
