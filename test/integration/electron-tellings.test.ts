import { beforeEach, describe, expect, it, vi } from 'vitest';
import { createNotifier } from '../../src/main/notifier.ts';
import { createTellings } from '../../src/main/tellings.ts';
import type { Fact } from '../../src/shared/contract/index.ts';
import { createFakeClock } from '../fakes/clock.ts';
import { createEngineStandIn } from '../fakes/electron/engine.ts';
import { app } from '../fakes/electron/index.ts';
import { centre, Notification } from '../fakes/electron/notification.ts';

vi.mock('electron', () => import('../fakes/electron/index.ts'));

const openWindow = vi.fn<(hash: string) => void>();
const alert = {
  id: 'alr_1',
  at: 1,
  metric: 'disk',
  sentence: 'The disk is 95 % full.',
  peak: 0.95,
  clearedAt: null,
  verdict: null,
} as const;
const budget = {
  scope: 'day',
  subject: null,
  name: 'Today',
  limit: { usd: 10, tokens: null },
  spent: { usd: 11, costUnknown: 0, tokens: null },
  share: 1.1,
  state: 'over',
  resetsAt: 9,
  sentence: 'All of it is spent.',
} as const;
const scored: Fact = {
  type: 'evaluation.alerted',
  body: { sessionId: 'ses_1', project: 'atlas\u202eapi', score: 1, reason: 'Its tests fail.' },
};
const NEWS: [string, Fact, object, string][] = [
  [
    'work that was scored low',
    scored,
    { title: 'atlas[right-to-left override (U+202E)]api: scored 1 of 5', body: 'Its tests fail.' },
    '#/window/sessions/ses_1',
  ],
  ['strain', { type: 'resource.alerted', body: { alert } }, { body: 'The disk is 95 % full.' }, '#/window/health'],
  [
    'a budget',
    { type: 'budget.warned', body: { budget } },
    { title: 'Today: budget spent', body: 'All of it is spent.' },
    '#/window/usage',
  ],
];

async function start() {
  await app.whenReady();
  const engine = createEngineStandIn();
  return { engine, stop: createTellings({ engine, openWindow }) };
}
const arrived = (n: number) => vi.waitFor(() => expect(centre.size).toBe(n));

beforeEach(() => {
  centre.clear();
  Notification.objects.clear();
  openWindow.mockClear();
});

describe('what is told once', () => {
  it.each(NEWS)('%s arrives and can be opened', async (_what, fact, shown, place) => {
    const { engine } = await start();
    engine.emit(fact);
    await arrived(1);
    const [[id, options] = ['', {}]] = [...centre];
    expect(options).toMatchObject({ ...shown, actions: [{ type: 'button', text: 'Open' }] });
    Notification.objects.get(id)?.press(0);
    expect(openWindow).toHaveBeenCalledWith(place);
    expect(engine.calls).toEqual([]);
  });

  it('goes when the strain is over, and not otherwise', async () => {
    const { engine } = await start();
    engine.emit({ type: 'resource.alerted', body: { alert } });
    engine.emit(scored);
    await arrived(2);
    engine.emit({ type: 'resource.cleared', body: { alert: { ...alert, clearedAt: 2 } } });
    expect([...centre.keys()]).toEqual(['news:score:ses_1']);
  });

  it('stays over a restart, although nobody asks it', async () => {
    const { engine } = await start();
    engine.emit(scored);
    await arrived(1);
    centre.set('dec_old', { id: 'dec_old' });
    createNotifier({ engine, platform: 'darwin', clock: createFakeClock(), open: () => undefined });
    await vi.waitFor(() => expect([...centre.keys()]).toEqual(['news:score:ses_1']));
  });
});
