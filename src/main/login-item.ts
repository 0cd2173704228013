import { app } from 'electron';
import type { LoginItem } from '../shared/contract/shell.ts';
import { TenureError } from '../shared/errors.ts';

/** Whether Tenure starts at login, as the system has it: there is no copy of it in the settings. */
export function createLoginItem(platform: NodeJS.Platform): { get(): LoginItem; set(on: boolean): LoginItem } {
  function get(): LoginItem {
    if (platform !== 'darwin') {
      const sentence = 'This desktop has no login items; "tenure service install" starts the engine at login.';
      return { state: 'unsupported', sentence };
    }
    if (!app.isPackaged) {
      return {
        state: 'unsupported',
        sentence: 'Only the packed app can start at login; this one runs from a checkout.',
      };
    }
    const { status } = app.getLoginItemSettings({ type: 'mainAppService' });
    switch (status) {
      case 'enabled':
        return { state: 'on', sentence: 'Tenure starts when you log in.' };
      case 'requires-approval':
        return {
          state: 'approval',
          sentence: 'macOS waits for you: allow Tenure in System Settings, General, Login Items.',
        };
      case 'not-registered':
      case 'not-found':
        return { state: 'off', sentence: 'Tenure does not start when you log in.' };
    }
  }

  return {
    get,
    set(on) {
      const now = get();
      if (now.state === 'unsupported') throw new TenureError('refused', now.sentence);
      app.setLoginItemSettings({ openAtLogin: on, type: 'mainAppService' });
      const then = get();
      const asked = on ? then.state !== 'off' : then.state === 'off';
      if (asked) return then;
      throw new TenureError(
        'refused',
        `macOS did not take it: ${then.sentence} Change it in System Settings, Login Items.`,
      );
    },
  };
}
