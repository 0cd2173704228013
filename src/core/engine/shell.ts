import { asksBeyond, asksOf, placeOf } from '../../shared/asks.ts';
import type { Waiting } from '../../shared/contract/notifications.ts';
import type { LoginItem, ShellState } from '../../shared/contract/shell.ts';
import type { Finding, Snapshot } from '../../shared/contract/system.ts';
import { TenureError } from '../../shared/errors.ts';
import { runningOf } from '../../shared/running.ts';
import { isFailing } from '../../shared/service-words.ts';
import { waitsOf } from '../../shared/waits.ts';
import { localZone } from '../adapters/cron.ts';
import { createDaily } from '../daily/service.ts';
import { createDailyStorage } from '../daily/storage.ts';
import { quietEnds } from '../decisions/quiet.ts';
import type { Journal } from '../kernel/journal.ts';
import type { ShellPort } from '../kernel/shell-ports.ts';
import { createOtherChannel } from '../notify/other-channel.ts';
import { createPageChannel } from '../notify/page-channel.ts';
import { createNotify } from '../notify/service.ts';
import { createNotifyStorage } from '../notify/storage.ts';
import { atMostEvery } from '../system/heartbeat.ts';
import type { EngineOptions } from './options.ts';

const MINUTE_MS = 60_000;

interface ShellChapterOptions extends Pick<EngineOptions, 'db' | 'config' | 'ports' | 'paths' | 'vault'> {
  journal: Journal;
  snapshot(): Snapshot;
}

const HEADLESS_LOGIN: LoginItem = {
  state: 'unsupported',
  sentence: 'Tenure runs without its app here: "tenure service install" starts it at login.',
};

/** Of the headless engine: what only the app can do. */
const HEADLESS: ShellPort = {
  loginItem: () => HEADLESS_LOGIN,
  setLoginItem() {
    throw new TenureError('refused', HEADLESS_LOGIN.sentence);
  },
  shortcuts: () => [],
  updates: () => ({
    state: 'unsupported',
    version: null,
    sentence: 'Tenure runs from a checkout here: "git pull" and "npm ci" bring a newer version.',
  }),
  checkForUpdate: () => Promise.resolve(HEADLESS.updates()),
  installUpdate() {
    throw new TenureError('refused', HEADLESS.updates().sentence);
  },
};

export type Shell = ReturnType<typeof createShellChapter>;

/** What surrounds the engine on this machine: the ways to reach the person, start at login, updates, secrets. */
export function createShellChapter(options: ShellChapterOptions) {
  const { db, config, ports, paths, vault, journal, snapshot } = options;
  const { clock, cron } = ports;
  const settings = config.current;
  const zone = (): string => settings().timezone ?? localZone();
  const quiet = (): number | null => quietEnds(settings().decisions.quietHours, cron.next, zone(), clock.now());
  let port = HEADLESS;

  const storage = createNotifyStorage(db);
  const notify = createNotify({
    journal,
    storage,
    quietEnds: quiet,
    settings: () => settings().notifications,
  });
  const daily = createDaily({
    journal,
    clock,
    next: cron.next,
    storage: createDailyStorage(db),
    hour: () => settings().notifications.daily,
    timezone: zone,
    quietEnds: quiet,
    standing() {
      const now = snapshot();
      const down = now.services.filter((service) => isFailing(service) && !service.inMaintenance);
      return { working: runningOf(now), waits: waitsOf(now), down: down.map(({ name }) => name) };
    },
  });
  notify.register(createPageChannel({ journal, isOn: () => settings().notifications.browser }));
  const other = createOtherChannel({
    clock,
    journal,
    storage,
    fetcher: ports.fetcher,
    target: () => settings().notifications.other,
  });
  notify.register(other.channel);

  function secretsCheck(): Finding {
    const { state, sentence } = vault;
    const weak = `Keep ${paths.home} out of what others can read, copies and backups too.`;
    const word = ({ keychain: 'ok', file: 'warning', locked: 'failing' } as const)[state];
    return { name: 'Secrets', state: word, detail: sentence, fix: state === 'file' ? weak : null };
  }
  function channelsCheck(): Finding {
    const failing = notify.channels().filter(({ state }) => state === 'failing');
    const detail = notify
      .channels()
      .map(({ title, sentence }) => `${title}: ${sentence}`)
      .join(' ');
    const fixes = failing.map(({ name }) =>
      name === other.channel.name
        ? 'Look at the address in the settings (notifications.other), then send a test.'
        : 'Allow Tenure in System Settings, Notifications, then send a test.',
    );
    const fix = fixes.length > 0 ? [...new Set(fixes)].join(' ') : null;
    const act = { kind: 'test-notifications', label: 'Send a test', target: null } as const;
    return { name: 'Notifications', state: failing.length > 0 ? 'warning' : 'ok', detail, fix, act };
  }

  const tellDay = atMostEvery(clock, MINUTE_MS, daily.tick);

  return {
    notify,
    daily,
    /** At each beat: the day's digest first, so that what tells has it to tell. */
    tick(): void {
      tellDay();
      notify.tick();
      const { other: target, private: isPrivate } = settings().notifications;
      if (target !== null) void other.follow(asksBeyond(snapshot(), isPrivate));
    },
    /** For the app around the engine. */
    doors: {
      register: notify.register,
      attach(shell: ShellPort): void {
        port = shell;
      },
    },
    /** For pages: nothing where the person has switched them off. */
    waiting(): Waiting[] {
      const { browser, private: isPrivate } = settings().notifications;
      const asks = browser ? asksOf(snapshot(), isPrivate) : [];
      return asks.map((ask) => ({ id: ask.id, title: ask.title, body: ask.body, loud: ask.loud, place: placeOf(ask) }));
    },
    state: (): ShellState => ({
      loginItem: port.loginItem(),
      shortcuts: port.shortcuts(),
      updates: port.updates(),
      secrets: { state: vault.state, sentence: vault.sentence },
    }),
    setLoginItem: (on: boolean): LoginItem => port.setLoginItem(on),
    checkForUpdate: () => port.checkForUpdate(),
    installUpdate: () => port.installUpdate(),
    checks: { Secrets: secretsCheck, Notifications: channelsCheck },
  };
}
