import type { Snapshot } from '../../../shared/contract/system.ts';
import { brief } from '../../../shared/words.ts';
import { ACTIONS, whyNotNow } from '../../actions.ts';
import { call, sentenceOf } from '../../api.ts';
import { whyAway } from '../../hooks/use-away.ts';
import { hashOf, openWindow, type WindowScreen } from '../../route.ts';
import { openDialog, pickProject, toast } from '../../ui.ts';
import { openTerminal } from '../sessions/open-terminal.ts';
import type { Entry } from './find.ts';

const none = { keys: [], also: '', why: null } as const;

/** Where the acts of a part of the contract are done, when they need to be told on what. */
const PLACES: Readonly<Record<string, WindowScreen>> = {
  sessions: 'sessions',
  comments: 'sessions',
  work: 'sessions',
  worktrees: 'sessions',
  followOn: 'projects',
  projects: 'projects',
  mcp: 'projects',
  decisions: 'decisions',
  policy: 'settings',
  rules: 'settings',
  trust: 'trust',
  ledger: 'trust',
  alerts: 'trust',
  evaluations: 'sessions',
  services: 'services',
  incidents: 'services',
  detect: 'services',
  restarts: 'services',
  usage: 'usage',
  models: 'usage',
  telemetry: 'usage',
  revenue: 'revenue',
  resources: 'health',
  notifications: 'health',
  schedule: 'schedule',
  config: 'settings',
};

/** The screen on which a method of the contract is called; what nobody placed is a setting. */
export const placeOf = (method: string): WindowScreen => PLACES[method.split('.')[0] ?? ''] ?? 'settings';

/** Of the questions so many are offered before anything is typed. */
const FIRST_ANSWERS = 3;

/** What can be done with what is there now. */
export function entriesNow(now: Snapshot): Entry[] {
  const away = whyAway();
  return [
    ...now.decisions
      .filter(({ state }) => state === 'pending')
      .map((decision, n) => ({
        ...none,
        many: n >= FIRST_ANSWERS,
        id: decision.id,
        name: `Answer ${decision.project}: ${brief(decision.action)}`,
        group: 'Answer',
        also: 'approve deny decision',
        run: () => openWindow(hashOf('decisions')),
      })),
    ...ACTIONS.filter(({ onlyKeys }) => !onlyKeys).map((action) => ({
      ...none,
      ...action,
      why: whyNotNow(action, now),
    })),
    ...now.projects.map(({ id, name, problem }) => ({
      ...none,
      id: `launch-${id}`,
      name: `Launch on ${name}…`,
      group: 'Projects',
      why: away ?? problem,
      run() {
        pickProject(id);
        openDialog({ kind: 'launch' });
      },
    })),
    ...now.projects.map(({ id, name }) => ({
      ...none,
      id: `edit-${id}`,
      name: `Edit ${name}…`,
      group: 'Projects',
      also: 'schedule ceiling model verify',
      why: away,
      many: true,
      run: () => openDialog({ kind: 'project', id }),
    })),
    ...now.sessions
      .filter(({ state }) => state !== 'ended')
      .map((session) => ({
        ...none,
        id: `stop-${session.id}`,
        why: away,
        many: true,
        name: `Stop ${session.project}: ${session.activity ?? session.prompt.slice(0, 60)}`,
        group: 'Sessions',
        run: () => void stop(session.id, session.project),
      })),
    ...now.sessions.map((session) => ({
      ...none,
      many: true,
      id: `open-${session.id}`,
      name: `Open ${session.project}: ${session.prompt.split('\n', 1)[0]?.slice(0, 80) ?? ''}`,
      group: 'Sessions',
      run: () => openWindow(hashOf('sessions', session.id)),
    })),
    ...now.sessions
      .filter(({ worktree }) => worktree !== null)
      .map((session) => ({
        ...none,
        many: true,
        id: `terminal-${session.id}`,
        name: `Open ${session.project} in a terminal: ${session.prompt.split('\n', 1)[0]?.slice(0, 80) ?? ''}`,
        group: 'Sessions',
        also: 'shell work tree',
        run: () => void openTerminal(session),
      })),
    ...now.services.map(({ id, name }) => ({
      ...none,
      many: true,
      id: `service-${id}`,
      name: `Open service ${name}`,
      group: 'Services',
      run: () => openWindow(hashOf('services', id)),
    })),
  ];
}

/** The rest of the contract: everything that acts, by its own sentence, at the place where it is done. */
export function entriesOf(commands: readonly { name: string; summary: string }[]): Entry[] {
  return commands.map(({ name, summary }) => ({
    ...none,
    many: true,
    id: `method-${name}`,
    name: summary.replace(/\.$/, ''),
    group: 'Everything',
    also: name,
    run: () => openWindow(hashOf(placeOf(name))),
  }));
}

/** Each setting by its name. */
export function entriesOfSettings(fields: readonly { key: string; label: string; group: string }[]): Entry[] {
  return fields.map(({ key, label, group }) => ({
    ...none,
    many: true,
    id: `setting-${key}`,
    name: `${group}: ${label}`,
    group: 'Settings',
    also: key,
    run: () => openWindow(hashOf('settings', key)),
  }));
}

async function stop(id: string, project: string): Promise<void> {
  try {
    const report = await call('sessions.stop', { id });
    toast(
      report.stopped
        ? `${project} has stopped.`
        : `${project} did not stop; still alive: pid ${report.stillAlive.join(', ')}.`,
    );
  } catch (error) {
    toast(sentenceOf(error));
  }
}
