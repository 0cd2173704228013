import type { ActionView, TextChange } from '../../../shared/contract/decisions.ts';

/** Unchanged lines that are kept on each side of what changed. */
const AROUND = 2;

export interface ChangeLine {
  /** `gap`: the text says how many unchanged lines are left out, or that another change follows. */
  kind: 'added' | 'removed' | 'context' | 'gap';
  text: string;
}

const linesOf = (text: string): string[] => (text === '' ? [] : text.split('\n'));
const as = (kind: ChangeLine['kind'], texts: readonly string[]): ChangeLine[] => texts.map((text) => ({ kind, text }));
const gap = (lines: number): ChangeLine[] =>
  lines > 0 ? [{ kind: 'gap', text: `${lines} unchanged ${lines === 1 ? 'line' : 'lines'}` }] : [];

/** What one text loses and gains: what both begin and end with is context, the rest removed, then added. */
function linesOfChange({ before, after }: TextChange): ChangeLine[] {
  const [old, fresh] = [linesOf(before ?? ''), linesOf(after)];
  const shorter = Math.min(old.length, fresh.length);
  let head = 0;
  while (head < shorter && old[head] === fresh[head]) head++;
  let tail = 0;
  while (tail < shorter - head && old.at(-1 - tail) === fresh.at(-1 - tail)) tail++;
  const tailFrom = old.length - tail;
  return [
    ...gap(head - AROUND),
    ...as('context', old.slice(Math.max(0, head - AROUND), head)),
    ...as('removed', old.slice(head, tailFrom)),
    ...as('added', fresh.slice(head, fresh.length - tail)),
    ...as('context', old.slice(tailFrom, tailFrom + AROUND)),
    ...gap(tail - AROUND),
  ];
}

/**
 * A file change as its path and added and removed lines. Null where the parts do not make up the exact
 * call (something was cut or hidden differently): then only the call itself may be shown.
 */
export function changeOf({ detail, changes }: ActionView): { path: string; lines: ChangeLine[] } | null {
  if (!changes || changes.length === 0) return null;
  const content = changes.flatMap(({ before, after }) => (before === null ? [after] : [before, after])).join('\n');
  if (!detail.endsWith(`\n${content}`)) return null;
  const path = detail.slice(0, detail.length - content.length - 1);
  const lines = changes.flatMap((change, at): ChangeLine[] => [
    ...(at > 0 ? as('gap', ['and']) : []),
    ...linesOfChange(change),
  ]);
  return { path, lines };
}
