import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import { Config } from '../../../shared/config.ts';
import type { InputOf, OutputOf } from '../../../shared/contract/index.ts';
import { TenureError } from '../../../shared/errors.ts';
import type { Clock } from '../../kernel/ports.ts';
import { createHistoryStorage } from '../history/storage.ts';
import { previewOf } from './rules.ts';

const DAY_MS = 86_400_000;
const PREVIEW_MS = 30 * DAY_MS;
/** Of more decisions than this the newest are looked at. */
const MOST = 20_000;

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
  const parsed = Config.shape.decisions.safeParse(draft);
  if (parsed.success) return parsed.data;
  throw new TenureError('invalid', `These are no settings of the gate: ${z.prettifyError(parsed.error)}`);
}

/** What other settings would have made of what was decided. Reads only. */
export function createPreview({ db, clock, settings, scoreOf, quietEnds }: PreviewDeps) {
  const storage = createHistoryStorage(db);
  /** @throws TenureError invalid: a key that there is not, or a value that it does not take. */
  return ({ changes, projectId }: InputOf<'policy.preview'>): OutputOf<'policy.preview'> => {
    const today = settings();
    const draft = changed(today, changes);
    const since = clock.now() - PREVIEW_MS;
    const { decisions } = storage.page({ since, ...(projectId !== undefined && { projectId }) }, 0, MOST);
    const oldest = decisions.at(-1)?.askedAt ?? since;
    const sources = storage.sources();
    return previewOf(
      decisions.toReversed(),
      since,
      today,
      {
        settings: draft,
        isQuiet: (at) => quietEnds(draft.quietHours, at) !== null,
      },
      {
        ranBefore: storage.ranBefore(oldest),
        scoreOf,
        sourceOf: (sessionId) => sources.get(sessionId) ?? 'person',
      },
    );
  };
}
