import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import type { Level } from '../shared/policy.ts';

export type DialogState =
  | { kind: 'keys' }
  | { kind: 'stop-all' }
  | { kind: 'level'; to: Level }
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

interface Ui {
  dialog: DialogState | null;
  /** What the launch bar is set to; null: the first project. */
  projectId: string | null;
  /** Said politely to a screen reader; the number makes the same sentence news again. */
  said: { text: string; n: number };
}

const REMEMBERED_PROJECT = 'tenure.project';

/** What is on screen and nowhere else: never a copy of the engine's state. */
export const ui = createStore<Ui>(() => ({
  dialog: null,
  projectId: remembered(),
  said: { text: '', n: 0 },
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

function remembered(): string | null {
  try {
    return localStorage.getItem(REMEMBERED_PROJECT);
  } catch {
    return null;
  }
}
