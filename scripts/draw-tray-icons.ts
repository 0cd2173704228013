import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TrayShape } from '../src/main/tray-face.ts';
import { png } from './png.ts';

/**
 * Draws the menubar icons: the four-step ladder, its state told by shape alone. macOS tints template
 * images itself, so they are black and alpha. `node scripts/draw-tray-icons.ts` writes them anew.
 */

/** Is this point of the 16 × 16 grid inked? */
type Shape = (x: number, y: number) => boolean;

const SIDE = 16;
/** Samples per pixel and axis; the share of inked ones is the pixel's alpha. */
const SAMPLES = 8;

const box =
  (left: number, top: number, right: number, bottom: number, radius = 0): Shape =>
  (x, y) => {
    const dx = Math.max(left + radius - x, x - (right - radius), 0);
    const dy = Math.max(top + radius - y, y - (bottom - radius), 0);
    return radius === 0
      ? x >= left && x < right && y >= top && y < bottom
      : x >= left && x < right && y >= top && y < bottom && Math.hypot(dx, dy) <= radius;
  };

const any =
  (...shapes: Shape[]): Shape =>
  (x, y) =>
    shapes.some((shape) => shape(x, y));

const without =
  (shape: Shape, hole: Shape): Shape =>
  (x, y) =>
    shape(x, y) && !hole(x, y);

/** A band of the given width along the falling diagonal. */
const slash =
  (width: number): Shape =>
  (x, y) =>
    Math.abs(x - y) / Math.SQRT2 <= width / 2 && x >= 0.5 && x <= 15.5;

const step = (index: number, height: number): Shape => box(index * 4, 15 - height, index * 4 + 3, 15, 0.75);
const upperSteps = any(step(1, 7), step(2, 10), step(3, 13));
const ladder = any(step(0, 4), upperSteps);

/** Stands in the place of the first step. */
const exclamation = any(box(0, 2, 3, 10, 1), box(0, 12, 3, 15, 1.25));
/** Two bars across stand in the free corner above the low steps: a cross. */
const cross: Shape = (x, y) => {
  const [dx, dy] = [x - 4, y - 4];
  const isNear = Math.max(Math.abs(dx), Math.abs(dy)) <= 3.5;
  return isNear && (Math.abs(dx - dy) <= 1.5 || Math.abs(dx + dy) <= 1.5);
};
/** Stands in the free corner above the low steps. */
const play: Shape = (x, y) => x >= 1 && x <= 1 + (6 * (3.5 - Math.abs(y - 4))) / 3.5 && Math.abs(y - 4) <= 3.5;

const ICONS: Readonly<Record<TrayShape, Shape>> = {
  'needs-you': any(exclamation, upperSteps),
  failing: any(cross, ladder),
  limit: any(box(0, 3, 15, 5, 1), step(0, 4), step(1, 7), step(2, 8), step(3, 8)),
  working: any(play, ladder),
  idle: ladder,
  offline: any(without(ladder, slash(5)), slash(1.9)),
};

/** RGBA rows, each with PNG's filter byte 0 before it. */
function raster(shape: Shape, scale: number): Buffer {
  const size = SIDE * scale;
  const rows = Buffer.alloc(size * (1 + size * 4));
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      let inked = 0;
      for (let i = 0; i < SAMPLES * SAMPLES; i++) {
        const dx = ((i % SAMPLES) + 0.5) / SAMPLES;
        const dy = (Math.floor(i / SAMPLES) + 0.5) / SAMPLES;
        if (shape((x + dx) / scale, (y + dy) / scale)) inked++;
      }
      rows[y * (1 + size * 4) + 1 + x * 4 + 3] = Math.round((inked / (SAMPLES * SAMPLES)) * 255);
    }
  }
  return rows;
}

/** File name → PNG: `<shape>Template.png` (16 × 16) and `<shape>Template@2x.png` (32 × 32) of every shape. */
export function drawTrayIcons(): Map<string, Buffer> {
  const files = new Map<string, Buffer>();
  for (const [name, shape] of Object.entries(ICONS)) {
    files.set(`${name}Template.png`, png(SIDE, raster(shape, 1), 0));
    files.set(`${name}Template@2x.png`, png(2 * SIDE, raster(shape, 2), 0));
  }
  return files;
}

if (import.meta.main) {
  const folder = join(import.meta.dirname, '../resources/tray');
  mkdirSync(folder, { recursive: true });
  for (const [name, bytes] of drawTrayIcons()) writeFileSync(join(folder, name), bytes);
}
