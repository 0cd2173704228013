import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import { Config } from '../../../shared/config.ts';
import type { HistoryFilter } from '../../../shared/contract/history.ts';
import type { InputOf, OutputOf } from '../../../shared/contract/index.ts';
import { TenureError } from '../../../shared/errors.ts';
import { issueWords } from '../../../shared/issue-words.ts';
import type { Clock } from '../../kernel/ports.ts';
import { createHistoryStorage } from '../history/storage.ts';
import type { StoredDecision } from '../row.ts';
import type { Verdict } from '../rules.ts';
import { createReplay, type Draft, type Ground, isKept, previewOf } from './rules.ts';

const DAY_MS = 86_400_000;
const PREVIEW_MS = 30 * DAY_MS;
/** Of more decisions than this the newest are looked at. */
const MOST = 20_000;
/** So many are read or judged in one go. */
const CHUNK = 500;

type Settings = Config['decisions'];

interface PreviewDeps {
  db: Database;
  clock: Clock;
  settings(): Settings;
  scoreOf(agent: string): number | null;
  /** Epoch ms at which those quiet hours end that hold at that time; null: none do. */
  quietEnds(hours: Settings['quietHours'], at: number): number | null;
}

/** The settings with some keys of them changed. @throws TenureError invalid, naming what is wrong. */
function changed(settings: Settings, changes: Readonly<Record<string, unknown>>): Settings {
  const draft = structuredClone(settings) as Record<string, unknown>;
  for (const [key, value] of Object.entries(changes)) {
    const path = key.replace(/^decisions\./u, '').split('.');
    const last = path.pop() ?? '';
    let holder = draft;
    for (const step of path) {
      const next = Object.hasOwn(holder, step) ? holder[step] : undefined;
      if (typeof next !== 'object' || next === null)
        throw new TenureError('invalid', `There is no setting "decisions.${key}" of the gate.`);
      holder = next as Record<string, unknown>;
    }
    if (!Object.hasOwn(holder, last))
      throw new TenureError('invalid', `There is no setting "decisions.${key}" of the gate.`);
    holder[last] = value;
  }
  const parsed = Config.shape.decisions.safeParse(draft, { error: issueWords });
  if (parsed.success) return parsed.data;
  throw new TenureError('invalid', `These are no settings of the gate: ${z.prettifyError(parsed.error)}`);
}

/** What other settings would have made of what was decided. Reads only. */
export function createPreview({ db, clock, settings, scoreOf, quietEnds }: PreviewDeps) {
  const storage = createHistoryStorage(db);
  /** Between two chunks everything else has its turn: questions do not wait for a preview. */
  const breathe = (): Promise<void> => new Promise((resolve) => void clock.after(0, resolve));

  /** The newest so many up to `until`, oldest first. */
  async function read(filter: HistoryFilter): Promise<StoredDecision[]> {
    const found: StoredDecision[] = [];
    while (found.length < MOST) {
      const { decisions } = storage.page(filter, found.length, CHUNK);
      found.push(...decisions);
      if (decisions.length < CHUNK) break;
      await breathe();
    }
    return found.toReversed();
  }

  /** Rejects with a TenureError, invalid: a key that there is not, or a value that it does not take. */
  return async ({ changes, projectId }: InputOf<'policy.preview'>): Promise<OutputOf<'policy.preview'>> => {
    const today = settings();
    const settingsOfDraft = changed(today, changes);
    const draft: Draft = {
      settings: settingsOfDraft,
      isQuiet: (at) => quietEnds(settingsOfDraft.quietHours, at) !== null,
    };
    const until = clock.now();
    const since = until - PREVIEW_MS;
    // What is decided meanwhile is none of it: the pages must not move under the reader.
    const decisions = await read({ since, until, ...(projectId !== undefined && { projectId }) });
    const sources = storage.sources();
    const ground: Ground = {
      ranBefore: storage.ranBefore(decisions[0]?.askedAt ?? since),
      scoreOf,
      sourceOf: (sessionId) => sources.get(sessionId) ?? 'person',
    };
    const kept = decisions.filter(isKept);
    const [was, would] = [createReplay(today, ground), createReplay(draft.settings, ground)];
    const before: Verdict[] = [];
    const after: Verdict[] = [];
    for (const [n, decision] of kept.entries()) {
      if (n > 0 && n % CHUNK === 0) await breathe();
      before.push(was(decision));
      after.push(would(decision));
    }
    return previewOf({ kept, before, after, unknown: decisions.length - kept.length }, since, draft, today);
  };
}
