import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import type { Level } from '../shared/policy.ts';
import { isTexts, recall, remember } from './remembered.ts';

export type DialogState =
  | { kind: 'keys' }
  | { kind: 'palette' }
  | { kind: 'launch' }
  /** The first steps. */
  | { kind: 'welcome' }
  | { kind: 'stop-all' }
  /** The rules of the agent score. */
  | { kind: 'score-rules' }
  | { kind: 'level'; to: Level }
  /** Declining a promotion. */
  | { kind: 'not-yet'; id: string }
  | { kind: 'report-severe' }
  | { kind: 'rule'; decisionId: string }
  /** Without an id: a new service. */
  | { kind: 'service'; id?: string }
  /** A push URL, shown once. */
  | { kind: 'push-url'; name: string; url: string }
  /** The MCP servers of a project. */
  | { kind: 'mcp'; id: string }
  /** When sessions start by themselves; without an id: of a project still to be chosen. */
  | { kind: 'schedule'; id?: string }
  /** Without an id: a new project. */
  | { kind: 'project'; id?: string; path?: string };

/** What was just done. */
export interface Toast {
  id: number;
  text: string;
  /** Takes it back. */
  undo?: () => void;
}

interface Ui {
  dialog: DialogState | null;
  /** What the launch bar is set to; null: the first project. */
  projectId: string | null;
  /** Said politely to a screen reader; the number makes the same sentence news again. */
  said: { text: string; n: number };
  toasts: readonly Toast[];
  /** What the popover is narrowed to; null: nothing is looked for. */
  filter: string | null;
  /** Names of sections that are folded. */
  folded: readonly string[];
  /** Ended sessions that were looked at and put away; they stay in the history. */
  done: readonly string[];
  /** What is written into the launch bar; the sheet goes on with it. */
  draft: string;
}

const REMEMBERED_PROJECT = 'tenure.project';

/** What is on screen and nowhere else: never a copy of the engine's state. */
export const ui = createStore<Ui>(() => ({
  dialog: null,
  projectId: remembered(),
  said: { text: '', n: 0 },
  toasts: [],
  filter: null,
  folded: recall('folded', isTexts, []),
  done: recall('done', isTexts, []),
  draft: '',
}));

export function useUi<T>(pick: (state: Ui) => T): T {
  return useStore(ui, pick);
}

export function openDialog(dialog: DialogState): void {
  ui.setState({ dialog });
}

export function closeDialog(): void {
  ui.setState({ dialog: null });
}

export function pickProject(projectId: string): void {
  ui.setState({ projectId });
  try {
    localStorage.setItem(REMEMBERED_PROJECT, projectId);
  } catch {
    // A page without storage forgets; nothing else depends on it.
  }
}

export function say(text: string): void {
  ui.setState(({ said }) => ({ said: { text, n: said.n + 1 } }));
}

/** Under which the steps that were gone through are remembered. */
export const WELCOME = 'welcome';

/** Whether the first steps were ever gone through, or put off. */
export const wasWelcomed = (): boolean => recall(WELCOME, isTexts, []).length > 0;

const MOST_TOASTS = 3;
let toasted = 0;

/** Shows and says what was done; with `undo` there is a way back for a few seconds. */
export function toast(text: string, undo?: () => void): void {
  toasted += 1;
  const made: Toast = { id: toasted, text, ...(undo && { undo }) };
  ui.setState(({ toasts }) => ({ toasts: [...toasts, made].slice(-MOST_TOASTS) }));
}

/** Puts a text on the clipboard and says so, or what to do instead. @param what `The path` */
export async function copyText(text: string, what: string): Promise<void> {
  await navigator.clipboard.writeText(text).then(
    () => toast(`${what} was copied.`),
    () => toast('This page may not write to the clipboard: select the text and copy it.'),
  );
}

export function dropToast(id: number): void {
  ui.setState(({ toasts }) => ({ toasts: toasts.filter((one) => one.id !== id) }));
}

/** Takes back what was done last. @returns whether there was anything. */
export function undoNewest(): boolean {
  const newest = ui.getState().toasts.findLast((one) => one.undo);
  if (!newest) return false;
  newest.undo?.();
  dropToast(newest.id);
  return true;
}

export function fold(name: string, on: boolean): void {
  const folded = [...ui.getState().folded.filter((one) => one !== name), ...(on ? [name] : [])];
  ui.setState({ folded });
  remember('folded', folded);
}

export function setFilter(filter: string | null): void {
  ui.setState({ filter });
}

export function setDraft(draft: string): void {
  ui.setState({ draft });
}

/** Only so many are remembered; what is older has left the popover by itself. */
const MOST_DONE = 500;

/** Puts ended sessions away, with a way back. */
export function putAway(ids: readonly string[], what: string): void {
  const before = ui.getState().done;
  const keep = (done: readonly string[]) => {
    ui.setState({ done });
    remember('done', done);
  };
  keep([...before, ...ids].slice(-MOST_DONE));
  toast(`Done: ${what}.`, () => keep(ui.getState().done.filter((id) => !ids.includes(id) || before.includes(id))));
}

function remembered(): string | null {
  try {
    return localStorage.getItem(REMEMBERED_PROJECT);
  } catch {
    return null;
  }
}
