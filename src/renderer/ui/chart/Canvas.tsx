import { type Ref, useEffect, useImperativeHandle, useRef } from 'react';
import { createPlot, type Plot, type PlotInput } from './plot.ts';

export interface CanvasHandle {
  setCursor(at: number | null): void;
}

interface CanvasProps extends PlotInput {
  ref: Ref<CanvasHandle>;
}

/** The drawn part of a chart: as wide as its place, repainted when the colours change. */
export function Canvas({ ref, times, series, bands, range, height, onCursor }: CanvasProps) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<Plot>(null);
  useImperativeHandle(ref, () => ({ setCursor: (at) => plot.current?.setCursor(at) }), []);

  useEffect(() => {
    const target = place.current;
    if (!target) return;
    const drawn = createPlot(target, { times, series, bands, range, height, onCursor });
    plot.current = drawn;
    const sizes = new ResizeObserver(([entry]) => entry && drawn.setWidth(entry.contentRect.width));
    sizes.observe(target);
    const schemes = ['(prefers-color-scheme: dark)', '(prefers-contrast: more)'].map((query) => matchMedia(query));
    for (const scheme of schemes) scheme.addEventListener('change', drawn.repaint);
    return () => {
      for (const scheme of schemes) scheme.removeEventListener('change', drawn.repaint);
      sizes.disconnect();
      drawn.destroy();
      plot.current = null;
    };
  }, [times, series, bands, range, height, onCursor]);

  return <div ref={place} aria-hidden="true" className="w-full overflow-hidden" />;
}
