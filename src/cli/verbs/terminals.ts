import { short, when } from '../../shared/format.ts';
import { TERMINAL_WORDS } from '../../shared/words.ts';
import { oneLine, paragraphs, readable, table } from '../text.ts';
import { defineVerb } from '../verb.ts';

export const terminals = defineVerb({
  name: 'terminals',
  summary: 'List Claude Code sessions that you started in a terminal on a project; with an id, show its transcript.',
  takes: ['session?'],
  example: 'tenure terminals --json',
  async run(cli, [id = '']) {
    if (id !== '') {
      const { entries, cut, path } = await cli.call('imports.transcript', { id });
      const said = entries.map((entry) => `${oneLine(entry.title)}\n${readable(entry.text).trimEnd()}`);
      return { json: { entries, cut, path }, text: paragraphs(...said, cut ? `More is in ${readable(path)}.` : null) };
    }
    const found = await cli.call('imports.list', {});
    const now = cli.now();
    const rows = found.sessions.map((one) => [
      one.id,
      one.project,
      TERMINAL_WORDS[one.status],
      one.lastActivityAt === null ? 'unknown' : when(one.lastActivityAt, now),
      one.inputTokens === null || one.outputTokens === null ? 'unknown' : short(one.inputTokens + one.outputTokens),
      oneLine(one.title ?? ''),
    ]);
    const empty = 'No session in a terminal on a registered project.';
    const elsewhere = found.elsewhere ? `${found.elsewhere} more in folders of no project here.` : null;
    return {
      json: found,
      text: paragraphs(
        table(['id', 'project', 'state', 'last active', 'tokens', 'prompt'], rows, empty),
        elsewhere,
        found.problem && readable(found.problem),
      ),
    };
  },
});
