import fc from 'fast-check';
import { parse } from 'jsonc-parser';
import { expect, test } from 'vitest';
import { editText } from './edit.ts';

const FILE = `// Mine.
{
  "gateway": { "port": 4600 }, // not the usual one
  /* Two are
     enough. */
  "sessions": {
    "concurrency": 2, // the machine is small
    // Longer for the big one.
    "timeBoxMs": 60000 // a minute
  }
}
`;

test('a value is replaced where it stands', () => {
  expect(editText(FILE, [{ path: ['sessions', 'concurrency'], value: 3 }])).toBe(
    FILE.replace('"concurrency": 2', '"concurrency": 3'),
  );
});

test('what is new comes last, and the comments before it stay with what they are about', () => {
  expect(editText(FILE, [{ path: ['sessions', 'retry', 'crashes'], value: 0 }])).toBe(
    FILE.replace(
      '"timeBoxMs": 60000 // a minute\n',
      '"timeBoxMs": 60000, // a minute\n    "retry": {\n      "crashes": 0\n    }\n',
    ),
  );
  expect(editText(FILE, [{ path: ['gateway', 'x'], value: [1, 'a'] }])).toContain(
    '{ "port": 4600, "x": [1, "a"] }, //',
  );
});

test('what is taken out takes its line and its comma along, and no comment', () => {
  expect(editText(FILE, [{ path: ['sessions', 'timeBoxMs'] }])).toBe(
    FILE.replace('2, // the', '2 // the').replace('"timeBoxMs": 60000 // a minute', '// a minute'),
  );
  expect(editText('{\n  "a": 1,\n  "b": 2\n}\n', [{ path: ['a'] }])).toBe('{\n  "b": 2\n}\n');
  expect(editText('{\n  "a": { "b": 2 },\n  "c": 1\n}\n', [{ path: ['a', 'b'] }])).toBe('{\n  "c": 1\n}\n');
});

test('an empty file, and one of comments alone, become an object', () => {
  expect(editText('', [{ path: ['a', 'b'], value: 1 }])).toBe('{\n  "a": {\n    "b": 1\n  }\n}\n');
  expect(parse(editText('// nothing yet\n', [{ path: ['a'], value: 1 }]))).toEqual({ a: 1 });
});

test('a text that cannot be read is left alone', () => {
  expect(() => editText('{ "a": ', [{ path: ['a'], value: 1 }])).toThrow('no readable JSON');
});

const KEYS = ['a', 'b', 'c', 'd'] as const;
const leaf = fc.oneof(fc.integer(), fc.boolean(), fc.constant(null), fc.string({ maxLength: 6 }), fc.constant([1, 2]));
type Shape = { key: string; value: unknown; children: Shape[] | null; lead: boolean; tail: boolean };
const shapes = (depth: number): fc.Arbitrary<Shape[]> =>
  fc.uniqueArray(fc.constantFrom(...KEYS), { maxLength: 4 }).chain((keys) =>
    fc.tuple(
      ...keys.map((key) =>
        fc.record({
          key: fc.constant(key),
          value: leaf,
          children: depth === 0 ? fc.constant(null) : fc.option(shapes(depth - 1), { freq: 2 }),
          lead: fc.boolean(),
          tail: fc.boolean(),
        }),
      ),
    ),
  ) as fc.Arbitrary<Shape[]>;

/** A file with a comment before, behind and inside, and every way to set commas and lines. */
function print(
  all: Shape[],
  style: { oneLine: boolean; trailing: boolean; eol: string },
  indent = '',
  n = { n: 0 },
): string {
  const { oneLine, trailing, eol } = style;
  const parts = all.map(({ key, value, children, lead, tail }, at) => {
    const comma = at < all.length - 1 || trailing ? ',' : '';
    const body = children ? print(children, style, `${indent}  `, n) : JSON.stringify(value);
    if (oneLine) return `${lead ? `/*${n.n++}*/ ` : ''}"${key}": ${body}${tail ? ` /*${n.n++}*/` : ''}${comma}`;
    const before = lead ? `${indent}  // ${n.n++}${eol}` : '';
    return `${before}${indent}  "${key}": ${body}${comma}${tail ? ` // ${n.n++}` : ''}`;
  });
  if (oneLine) return `{ ${parts.join(' ')} }`;
  return `{${eol}${parts.map((part) => `${part}${eol}`).join('')}${indent}// ${n.n++}${eol}${indent}}`;
}

const comments = (text: string): string[] => text.match(/\/\*\d+\*\/|\/\/ \d+/g) ?? [];
const setIn = (whole: unknown, path: readonly string[], value: unknown): unknown => {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  const held =
    typeof whole === 'object' && whole !== null && !Array.isArray(whole) ? (whole as Record<string, unknown>) : {};
  return { ...held, [key]: setIn(held[key], rest, value) };
};

test('whatever the file looks like: the value is set, all else holds, no comment is lost or out of its order', () => {
  const path = fc.array(fc.constantFrom(...KEYS), { minLength: 1, maxLength: 3 });
  const style = fc.record({ oneLine: fc.boolean(), trailing: fc.boolean(), eol: fc.constantFrom('\n', '\r\n') });
  fc.assert(
    fc.property(shapes(2), style, path, leaf, (shape, how, at, value) => {
      const text = print(shape, how);
      const next = editText(text, [{ path: at, value }]);
      expect(parse(next)).toEqual(setIn(parse(text), at, value));
      // A value that is replaced whole takes along what was written inside it.
      const kept = comments(text).filter((one) => comments(next).includes(one));
      expect(comments(next)).toEqual(kept);
      const gone = comments(text).length - kept.length;
      if (
        typeof at.reduce<unknown>((v, k) => (v as Record<string, unknown> | undefined)?.[k], parse(text)) !== 'object'
      )
        expect(gone).toBe(0);
    }),
  );
});

test('whatever the file looks like: what is taken out is gone, all else holds, no comment outside it is lost', () => {
  const style = fc.record({ oneLine: fc.boolean(), trailing: fc.boolean(), eol: fc.constantFrom('\n', '\r\n') });
  fc.assert(
    fc.property(shapes(1), style, fc.nat(), (shape, how, pick) => {
      const text = print(shape, how);
      const leaves = shape.flatMap((one) =>
        one.children ? one.children.map(({ key }) => [one.key, key]) : [[one.key]],
      );
      const path = leaves[pick % Math.max(1, leaves.length)];
      if (!path) return;
      const next = editText(text, [{ path }]);
      const expected = structuredClone(parse(text)) as Record<string, Record<string, unknown>>;
      const [first = '', second] = path;
      if (second === undefined) delete expected[first];
      else delete expected[first]?.[second];
      const got = parse(next) as Record<string, unknown>;
      // An object that is left without anything may stay or go.
      const held = expected[first];
      if (second !== undefined && held && Object.keys(held).length === 0 && !(first in got)) delete expected[first];
      expect(got).toEqual(expected);
      expect(comments(next)).toEqual(comments(text));
    }),
  );
});
