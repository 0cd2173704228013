import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, type Ref, useEffect, useImperativeHandle, useLayoutEffect, useRef, useState } from 'react';

/** Within so many pixels of the end one is at the end. */
const AT_END = 32;

export interface ListHandle {
  /** Brings an item into sight, in the middle unless told otherwise, and the focus to it when asked. */
  show(index: number, focus?: boolean, align?: 'start' | 'center'): void;
  toEnd(): void;
}

interface VirtualListProps {
  label: string;
  count: number;
  /** Pixels that an item is high until it has been measured. */
  estimate: (index: number) => number;
  children: (index: number) => ReactNode;
  /** Stands at the end, and stays there while items are added, unless the person scrolled away. */
  follows?: boolean;
  /** Which items are on screen, whenever that changes; and whether that is the end. */
  onRange?: (first: number, last: number, atEnd: boolean) => void;
  /** As wide as this at least, so that it scrolls sideways. */
  minWidth?: string | null;
  className?: string;
  ref?: Ref<ListHandle>;
}

/** Where the list would be scrolled to with the marked words of that item in its middle; null: there are none. */
function offsetOfMark(box: HTMLElement | null, index: number): number | null {
  const mark = box?.querySelector(`[data-index="${index}"] mark`)?.getBoundingClientRect();
  if (!box || !mark) return null;
  return box.scrollTop + mark.top - box.getBoundingClientRect().top - (box.clientHeight - mark.height) / 2;
}

/** A list of any length of which only what is seen is on the page. The items measure themselves. */
export function VirtualList(props: VirtualListProps) {
  const { label, count, estimate, children, follows = false, onRange, minWidth = null, className = '', ref } = props;
  const box = useRef<HTMLDivElement>(null);
  // oxlint-disable-next-line react/incompatible-library -- nothing here is memoised by a compiler.
  const list = useVirtualizer({
    count,
    getScrollElement: () => box.current,
    estimateSize: estimate,
    overscan: 8,
    useFlushSync: false,
    scrollEndThreshold: AT_END,
    ...(follows && { anchorTo: 'end' as const, followOnAppend: true }),
  });
  const items = list.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? 0;
  const atEnd = list.isAtEnd(AT_END);
  const [wanted, setWanted] = useState<number | null>(null);
  /** The row to be shown, for as long as the person has not scrolled since. */
  const [aim, setAim] = useState<{ index: number; align: 'start' | 'center' } | null>(null);
  const aimed = aim && items.find(({ index }) => index === aim.index);
  const [top, size] = [aimed?.start ?? null, aimed?.size ?? null];

  useImperativeHandle(ref, () => ({
    show(index, focus = false, align = 'center') {
      setAim({ index, align });
      list.scrollToIndex(index, { align });
      if (focus) setWanted(index);
    },
    toEnd: () => {
      setAim(null);
      list.scrollToEnd();
    },
  }));

  useEffect(() => {
    // Rows around it have come since and are higher than was thought: it stays where it was to be shown.
    if (aim === null || top === null || size === null) return;
    // Of what is higher than the list, the place that is marked: the middle might show neither it nor the beginning.
    const offset = size > (box.current?.clientHeight ?? size) ? offsetOfMark(box.current, aim.index) : null;
    if (offset === null) list.scrollToIndex(aim.index, { align: aim.align });
    else list.scrollToOffset(offset);
  }, [list, aim, top, size]);

  useEffect(() => {
    const forget = (): void => setAim(null);
    const element = box.current;
    const ways = ['wheel', 'touchmove', 'pointerdown', 'keydown'] as const;
    for (const way of ways) element?.addEventListener(way, forget, { passive: true });
    return () => {
      for (const way of ways) element?.removeEventListener(way, forget);
    };
  }, []);

  useLayoutEffect(() => {
    if (follows) list.scrollToEnd();
    // Only at first: afterwards the list itself stays at its end.
  }, [follows, list]);

  useEffect(() => onRange?.(first, last, atEnd), [first, last, atEnd, onRange]);

  useEffect(() => {
    if (wanted === null) return;
    const item = box.current?.querySelector<HTMLElement>(`[data-index="${wanted}"]`);
    if (!item) return;
    setWanted(null);
    item.querySelector<HTMLElement>('button, a, [tabindex]')?.focus({ preventScroll: true });
  }, [wanted, first, last]);

  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for controls, this is read.
    <div ref={box} role="group" aria-label={label} tabIndex={0} className={`virtual ${className}`}>
      <ol style={{ height: list.getTotalSize(), ...(minWidth !== null && { minWidth }) }}>
        {items.map(({ index, key, start }) => (
          <li
            key={key}
            ref={list.measureElement}
            data-index={index}
            data-item
            aria-setsize={count}
            aria-posinset={index + 1}
            style={{ transform: `translateY(${start}px)` }}
          >
            {children(index)}
          </li>
        ))}
      </ol>
    </div>
  );
}
