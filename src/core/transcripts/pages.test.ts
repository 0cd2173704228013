import { appendFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { back, book, brief, call, say } from '../../../test/transcript-rig.ts';

test('a call and what came back are one entry, with how long it took and whether it failed', async () => {
  const { transcripts, write, all } = book();
  write(
    { type: 'user', message: { content: 'Mend the cart.' } },
    { type: 'assistant', message: { content: [{ type: 'thinking', thinking: 'NaN?\nSo it is.' }] } },
    call('a', 'Bash', { command: 'npm test\necho done', description: 'Run' }),
    call('b', 'Edit', { file_path: '/w/a.ts', old_string: 'x', new_string: 'y\nz' }),
    back('a', 'red', true),
    back('b', [
      { type: 'text', text: 'Edited.' },
      { type: 'image', source: { data: 'AAAA' } },
    ]),
    back('unknown', 'whose?'),
  );
  transcripts.close('s1');
  const entries = await all();
  expect(brief(entries)).toEqual([
    ['prompt', 'user', 'Mend the cart.'],
    ['thinking', 'thinking', 'NaN?\nSo it is.'],
    ['tool', 'Bash', 'npm test\necho done'],
    ['tool', 'Edit', '/w/a.ts\n- x\n+ y\n+ z'],
    ['tool_result', 'result', 'whose?'],
  ]);
  expect(entries.map((entry) => entry.n)).toEqual([0, 1, 2, 3, 4]);
  expect(entries[2]).toMatchObject({
    summary: 'npm test',
    failed: true,
    at: 1_750,
    tool: { ok: false, durationMs: 500, output: 'red' },
  });
  expect(entries[3]?.tool).toMatchObject({ ok: true, durationMs: 500, output: 'Edited.\n[image]' });
});

test('what the program adds is nobody’s prompt, and a folded line says its facts in words', async () => {
  const { transcripts, write, all } = book();
  write(
    { type: 'user', isSynthetic: true, message: { content: 'This conversation was compacted.' } },
    {
      type: 'system',
      subtype: 'compact_boundary',
      uuid: 'u',
      compact_metadata: { trigger: 'auto', pre_tokens: 155_000 },
    },
    { type: 'rate_limit_event', rate_limit_info: { status: 'allowed', resetsAt: 7 }, session_id: 's' },
    call('m', 'mcp__github__create_issue', {
      owner: 'me',
      title: 'A\nbug',
      labels: ['x', 'y'],
      draft: false,
      none: null,
    }),
    call('t', 'TodoWrite', { todos: Array.from({ length: 500 }, (_, n) => ({ content: `Step ${n}` })) }),
  );
  transcripts.close('s1');
  const entries = await all();
  expect(entries.map(({ kind, title, summary }) => [kind, title, summary.slice(0, 60)])).toEqual([
    ['system', 'added by the program', 'This conversation was compacted.'],
    ['system', 'compact_boundary', 'trigger: auto, pre_tokens: 155000'],
    ['raw', 'rate_limit_event', 'status: allowed, resetsAt: 7'],
    ['tool', 'mcp__github__create_issue', 'owner: me, title: A bug, labels: x, labels: y, draft: false'],
    ['tool', 'TodoWrite', 'content: Step 0, content: Step 1, content: Step 2, content: '],
  ]);
  expect(entries[0]?.text).toBe('This conversation was compacted.');
});

test('a call is open until its result comes, in whatever page that is by then', async () => {
  const { transcripts, write, all } = book();
  write(call('a', 'Bash', { command: 'sleep 9' }), say('Meanwhile.'));
  const before = await seen(() => transcripts.page('s1', { from: -1, limit: 2 }), 2);
  expect(before.entries[0]?.tool).toMatchObject({ ok: null, durationMs: null, output: '' });
  expect(await transcripts.page('s1', { from: -1, limit: 2, after: before.bytes })).toMatchObject({ entries: [] });
  write(back('a', 'slept'));
  transcripts.close('s1');
  const after = await transcripts.page('s1', { from: -1, limit: 2, after: before.bytes });
  expect(after.total).toBe(2);
  expect(after.bytes).toBeGreaterThan(before.bytes);
  expect((await all())[0]?.tool).toMatchObject({ ok: true, output: 'slept' });
});

/** A stream writes when it likes: asks until so many entries are there. */
async function seen<T extends { total: number }>(ask: () => Promise<T>, total: number): Promise<T> {
  for (;;) {
    const page = await ask();
    if (page.total >= total) return page;
  }
}

test('what a subagent says stands under the call that started it, also the one of a subagent', async () => {
  const { transcripts, write, all } = book();
  write(
    call('main', 'Agent', { description: 'Look around', prompt: 'Look' }),
    back('main', 'launched'),
    say('I look.', 'main'),
    call('deeper', 'Agent', { description: 'Deeper' }, 'main'),
    say('Deep.', 'deeper'),
    say('Whose am I?', 'lost'),
    say('I am the agent.'),
  );
  transcripts.close('s1');
  expect((await all()).map(({ depth, parent }) => [depth, parent])).toEqual([
    [0, null],
    [1, 0],
    [1, 0],
    [2, 2],
    [1, null],
    [0, null],
  ]);
});

test('filters count for themselves, and pages are pages of what they leave', async () => {
  const { transcripts, write } = book();
  for (let n = 0; n < 30; n++)
    write(say(`text ${n}`), call(`c${n}`, 'Bash', { command: `run ${n}` }), back(`c${n}`, 'out', n % 10 === 3));
  transcripts.close('s1');
  const texts = await transcripts.page('s1', { from: 10, limit: 3, only: 'text' });
  expect(texts).toMatchObject({ from: 10, total: 30, all: 60 });
  expect(texts.entries.map((entry) => entry.text)).toEqual(['text 10', 'text 11', 'text 12']);
  const failed = await transcripts.page('s1', { from: -1, limit: 2, only: 'errors' });
  expect(failed).toMatchObject({ from: 1, total: 3 });
  expect(failed.entries.map((entry) => entry.text)).toEqual(['run 13', 'run 23']);
  expect(await transcripts.page('s1', { from: 90, limit: 5 })).toMatchObject({ entries: [], total: 60 });
});

test('search finds in calls, results and texts, upper and lower case alike, and says the place in the filter', async () => {
  const { transcripts, write } = book();
  write(say('The Needle.'), call('a', 'Bash', { command: 'ls' }), say('hay'), back('a', 'a "needle"\nin it'), say('x'));
  transcripts.close('s1');
  const find = (text: string, only?: 'tools') => transcripts.search('s1', { text, from: 0, only });
  expect(await find('nEEdle')).toMatchObject({
    hits: [
      { n: 0, place: 0 },
      { n: 1, place: 1 },
    ],
    next: null,
  });
  expect((await find('"needle"\nin')).hits).toEqual([{ n: 1, place: 1 }]);
  expect((await find('needle', 'tools')).hits).toEqual([{ n: 1, place: 0 }]);
  expect((await find('haystack')).hits).toEqual([]);
});

test('a long search comes in stretches, each hit once, whole in the end', async () => {
  const { file, open } = book();
  const line = (n: number) =>
    `${JSON.stringify({ at: n, line: JSON.stringify(say(`${n % 100 === 0 ? 'needle' : 'hay'} ${'x'.repeat(400)}`)) })}\n`;
  writeFileSync(file, Array.from({ length: 20_000 }, (_, n) => line(n)).join(''));
  const transcripts = open();
  const hits: number[] = [];
  let calls = 0;
  for (let from: number | null = 0; from !== null; calls++) {
    const found = await transcripts.search('s1', { text: 'needle', from });
    hits.push(...found.hits.map(({ n }) => n));
    from = found.next;
  }
  expect(calls).toBeGreaterThan(1);
  expect(hits).toEqual(Array.from({ length: 200 }, (_, n) => n * 100));
});

test('long texts are cut in a page and whole by themselves', async () => {
  const { transcripts, write } = book();
  write(call('a', 'Write', { file_path: '/w/a', content: '😀'.repeat(10_000) }), back('a', 'y'.repeat(50_000)));
  transcripts.close('s1');
  const [cut] = (await transcripts.page('s1', { from: 0, limit: 1 })).entries;
  expect(cut).toMatchObject({ chars: 20_005, tool: { outputChars: 50_000 } });
  expect(cut?.text.length).toBeLessThan(4_100);
  expect(cut?.text.isWellFormed()).toBe(true);
  const whole = await transcripts.entry('s1', 0);
  expect([whole.text.length, whole.tool?.output.length]).toEqual([20_005, 50_000]);
  await expect(transcripts.entry('s1', 7)).rejects.toThrow('no entry 7');
});

test('lines that are wrong stay readable: cut off, no JSON, broken bytes, unknown types, none at all', async () => {
  const { file, open, all } = book();
  writeFileSync(file, `${JSON.stringify({ at: 1, line: 'no JSON' })}\n\n{"at":2,"line":"{\\"type\\":\\"assist`);
  const again = open();
  again.append('s1', 3, JSON.stringify({ type: 'news', what: 'unheard of' }));
  again.close('s1');
  appendFileSync(file, Buffer.from([0xff, 0xfe, 0x41, 0x0a]));
  expect(brief(await all(again))).toEqual([
    ['raw', 'plain text', 'no JSON'],
    ['raw', 'cut off', '{"at":2,"line":"{\\"type\\":\\"assist'],
    ['raw', 'news', '{\n  "type": "news",\n  "what": "unheard of"\n}'],
    ['raw', 'cut off', '\ufffd\ufffdA'],
  ]);
  expect(await again.page('none', { from: -1, limit: 5 })).toEqual({
    entries: [],
    from: 0,
    total: 0,
    all: 0,
    bytes: 0,
  });
});

test('that the agent is about to call its model is no entry; what else it says of itself is', async () => {
  const { transcripts, write, all } = book();
  const status = (status: string) => ({ type: 'system', subtype: 'status', status });
  for (const line of [status('requesting'), say('one'), status('requesting'), status('compacting'), say('two')])
    write(line);
  await seen(() => transcripts.page('s1', { from: 0, limit: 9 }), 3);
  const found = brief(await all()).map(([kind, title]) => `${kind} ${title}`);
  expect(found).toEqual(['text assistant', 'system status', 'text assistant']);
});

test('a half-written last line is waited for while somebody writes', async () => {
  const { transcripts, write, file, all } = book();
  write(say('one'));
  await seen(() => transcripts.page('s1', { from: 0, limit: 9 }), 1);
  const half = JSON.stringify({ at: 5, line: JSON.stringify(say('two')) });
  appendFileSync(file, half.slice(0, 20));
  expect((await all()).map(({ text }) => text)).toEqual(['one']);
  appendFileSync(file, `${half.slice(20)}\n`);
  expect((await all()).map(({ text }) => text)).toEqual(['one', 'two']);
  transcripts.close('s1');
});
