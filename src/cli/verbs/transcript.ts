import { type TranscriptEntry, TranscriptFilter, type TranscriptHit } from '../../shared/contract/transcripts.ts';
import { oneLine, paragraphs, readable } from '../text.ts';
import { type Cli, defineVerb, oneOf, wholeNumber } from '../verb.ts';

function described(entry: TranscriptEntry, whole: boolean): string {
  const head = [`${entry.n}`, entry.depth > 0 ? 'subagent:' : '', oneLine(entry.title), entry.failed ? '(failed)' : ''];
  // What the agent's program says of itself is long and the same every time.
  const text = entry.kind === 'system' && !whole ? entry.summary : entry.text;
  return [head.filter(Boolean).join('  '), text, entry.tool?.output ?? '']
    .map((part) => readable(part).trimEnd())
    .filter(Boolean)
    .join('\n');
}

/** Every entry that says the text, up to `limit`. */
async function search(cli: Cli, wanted: { id: string; text: string; only?: TranscriptFilter }, limit: number) {
  const hits: TranscriptHit[] = [];
  for (let from: number | null = 0; from !== null && hits.length < limit; ) {
    const found: { hits: TranscriptHit[]; next: number | null } = await cli.call('sessions.transcriptSearch', {
      ...wanted,
      from,
    });
    hits.push(...found.hits);
    from = found.next;
  }
  const numbers = [...new Set(hits.map(({ n }) => n))].sort((a, b) => a - b).slice(0, limit);
  const entries: TranscriptEntry[] = [];
  for (const n of numbers) entries.push(await cli.call('sessions.transcriptEntry', { id: wanted.id, n }));
  return entries;
}

export const transcript = defineVerb({
  name: 'transcript',
  summary: 'Show what was said and done in a session; its last page when --from is left away.',
  takes: ['session'],
  options: {
    from: { type: 'string', value: '<number>', help: 'the first entry to show, counted from 0' },
    limit: { type: 'string', value: '<number>', help: 'so many entries; default 100' },
    only: { type: 'string', value: '<kind>', help: `only ${TranscriptFilter.options.join(', ')}` },
    search: { type: 'string', value: '<text>', help: 'the entries that say this, whole' },
  },
  example: 'tenure transcript ses_k3v9 --search "exit code" --only tools',
  async run(cli, [id = ''], values) {
    const from = wholeNumber(values.from, 'from', 0, Number.MAX_SAFE_INTEGER) ?? -1;
    const limit = wholeNumber(values.limit, 'limit', 1, 1_000) ?? 100;
    const kind = oneOf(values.only, 'only', TranscriptFilter.options);
    const only = kind === undefined ? {} : { only: kind };
    if (values.search) {
      const entries = await search(cli, { id, text: values.search, ...only }, limit);
      const text = paragraphs(...entries.map((entry) => described(entry, true)));
      return { json: entries, text: text || `Nothing says "${oneLine(values.search)}".` };
    }
    const page = await cli.call('sessions.transcript', { id, from, limit, ...only });
    const entries = page.entries.map((entry) => described(entry, false));
    return { json: page, text: paragraphs(...entries, `${page.entries.length} of ${page.total} entries.`) };
  },
});
