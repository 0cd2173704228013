import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { OfflineLedger } from '../../core/engine/ledger-offline.ts';
import type { Checkpoint, LedgerRow, LedgerState } from '../../shared/contract/ledger.ts';
import { TenureError } from '../../shared/errors.ts';
import { absolute, count } from '../../shared/format.ts';
import { BROKEN_MEANS, ledgerLine, whyNotRemake } from '../../shared/ledger-words.ts';
import { NotRunning } from '../engine.ts';
import { list, paragraphs, readable } from '../text.ts';
import { type Cli, defineVerb, UsageError, type Verb } from '../verb.ts';

const PAGE = 1_000;
const REMAKE =
  'The events are as they were written: with "--remake" the tables that differ are made anew from them; without, what the tables say holds.';

function describe(ledger: LedgerState, now: number): string {
  const { state, findings, checkpoint, checkpointFolder, checkpointProblem, key, accepted } = ledger;
  return paragraphs(
    list([
      ['Ledger', ledgerLine(ledger, now)],
      ['Signed', checkpoint ? `up to event ${checkpoint.seq}, ${absolute(checkpoint.at)}` : 'not yet'],
      ['Checkpoints', checkpointFolder],
      ['Key', readable(key)],
      ['Accepted', accepted === 0 ? null : `after a break, ${accepted}×`],
    ]),
    findings.length === 0 ? null : findings.map(({ words }) => `- ${readable(words)}`).join('\n'),
    checkpointProblem === null ? null : readable(checkpointProblem),
    state === 'broken' ? `${BROKEN_MEANS}\n"tenure trust acknowledge --reason …" accepts it.` : null,
    state === 'broken' && whyNotRemake(findings) === null ? REMAKE : null,
  );
}

/** What the engine says or, while none runs, what the files themselves say. */
async function orOffline<T>(
  cli: Cli,
  online: () => Promise<T>,
  offline: (ledger: OfflineLedger) => Promise<T>,
): Promise<T> {
  try {
    return await online();
  } catch (error) {
    if (!(error instanceof NotRunning)) throw error;
    cli.note('Tenure is not running: looking at its files.');
    // Only then: no other verb has to load a database.
    const { openOffline } = await import('../../core/engine/ledger-offline.ts');
    return openOffline(cli.paths, cli.now(), offline);
  }
}

const verify = defineVerb({
  name: 'trust verify',
  summary:
    'Check every event that trust rests on; exit code 1 when something is not as it was written. Works while Tenure is stopped.',
  options: {
    full: { type: 'boolean', help: 'every MAC and the index too, which the newest checkpoint stands for otherwise' },
  },
  example: 'tenure trust verify --json',
  async run(cli, _given, values) {
    const full = values.full ?? false;
    const ledger = await orOffline(
      cli,
      () => cli.call('ledger.verify', { full }),
      (offline) => offline.verify(full),
    );
    return { json: ledger, text: describe(ledger, cli.now()), exitCode: ledger.state === 'broken' ? 1 : 0 };
  },
});

async function* pages(cli: Cli): AsyncGenerator<LedgerRow[]> {
  for (let after = 0; ; ) {
    const page = await cli.call('ledger.events', { after, limit: PAGE });
    if (page.length > 0) yield page;
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return;
    after = last.seq;
  }
}

async function everything(cli: Cli): Promise<{ events: LedgerRow[]; checkpoints: Checkpoint[] }> {
  const events: LedgerRow[] = [];
  for await (const page of pages(cli)) events.push(...page);
  return { events, checkpoints: await cli.call('ledger.checkpoints', {}) };
}

const exported = defineVerb({
  name: 'trust export',
  summary:
    'Write every event and checkpoint, one JSON a line, with all that it takes to verify them elsewhere. With --json: one document, {events, checkpoints}.',
  options: {
    out: { type: 'string', value: '<file>', help: 'a file, which must not be there yet; else standard output' },
  },
  example: 'tenure trust export --out ledger.jsonl',
  async run(cli, _given, values) {
    const { events, checkpoints } = await orOffline(
      cli,
      () => everything(cli),
      async (offline) => ({ events: offline.events(), checkpoints: offline.checkpoints() }),
    );
    const lines = [
      ...events.map((event) => ({ type: 'event', ...event })),
      ...checkpoints.map((checkpoint) => ({ type: 'checkpoint', ...checkpoint })),
    ];
    if (values.out === undefined) return { json: { events, checkpoints }, text: '', ...(cli.json ? {} : { lines }) };
    const file = resolve(cli.cwd, values.out);
    try {
      writeFileSync(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(''), { flag: 'wx', mode: 0o600 });
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new TenureError('invalid', `The ledger could not be written to ${file}: ${why}`);
    }
    const done = { file, events: events.length, checkpoints: checkpoints.length };
    const text = `${count(done.events, 'event')} and ${count(done.checkpoints, 'checkpoint')} are in ${file}.`;
    return { json: done, text };
  },
});

const acknowledge = defineVerb({
  name: 'trust acknowledge',
  summary: 'Accept a broken ledger as it stands, as its owner: it goes on from here, and nothing is erased.',
  options: {
    reason: { type: 'string', help: 'what you found; it stands in the ledger' },
    remake: { type: 'boolean', help: 'make the tables that differ anew from the events, instead of keeping them' },
  },
  example: 'tenure trust acknowledge --reason "I restored the backup of Monday"',
  async run(cli, _given, values) {
    const reason = values.reason?.trim();
    if (!reason) throw new UsageError('--reason is needed: say in a few words what you found.');
    const tables = values.remake ? 'remake' : 'keep';
    const ledger = await cli.call('ledger.acknowledge', { reason, tables });
    return { json: ledger, text: describe(ledger, cli.now()), exitCode: ledger.state === 'broken' ? 1 : 0 };
  },
});

export const ledgerVerbs: readonly Verb[] = [verify, exported, acknowledge];
