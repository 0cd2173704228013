import { useMemo, useState } from 'react';
import { holdLayout, type Layout, layoutOf } from '../features/popover/layout.ts';
import { useMirror } from '../mirror.ts';

/** The order of everything in the popover; `version` grows with each change of it. */
export function useHeldLayout(held: boolean): { layout: Layout; version: number } {
  const sessions = useMirror((snapshot) => snapshot.sessions);
  const decisions = useMirror((snapshot) => snapshot.decisions);
  const next = useMemo(() => layoutOf(sessions, decisions), [sessions, decisions]);
  const [shown, setShown] = useState({ layout: next, version: 0 });
  const wanted = held ? holdLayout(shown.layout, next) : same(shown.layout, next) ? shown.layout : next;
  if (wanted === shown.layout) return shown;
  const update = { layout: wanted, version: shown.version + 1 };
  setShown(update);
  return update;
}

/** A figure that changed makes new lists of the same ids: that moves nothing. */
function same(a: Layout, b: Layout): boolean {
  return Object.entries(a).every(([section, ids]) => {
    const others = b[section as keyof Layout];
    return ids.length === others.length && ids.every((id, at) => id === others[at]);
  });
}
