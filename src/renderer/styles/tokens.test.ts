import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

const CSS = readFileSync(join(import.meta.dirname, 'tokens.css'), 'utf8');

/** The declarations of `:root` under exactly these conditions. */
function block(condition: string | null): Record<string, string> {
  const head = condition === null ? ':root {' : `@media ${condition} {\n  :root {`;
  const start = CSS.indexOf(`\n${head}`);
  if (start < 0) throw new Error(`tokens.css has no block for ${condition}.`);
  const body = CSS.slice(start + head.length + 1, CSS.indexOf('}', start + head.length + 1));
  return Object.fromEntries(
    [...body.matchAll(/--([\w-]+):\s*([^;]+);/g)].map(([, name = '', value = '']) => [name, value.trim()]),
  );
}

const LIGHT = block(null);
const DARK = { ...LIGHT, ...block('(prefers-color-scheme: dark)') };
const MORE = { ...LIGHT, ...block('(prefers-contrast: more)') };
const MORE_DARK = {
  ...DARK,
  ...block('(prefers-contrast: more)'),
  ...block('(prefers-contrast: more) and (prefers-color-scheme: dark)'),
};

function luminance(hex: string): number {
  const [, digits = ''] = /^#([0-9a-f]{6})$/i.exec(hex) ?? [];
  const [r = 0, g = 0, b = 0] = (digits.match(/../g) ?? []).map((part) => {
    const value = Number.parseInt(part, 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** WCAG's ratio of two colours, 1 to 21. */
function contrast(a = '', b = ''): number {
  const [low = 0, high = 0] = [luminance(a), luminance(b)].toSorted((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}

test('the ratio is the one of the guidelines', () => {
  expect(contrast('#ffffff', '#000000')).toBeCloseTo(21, 5);
  expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2);
});

const TEXTS = ['ink', 'ink-2', 'ink-3', 'trust', 'human', 'work', 'bad'];
const GROUNDS = ['canvas', 'surface', 'sunken', 'page'];
const PAIRS = [
  ...TEXTS.flatMap((text) => GROUNDS.map((ground) => [text, ground] as const)),
  // What is highlighted or current.
  ['ink', 'chosen'],
  ['ink-2', 'chosen'],
  ['on-trust', 'trust'],
  ['on-trust', 'trust-deep'],
  ['human', 'human-soft'],
  ['bad', 'bad-soft'],
  ['ink', 'added'],
  ['ink', 'removed'],
] as const;

describe.each([
  ['light', LIGHT, 4.5],
  ['dark', DARK, 4.5],
  ['light, more contrast', MORE, 7],
  ['dark, more contrast', MORE_DARK, 7],
] as const)('%s', (_name, tokens, least) => {
  test('every text can be read on every ground', () => {
    const weak = PAIRS.flatMap(([text, ground]) => {
      const ratio = contrast(tokens[text], tokens[ground]);
      return ratio < least ? [`${text} on ${ground}: ${ratio.toFixed(2)}`] : [];
    });
    expect(weak).toEqual([]);
  });
});

test('an edge that is to be seen stands at 3 to 1 where more contrast is asked for', () => {
  for (const tokens of [MORE, MORE_DARK]) expect(contrast(tokens.line, tokens.surface)).toBeGreaterThanOrEqual(3);
});

test('with colours of the person’s own, no colour of ours is left', () => {
  const forced = block('(forced-colors: active)');
  const ours = Object.keys(LIGHT).filter((name) => LIGHT[name]?.startsWith('#'));
  expect(ours.filter((name) => forced[name] === undefined || forced[name].startsWith('#'))).toEqual([]);
});
