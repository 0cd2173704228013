import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Page } from 'playwright-core';

const BASELINES = join(import.meta.dirname, 'baselines');
const RESULTS = join(import.meta.dirname, '..', '..', 'out', 'pixels');
/** A channel may differ by so much: what a newer rasteriser does to an edge. */
const CHANNEL = 48;
/** And so large a share of the pixels may differ by more. */
const SHARE = 0.002;

/**
 * Compares a page with its committed picture. One that is missing fails, and so does the run that writes it
 * (TENURE_PIXELS=write): a picture counts only once a person has looked at it and committed it.
 * @returns null, or the sentence that says what is different and where to look.
 */
export async function differs(page: Page, judge: Page, name: string): Promise<string | null> {
  const shot = await page.screenshot({ animations: 'disabled', caret: 'hide' });
  const baseline = join(BASELINES, `${name}.png`);
  if (process.env.TENURE_PIXELS === 'write') {
    save(baseline, shot);
    return `${name}: written; look at it, commit it, and run again without TENURE_PIXELS.`;
  }
  if (!existsSync(baseline)) {
    const at = join(RESULTS, `${name}.png`);
    save(at, shot);
    return `${name}: there is no picture ${baseline} to compare with; this one is at ${at}.`;
  }
  const verdict = await compare(judge, readFileSync(baseline), shot);
  if (verdict === null) return null;
  const at = join(RESULTS, `${name}.png`);
  save(at, shot);
  return `${name}: ${verdict}; this one is at ${at}.`;
}

function save(file: string, bytes: Buffer): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, bytes);
}

/** Both are decoded by the browser itself. Null: the same, within what is allowed. */
async function compare(judge: Page, before: Buffer, after: Buffer): Promise<string | null> {
  const found = await judge.evaluate(
    async ({ pictures, channel }) => {
      const read = async (base64: string) => {
        const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
        const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
        const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
        const context = canvas.getContext('2d');
        if (!context) throw new Error('The browser has no canvas.');
        context.drawImage(bitmap, 0, 0);
        return context.getImageData(0, 0, bitmap.width, bitmap.height);
      };
      const [a, b] = await Promise.all(pictures.map(read));
      if (!a || !b) throw new Error('Two pictures are needed.');
      if (a.width !== b.width || a.height !== b.height)
        return { size: [a.width, a.height, b.width, b.height], share: 1 };
      let different = 0;
      for (let at = 0; at < a.data.length; at += 4) {
        const off = [0, 1, 2].some((c) => Math.abs((a.data[at + c] ?? 0) - (b.data[at + c] ?? 0)) > channel);
        if (off) different += 1;
      }
      return { size: null, share: different / (a.width * a.height) };
    },
    { pictures: [before.toString('base64'), after.toString('base64')], channel: CHANNEL },
  );
  if (found.size !== null)
    return `its size is ${found.size.slice(2).join(' × ')}, not ${found.size.slice(0, 2).join(' × ')}`;
  return found.share > SHARE ? `${(found.share * 100).toFixed(2)} % of it differs` : null;
}
