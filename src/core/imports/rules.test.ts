import { describe, expect, test } from 'vitest';
import { emptySummary, listedIn, projectOf, takeLine } from './rules.ts';

describe('the listing', () => {
  test('is read as Claude Code 2.1.328 gives it', () => {
    const row = { pid: 7, cwd: '/a', kind: 'interactive', startedAt: 5, sessionId: 'u', name: 'a-1', status: 'busy' };
    expect(listedIn(JSON.stringify([row, { ...row, status: 'waiting', waitingFor: 'permission' }]))).toEqual([
      { id: 'u', cwd: '/a', pid: 7, name: 'a-1', status: 'working', waitingFor: null, startedAt: 5 },
      { id: 'u', cwd: '/a', pid: 7, name: 'a-1', status: 'waiting', waitingFor: 'permission', startedAt: 5 },
    ]);
  });

  test('a word that nobody knows is unknown; a row without a conversation is left out; anything else is no listing', () => {
    expect(listedIn('[{"sessionId":"u","cwd":"/a","status":"dreaming"},{"cwd":"/a"},7]')).toMatchObject([
      { status: 'unknown' },
    ]);
    expect(listedIn('[]')).toEqual([]);
    for (const text of ['', 'Error', '{}', '{"sessions":[]}']) expect(listedIn(text)).toBeNull();
  });
});

describe('a record', () => {
  const line = (more: object): string =>
    JSON.stringify({ cwd: '/a', sessionId: 'u', version: '2', timestamp: '2026-01-01T00:00:00Z', ...more });
  const assistant = (id: string, output: number, more: object = {}) =>
    line({
      type: 'assistant',
      message: { id, model: 'opus', usage: { input_tokens: 10, cache_read_input_tokens: 5, output_tokens: output } },
      ...more,
    });

  test('tells folder, first words, model, and tokens once for each message', () => {
    const summary = emptySummary();
    const lines = [
      line({ type: 'user', isMeta: true, message: { content: 'not this' } }),
      line({ type: 'user', message: { content: '<command-name>/clear</command-name>' } }),
      line({ type: 'user', message: { content: [{ type: 'text', text: 'Fix\n the  login' }] } }),
      assistant('m1', 2),
      assistant('m1', 20),
      assistant('m2', 3, {
        cwd: '/a/b',
        isSidechain: true,
        message: { id: 'm2', model: 'haiku', usage: { output_tokens: 3 } },
      }),
      '{"cut off',
      line({ type: 'attachment' }),
    ];
    for (const text of lines) takeLine(summary, text);
    expect(summary).toMatchObject({
      cwd: '/a',
      title: 'Fix the login',
      model: 'opus',
      version: '2',
      startedAt: Date.UTC(2026, 0, 1),
    });
    expect([...summary.tokens.values()]).toEqual([
      { input: 15, output: 20 },
      { input: 0, output: 3 },
    ]);
  });
});

test('a folder belongs to the innermost project that it lies in, and never to one that only begins like it', () => {
  const projects = [{ path: '/code/app' }, { path: '/code/app/packages/web' }, { path: '/code/ap' }];
  expect(projectOf('/code/app', projects)?.path).toBe('/code/app');
  expect(projectOf('/code/app/packages/web/src', projects)?.path).toBe('/code/app/packages/web');
  expect(projectOf('/code/apple', projects)).toBeNull();
});
