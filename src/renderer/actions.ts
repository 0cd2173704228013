import { whyNotLevel } from '../shared/can.ts';
import type { Snapshot } from '../shared/contract/system.ts';
import { LEVEL_WORDS, LEVELS } from '../shared/policy.ts';
import { call, sentenceOf } from './api.ts';
import { whyAway } from './hooks/use-away.ts';
import { mirror } from './mirror.ts';
import { hashOf, openWindow, routeOf, SCREEN_NAMES, WINDOW_SCREENS, type WindowScreen } from './route.ts';
import { moveFocus } from './ui/keyboard.ts';
import { openDialog, setFilter, toast, undoNewest } from './ui.ts';

export const GROUPS = ['Answer', 'Sessions', 'Projects', 'Level', 'Go to', 'Lists', 'Tenure'] as const;
export type Group = (typeof GROUPS)[number];

/** Something that a person can do, from a key, the palette or a button: named, said and done in one place. */
export interface Action {
  id: string;
  name: string;
  group: Group;
  /** `mod+k`, `?`, `g s` (one after the other); all of them work. */
  keys?: readonly string[];
  /** Other words for it. */
  also?: string;
  /** It asks the engine for something, or begins what will. */
  acts?: boolean;
  /** The sentence why not now; null when it can be done. */
  why?: (now: Snapshot) => string | null;
  /** A key alone, and nothing to look for. */
  onlyKeys?: boolean;
  run: () => void;
}

const GO_KEYS: Readonly<Record<WindowScreen, string>> = {
  sessions: 's',
  decisions: 'd',
  trust: 't',
  agents: 'e',
  services: 'v',
  projects: 'p',
  usage: 'u',
  revenue: 'r',
  activity: 'a',
  schedule: 'c',
  health: 'h',
  settings: ',',
};

/** The sentence why it cannot be done now; null when it can. */
export const whyNotNow = ({ acts, why }: Pick<Action, 'acts' | 'why'>, now: Snapshot): string | null =>
  (acts ? whyAway() : null) ?? why?.(now) ?? null;

/** Does it, and says so or why not; with a way back where there is one. */
async function perform(work: () => Promise<unknown>, done: string, undo?: () => void): Promise<void> {
  try {
    await work();
    toast(done, undo);
  } catch (error) {
    toast(sentenceOf(error));
  }
}

/** Pauses or lets go on, with the way back. */
export function setPaused(paused: boolean): Promise<void> {
  const done = paused ? 'Paused: nothing new starts.' : 'Sessions start again.';
  return perform(
    () => call('sessions.pauseAll', { paused }),
    done,
    () => void setPaused(!paused),
  );
}

/** Notifications and the menubar name nothing, or say what they are about again; with the way back. */
export function setPrivate(on: boolean): Promise<void> {
  return perform(
    () => call('config.set', { changes: [{ key: 'notifications.private', value: on }] }),
    on ? 'Private: notifications and the menubar name nothing.' : 'Notifications say what they are about again.',
    () => void setPrivate(!on),
  );
}

function lookFor(): void {
  const field = document.querySelector<HTMLInputElement>('main input[type=search]');
  if (field) field.focus();
  else if (routeOf(window.location.hash).view === 'popover') setFilter('');
  else toast('There is no list to narrow here.');
}

const BASIC: readonly Action[] = [
  {
    id: 'launch',
    acts: true,
    name: 'Launch a session…',
    group: 'Sessions',
    keys: ['l'],
    also: 'start run new model budget ceiling time box template',
    run: () => openDialog({ kind: 'launch' }),
  },
  {
    id: 'prompt',
    name: 'Write a prompt',
    group: 'Sessions',
    keys: ['n'],
    run() {
      const field = document.querySelector<HTMLElement>('[data-prompt]');
      if (field) field.focus();
      else openDialog({ kind: 'launch' });
    },
  },
  {
    id: 'pause',
    acts: true,
    name: 'Pause all',
    group: 'Sessions',
    keys: ['shift+p'],
    also: 'freeze hold',
    why: ({ paused }) => (paused ? 'Everything is paused already.' : null),
    run: () => void setPaused(true),
  },
  {
    id: 'resume',
    acts: true,
    name: 'Resume all',
    group: 'Sessions',
    also: 'continue go on',
    why: ({ paused }) => (paused ? null : 'Nothing is paused.'),
    run: () => void setPaused(false),
  },
  {
    id: 'stop-all',
    acts: true,
    name: 'Stop all…',
    group: 'Sessions',
    keys: ['shift+s'],
    why: ({ sessions }) =>
      sessions.some(({ state }) => state !== 'ended') ? null : 'No session is queued, parked or running.',
    run: () => openDialog({ kind: 'stop-all' }),
  },
  {
    id: 'add-project',
    acts: true,
    name: 'Add a project…',
    group: 'Projects',
    also: 'repository folder',
    run: () => openDialog({ kind: 'project' }),
  },
  { id: 'filter', name: 'Narrow the list', group: 'Lists', keys: ['/'], also: 'filter search find', run: lookFor },
  {
    id: 'next',
    name: 'Next card or row',
    group: 'Lists',
    keys: ['ArrowDown', 'j'],
    onlyKeys: true,
    run: () => moveFocus('next'),
  },
  {
    id: 'previous',
    name: 'Previous card or row',
    group: 'Lists',
    keys: ['ArrowUp', 'k'],
    onlyKeys: true,
    run: () => moveFocus('previous'),
  },
  { id: 'first', name: 'First', group: 'Lists', keys: ['Home'], onlyKeys: true, run: () => moveFocus('first') },
  { id: 'last', name: 'Last', group: 'Lists', keys: ['End'], onlyKeys: true, run: () => moveFocus('last') },
  {
    id: 'undo',
    name: 'Undo what was just done',
    group: 'Lists',
    keys: ['mod+z'],
    run: () => void (undoNewest() || toast('There is nothing to undo.')),
  },
  {
    id: 'palette',
    name: 'Find any action',
    group: 'Tenure',
    keys: ['mod+k'],
    onlyKeys: true,
    run: () => openDialog({ kind: 'palette' }),
  },
  {
    id: 'private',
    acts: true,
    name: 'Private mode, on or off',
    group: 'Tenure',
    keys: ['shift+v'],
    also: 'hide screen sharing veil notifications menubar',
    run: () => void setPrivate(!mirror.getState().snapshot?.engine.private),
  },
  {
    id: 'welcome',
    name: 'First steps',
    group: 'Tenure',
    also: 'onboarding set up welcome',
    run: () => openDialog({ kind: 'welcome' }),
  },
  {
    id: 'keys',
    name: 'List of keys',
    group: 'Tenure',
    keys: ['?'],
    also: 'shortcuts help',
    run: () => openDialog({ kind: 'keys' }),
  },
];

const GO: readonly Action[] = WINDOW_SCREENS.map((screen) => ({
  id: `go-${screen}`,
  name: SCREEN_NAMES[screen],
  group: 'Go to',
  keys: screen === 'settings' ? ['mod+,', 'g ,'] : [`g ${GO_KEYS[screen]}`],
  run: () => openWindow(hashOf(screen)),
}));

const LEVEL: readonly Action[] = LEVELS.map((level) => ({
  id: `level-${level}`,
  name: `Set the level to ${LEVEL_WORDS[level].name}…`,
  group: 'Level',
  also: 'autonomy raise lower promote demote',
  acts: true,
  why: ({ trust }) => whyNotLevel(trust.level, level),
  run: () => openDialog({ kind: 'level', to: level }),
}));

/** Everything that is there whatever happens; what keys do is read here and nowhere else. */
export const ACTIONS: readonly Action[] = [...BASIC, ...GO, ...LEVEL];

/** What the parts of a screen do with keys while they have the focus. */
export const PART_KEYS: readonly (readonly [keys: readonly string[], what: string])[] = [
  [['mod+Enter'], 'approve the focused card (a critical one shows its second step)'],
  [['mod+Backspace'], 'deny it, with a reason'],
  [['1–9'], 'choose an answer to the focused question of an agent'],
  [['Enter'], 'open the focused card or row'],
  [['mod+Enter'], 'open the work of the focused session in a terminal; so does a click with it'],
  [['e'], 'done with the focused ended session'],
  [['h'], 'snooze the focused question (15 minutes) or silent session (10 minutes)'],
  [['mod+z'], 'take an answer back, while the agent has not got it'],
  [['mod+Enter'], 'launch or send what is written'],
  [['1', '2', '3'], 'into the tabs of a session'],
  [['/', 'n', 'shift+n'], 'search a transcript, next and previous match'],
  [['j', 'k', 'n', 'p'], 'in changes: next and previous file, next and previous hunk'],
  [['c', 'shift+c'], 'in changes: comment on the focused line, or on all lines down to it'],
  [['w', 'r'], 'in changes: wrap long lines, look again'],
  [['ArrowLeft', 'ArrowRight'], 'read a chart or the checks of a service one by one'],
  [['mod+v'], 'where nothing is written: add the folder that was copied, or its path'],
  [['F6'], 'go to what was just done'],
  [['Escape'], 'go back, close, hide'],
];
