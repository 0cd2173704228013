import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { png } from './png.ts';

/**
 * Draws the app's icon: the four-step ladder of the menubar on a tile, its last step lit, on Apple's grid of
 * 1024. `node scripts/draw-app-icon.ts` writes `resources/icon.icns`, `resources/icon.png` and
 * `resources/icons/` anew, without any tool of a platform.
 */

type Colour = readonly [red: number, green: number, blue: number];

const GRID = 1024;
/** The tile of macOS: 824 wide with a margin of 100, its corners rounded by 185. */
const [EDGE, SIZE, ROUND] = [100, 824, 185];
const TOP: Colour = [47, 143, 122];
const BOTTOM: Colour = [17, 71, 61];
const STEP: Colour = [238, 244, 240];
const LIT: Colour = [255, 205, 96];
const STEPS = [
  { left: 248, height: 160, colour: STEP },
  { left: 388, height: 280, colour: STEP },
  { left: 528, height: 400, colour: STEP },
  { left: 668, height: 520, colour: LIT },
] as const;
const [STEP_WIDTH, STEP_ROUND, FLOOR] = [108, 26, 770];

/** How deep inside a rounded box a point lies, in units of the grid; negative outside. */
function depth(x: number, y: number, left: number, top: number, width: number, height: number, round: number): number {
  const dx = Math.abs(x - left - width / 2) - width / 2 + round;
  const dy = Math.abs(y - top - height / 2) - height / 2 + round;
  return round - Math.hypot(Math.max(dx, 0), Math.max(dy, 0)) - Math.min(Math.max(dx, dy), 0);
}

const mixed = (from: Colour, to: Colour, share: number): number[] =>
  from.map((part, i) => part + ((to[i] ?? part) - part) * share);
const share = (value: number): number => Math.min(1, Math.max(0, value));

/** One pixel; edges are as soft as one pixel of that size is wide. */
function pixel(x: number, y: number, unit: number): readonly number[] {
  const cover = (inside: number): number => share(inside / unit + 0.5);
  const alpha = cover(depth(x, y, EDGE, EDGE, SIZE, SIZE, ROUND));
  if (alpha === 0) return [0, 0, 0, 0];
  let colour = mixed(TOP, BOTTOM, share((y - EDGE) / SIZE));
  for (const step of STEPS) {
    const inside = depth(x, y, step.left, FLOOR - step.height, STEP_WIDTH, step.height, STEP_ROUND);
    colour = mixed(colour as unknown as Colour, step.colour, cover(inside));
  }
  return [...colour.map(Math.round), Math.round(alpha * 255)];
}

/** The rows of a picture of that side, as PNG takes them. */
function raster(side: number): Buffer {
  const unit = GRID / side;
  const rows = Buffer.alloc(side * (1 + side * 4));
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      rows.set(pixel((x + 0.5) * unit, (y + 0.5) * unit, unit), y * (1 + side * 4) + 1 + x * 4);
    }
  }
  return rows;
}

/** Apple's names for the pictures of an icon, with their sides in pixels. */
const ICNS = [
  ['icp4', 16],
  ['ic11', 32],
  ['icp5', 32],
  ['ic12', 64],
  ['ic07', 128],
  ['ic13', 256],
  ['ic08', 256],
  ['ic14', 512],
  ['ic09', 512],
  ['ic10', 1024],
] as const;
const LINUX = [16, 32, 48, 64, 128, 256, 512] as const;
const BEST = 9;

/** The container of macOS: its length, then each picture under its four letters. */
function icns(pictureOf: (side: number) => Buffer): Buffer {
  const entries = ICNS.map(([type, side]) => {
    const picture = pictureOf(side);
    const head = Buffer.alloc(8);
    head.write(type, 0, 'latin1');
    head.writeUInt32BE(picture.length + 8, 4);
    return Buffer.concat([head, picture]);
  });
  const head = Buffer.alloc(8);
  head.write('icns', 0, 'latin1');
  head.writeUInt32BE(
    entries.reduce((sum, entry) => sum + entry.length, 8),
    4,
  );
  return Buffer.concat([head, ...entries]);
}

/** Path under `resources/` → bytes. */
export function drawAppIcon(): Map<string, Buffer> {
  const drawn = new Map<number, Buffer>();
  const pictureOf = (side: number): Buffer => {
    const known = drawn.get(side) ?? png(side, raster(side), BEST);
    drawn.set(side, known);
    return known;
  };
  const files = new Map<string, Buffer>([
    ['icon.icns', icns(pictureOf)],
    ['icon.png', pictureOf(GRID)],
  ]);
  for (const side of LINUX) files.set(`icons/${side}x${side}.png`, pictureOf(side));
  return files;
}

if (import.meta.main) {
  const folder = join(import.meta.dirname, '../resources');
  mkdirSync(join(folder, 'icons'), { recursive: true });
  for (const [name, bytes] of drawAppIcon()) writeFileSync(join(folder, name), bytes);
}
