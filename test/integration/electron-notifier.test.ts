import { beforeEach, describe, expect, it, vi } from 'vitest';
import { createNative } from '../../src/main/native.ts';
import { createNotifier, nativeChannel } from '../../src/main/notifier.ts';
import { asksOf } from '../../src/shared/asks.ts';
import { createFakeClock } from '../fakes/clock.ts';
import { createEngineStandIn, decision, promotion, session, snapshot, trust } from '../fakes/electron/engine.ts';
import { app } from '../fakes/electron/index.ts';
import { centre, Notification } from '../fakes/electron/notification.ts';
import { standIn } from '../fakes/electron/world.ts';

vi.mock('electron', () => import('../fakes/electron/index.ts'));

const opened = vi.fn<() => void>();
const asked = decision();

async function start(state = snapshot(), platform: NodeJS.Platform = 'darwin') {
  await app.whenReady();
  const engine = createEngineStandIn(state);
  const clock = createFakeClock();
  const isOn = () => engine.config.notifications.native;
  const standing: (string | null)[] = [];
  const onStanding = (problem: string | null) => void standing.push(problem);
  const native = createNative({ platform, clock, isOn, onStanding });
  const stop = createNotifier({ engine, native, open: opened });
  return { engine, clock, stop, native, standing };
}

const delivered = () => vi.waitFor(() => expect([...centre.keys()]).not.toEqual([]));
const shown = (id: string) => vi.waitFor(() => expect(Notification.objects.get(id)).toBeDefined());
const theOne = (id: string): Notification => Notification.objects.get(id)!;

beforeEach(() => {
  centre.clear();
  Notification.objects.clear();
  standIn.notifications = 'works';
  opened.mockClear();
});

describe('a decision that waits', () => {
  it('arrives under its own id, with its session, the exact command and both answers', async () => {
    const { engine } = await start();
    engine.emit({ type: 'decision.recorded', body: { decision: asked } });
    await delivered();
    expect(centre.get('dec_1')).toEqual({
      id: 'dec_1',
      groupId: 'ses_1',
      title: 'atlas-api asks',
      subtitle: 'Medium risk · Bash',
      body: 'git commit -m "Fix the login"',
      actions: [
        { type: 'button', text: 'Approve' },
        { type: 'button', text: 'Deny' },
      ],
      hasReply: true,
      replyPlaceholder: 'Deny, and say why',
    });
  });

  it.each([
    [0, 'decisions.approve'],
    [1, 'decisions.deny'],
  ])('button %i calls %s as the owner', async (index, method) => {
    const { engine } = await start(snapshot({ decisions: [asked] }));
    await shown('dec_1');
    theOne('dec_1').press(index);
    expect(engine.calls).toEqual([{ method, input: { id: 'dec_1' } }]);
    expect(opened).not.toHaveBeenCalled();
  });

  it.each([
    ['is high risk', decision({ risk: 'high' })],
    ['is critical', decision({ risk: 'critical', steps: 2 })],
    ['needs two steps', decision({ steps: 2 })],
    ['is too long to be seen whole', decision({ action: { ...asked.action, detail: 'x'.repeat(181) } })],
    ['has more than one line', decision({ action: { ...asked.action, detail: 'git status\nrm -rf .' } })],
    ['hides characters', decision({ action: { ...asked.action, detail: 'git push \u202egro.live' } })],
  ])('can only be opened when it %s', async (_why, grave) => {
    const { engine } = await start(snapshot({ decisions: [grave] }));
    await shown('dec_1');
    expect(theOne('dec_1').actions).toEqual([{ type: 'button', text: 'Open' }]);
    theOne('dec_1').press(0);
    expect(engine.calls).toEqual([]);
    expect(opened).toHaveBeenCalledOnce();
  });

  it('names hidden characters instead of obeying them', () => {
    const [ask] = asksOf(snapshot({ decisions: [decision({ action: { ...asked.action, detail: 'a\u202eb\nc' } })] }));
    expect(ask?.body).toBe('a[right-to-left override (U+202E)]b ⏎ c');
  });

  it('opens and answers nothing when its body is clicked', async () => {
    const { engine } = await start(snapshot({ decisions: [asked] }));
    await shown('dec_1');
    theOne('dec_1').click();
    expect(opened).toHaveBeenCalledOnce();
    expect(engine.calls).toEqual([]);
  });

  it('is withdrawn when it is answered elsewhere, and others stay', async () => {
    const { engine } = await start(snapshot({ decisions: [asked, decision({ id: 'dec_2' })] }));
    await shown('dec_2');
    engine.emit({ type: 'decision.answered', body: { decision: decision({ state: 'denied' }) } });
    expect([...centre.keys()]).toEqual(['dec_2']);
  });

  it('says so when the answer came too late', async () => {
    const { engine } = await start(snapshot({ decisions: [asked] }));
    await shown('dec_1');
    engine.refusal = 'The deadline has passed; it counts as denied.';
    theOne('dec_1').press(0);
    await shown('dec_1:refused');
    expect(centre.get('dec_1:refused')).toMatchObject({
      title: 'Approve did not happen',
      body: 'The deadline has passed; it counts as denied.',
    });
  });

  it('does not come again after it was swiped away', async () => {
    const { engine } = await start(snapshot({ decisions: [asked] }));
    await shown('dec_1');
    theOne('dec_1').dismiss();
    engine.emit({ type: 'decision.recorded', body: { decision: decision({ id: 'dec_2' }) } });
    await shown('dec_2');
    expect([...centre.keys()]).toEqual(['dec_2']);
  });

  it('is left alone once the notifier has stopped', async () => {
    const { engine, stop } = await start(snapshot({ decisions: [asked] }));
    await shown('dec_1');
    stop();
    engine.emit({ type: 'decision.answered', body: { decision: decision({ state: 'approved' }) } });
    expect(centre.has('dec_1')).toBe(true);
  });
});

describe('a promotion', () => {
  const open = trust({ promotion: promotion() });
  it.each([
    [0, 'trust.approvePromotion'],
    [1, 'trust.declinePromotion'],
  ])('button %i calls %s', async (index, method) => {
    const { engine } = await start();
    engine.emit({ type: 'promotion.proposed', body: { promotion: promotion(), trust: open } });
    await shown('pro_1');
    expect(theOne('pro_1')).toMatchObject({ title: 'Ready for Moderate', groupId: 'trust' });
    theOne('pro_1').press(index);
    expect(engine.calls).toEqual([{ method, input: { id: 'pro_1' } }]);
  });

  it('is withdrawn when it closes', async () => {
    const { engine } = await start(snapshot({ trust: open }));
    await shown('pro_1');
    engine.emit({ type: 'promotion.closed', body: { promotion: promotion({ state: 'expired' }), trust: trust() } });
    expect(centre.size).toBe(0);
  });
});

describe('after a restart', () => {
  const said = { title: 'atlas-api asks', body: asked.action.detail };

  it('takes up what was delivered, removes what is settled, and shows nothing twice', async () => {
    centre.set('dec_1', { id: 'dec_1', ...said, subtitle: 'from before' });
    centre.set('dec_old', { id: 'dec_old', title: 'answered meanwhile' });
    centre.set('news:score:ses_9', { id: 'news:score:ses_9', title: 'told, and asking nothing' });
    const { engine } = await start(snapshot({ decisions: [asked, decision({ id: 'dec_2' })] }));
    await shown('dec_2');
    expect([...centre].map(([id, { subtitle }]) => [id, subtitle])).toEqual([
      ['dec_1', 'from before'],
      ['news:score:ses_9', undefined],
      ['dec_2', 'Medium risk · Bash'],
    ]);
    theOne('dec_1').press(1);
    expect(engine.calls).toEqual([{ method: 'decisions.deny', input: { id: 'dec_1' } }]);
  });

  it('takes up the field for words too', async () => {
    centre.set('dec_1', { id: 'dec_1', ...said });
    const { engine } = await start(snapshot({ decisions: [asked] }));
    await vi.waitFor(() => expect(theOne('dec_1').listenerCount('reply')).toBe(1));
    theOne('dec_1').answer('Not on Fridays.');
    expect(engine.calls).toEqual([{ method: 'decisions.deny', input: { id: 'dec_1', reason: 'Not on Fridays.' } }]);
  });

  it('waits with what is new until it knows what was delivered', async () => {
    centre.set('dec_1', { id: 'dec_1', ...said, subtitle: 'from before' });
    const { engine } = await start(snapshot({ decisions: [asked] }));
    engine.emit({ type: 'decision.recorded', body: { decision: decision({ id: 'dec_2' }) } });
    await shown('dec_2');
    expect(centre.get('dec_1')?.subtitle).toBe('from before');
  });

  it('does not take the one button of a veiled question for another one', async () => {
    centre.set('dec_1', { id: 'dec_1', title: 'Tenure asks', body: 'Something waits for you.' });
    const { engine } = await start(snapshot({ decisions: [asked] }));
    await vi.waitFor(() => expect(centre.get('dec_1')?.title).toBe('atlas-api asks'));
    expect(theOne('dec_1').actions).toHaveLength(2);
    expect(engine.calls).toEqual([]);
  });
});

describe('when macOS does not show them', () => {
  it('says why, and that it is over at the next that is shown', async () => {
    standIn.notifications = 'fails';
    const { engine, standing, native } = await start(snapshot({ decisions: [asked] }));
    await vi.waitFor(() => expect(standing).toEqual(['Notifications are not allowed for this application.']));
    expect(native.standing()).toMatchObject({ state: 'failing', lastAt: null });
    standIn.notifications = 'works';
    engine.emit({ type: 'decision.recorded', body: { decision: decision({ id: 'dec_2' }) } });
    await shown('dec_2');
    expect(standing.at(-1)).toBeNull();
    expect(native.standing()).toMatchObject({ state: 'ready', sentence: 'They arrive.' });
  });

  it('is content once one was shown', async () => {
    const { standing, clock } = await start(snapshot({ decisions: [asked] }));
    await shown('dec_1');
    clock.advance(60_000);
    expect(standing).toEqual([]);
  });

  it('does not take silence for success', async () => {
    standIn.notifications = 'silent';
    const { standing, clock } = await start(snapshot({ decisions: [asked] }));
    await vi.waitFor(() => expect(clock.pending()).toBe(1));
    clock.advance(10_000);
    expect(standing).toEqual([expect.stringMatching(/is Tenure signed\?/)]);
  });

  it('takes silence for granted where the system need not say it', async () => {
    standIn.notifications = 'silent';
    const { standing, clock } = await start(snapshot({ decisions: [asked] }), 'linux');
    await vi.waitFor(() => expect(clock.pending()).toBe(1));
    clock.advance(10_000);
    expect(standing).toEqual([]);
  });
});

describe('an answer in words', () => {
  it.each([
    ['  Not on Fridays. ', { id: 'dec_1', reason: 'Not on Fridays.' }],
    ['   ', { id: 'dec_1' }],
    ['x'.repeat(3_000), { id: 'dec_1', reason: 'x'.repeat(2_000) }],
  ])('denies with it as the reason (%#)', async (text, input) => {
    const { engine } = await start(snapshot({ decisions: [asked] }));
    await shown('dec_1');
    theOne('dec_1').answer(text);
    expect(engine.calls).toEqual([{ method: 'decisions.deny', input }]);
  });

  it('is not asked for what can only be opened', async () => {
    await start(snapshot({ decisions: [decision({ risk: 'high' })] }));
    await shown('dec_1');
    expect(theOne('dec_1').hasReply).toBe(false);
  });
});

describe('the settings', () => {
  it('private: says that something waits, and can only be opened; what stands there is veiled at once', async () => {
    const { engine } = await start(snapshot({ decisions: [asked, decision({ id: 'dec_2', risk: 'high' })] }));
    await shown('dec_2');
    engine.configure({ notifications: { private: true } });
    await vi.waitFor(() =>
      expect([...centre.values()].map(({ title }) => title)).toEqual(['Tenure asks', 'Tenure asks']),
    );
    expect(JSON.stringify([...centre.values()])).not.toMatch(/atlas|git|Bash|Approve/);
    theOne('dec_1').press(0);
    expect(opened).toHaveBeenCalledOnce();
    expect(engine.calls).toEqual([]);
  });

  it('switched off: withdraws what stands there, shows nothing, and says so', async () => {
    const { engine, native } = await start(snapshot({ decisions: [asked] }));
    await shown('dec_1');
    engine.configure({ notifications: { native: false } });
    expect(centre.size).toBe(0);
    expect(native.standing().state).toBe('off');
    engine.configure({ notifications: { native: true } });
    await shown('dec_1');
  });
});

describe('as a channel of the engine', () => {
  const channel = async () => {
    const { native, clock, engine } = await start();
    const openWindow = vi.fn<(hash: string) => void>();
    return { clock, engine, openWindow, ...nativeChannel(native, openWindow, engine.call) };
  };
  const telling = {
    id: 'news:a',
    title: 'atlas: scored 1 of 5',
    body: 'No test ran.',
    place: '#/window/sessions/ses_1',
  };

  it('tells, opens the place and acts on nothing, and withdraws', async () => {
    const { tell, withdraw, openWindow, engine } = await channel();
    tell(telling);
    await shown('news:a');
    const actions = ['Open', 'Useful', 'False alarm'].map((text) => ({ type: 'button', text }));
    expect(centre.get('news:a')).toMatchObject({ groupId: 'news', actions });
    theOne('news:a').click();
    expect(openWindow).toHaveBeenCalledExactlyOnceWith('#/window/sessions/ses_1');
    tell(telling);
    await shown('news:a');
    withdraw('news:a');
    expect(centre.size).toBe(0);
    expect(engine.calls).toEqual([]);
  });

  it.each([
    [1, 'useful'],
    [2, 'false'],
  ])('button %i judges it %s by its own id; several told together are only opened', async (index, verdict) => {
    const { tell, engine, openWindow } = await channel();
    tell(telling);
    await shown('news:a');
    theOne('news:a').press(index);
    expect(engine.calls).toEqual([{ method: 'alerts.judge', input: { id: 'a', verdict } }]);
    expect(openWindow).not.toHaveBeenCalled();
    tell({ ...telling, id: 'news:digest' });
    await shown('news:digest');
    expect(theOne('news:digest').actions).toEqual([{ type: 'button', text: 'Open' }]);
  });

  it('a test says that it was shown, that it failed, or that nothing was said in time', async () => {
    const { test, clock } = await channel();
    expect(await test()).toMatchObject({ outcome: 'shown' });
    standIn.notifications = 'fails';
    expect(await test()).toMatchObject({
      outcome: 'failed',
      sentence: expect.stringMatching(/^Notifications are not/),
    });
    standIn.notifications = 'silent';
    const third = test();
    clock.advance(10_000);
    expect(await third).toMatchObject({ outcome: 'silent' });
  });
});

describe('how loudly it asks', () => {
  const raised = (change: Partial<typeof asked>) => ({
    type: 'decision.raised' as const,
    body: { decision: { ...asked, ...change } },
  });

  it('shows it again, with a sound, when nobody answered or little time is left', async () => {
    const { engine } = await start(snapshot({ decisions: [asked] }));
    await shown('dec_1');
    const first = theOne('dec_1');
    expect(first.silent).toBe(true);
    engine.emit(raised({ urgency: 'high', escalations: 1 }));
    await vi.waitFor(() => expect(centre.get('dec_1')?.title).toBe('atlas-api asks again'));
    expect(theOne('dec_1')).not.toBe(first);
    expect(theOne('dec_1').silent).toBe(false);
    engine.emit(raised({ urgency: 'high', escalations: 1, warned: true }));
    await vi.waitFor(() => expect(centre.get('dec_1')?.title).toBe('atlas-api asks, little time is left'));
  });

  it('leaves what can wait, and the quiet hours, to the menubar', async () => {
    const { engine } = await start();
    engine.emit({ type: 'decision.recorded', body: { decision: { ...asked, urgency: 'low' } } });
    engine.emit({ type: 'decision.recorded', body: { decision: { ...asked, id: 'dec_2', quietUntil: 5 } } });
    engine.emit({ type: 'decision.recorded', body: { decision: { ...asked, id: 'dec_3' } } });
    await shown('dec_3');
    expect([...centre.keys()]).toEqual(['dec_3']);
    engine.emit({ type: 'decision.raised', body: { decision: { ...asked, id: 'dec_2', quietUntil: null } } });
    await shown('dec_2');
  });
});

describe('a session that needs a look', () => {
  const held = { reason: 'repeating', since: 1, evidence: ['It ran "a\u202eb" 8 times.'] } as const;
  const changed = (over: Parameters<typeof session>[0]) => ({
    type: 'session.changed' as const,
    body: { session: session(over) },
  });

  it('that is held is told with its reason, can only be opened, and goes when it goes on', async () => {
    const { engine } = await start(snapshot({ sessions: [session()] }));
    engine.emit(changed({ state: 'parked', held: { ...held, evidence: [...held.evidence] } }));
    await shown('held:ses_1');
    expect(centre.get('held:ses_1')).toMatchObject({
      groupId: 'ses_1',
      title: 'atlas-api: go on or stop?',
      subtitle: 'Paused, it repeats itself',
      body: 'It ran "a[right-to-left override (U+202E)]b" 8 times.',
      actions: ['Open', 'Useful', 'False alarm'].map((text) => ({ type: 'button', text })),
    });
    theOne('held:ses_1').press(0);
    expect(opened).toHaveBeenCalledOnce();
    expect(engine.calls).toEqual([]);
    engine.emit(changed({ state: 'queued' }));
    expect(centre.has('held:ses_1')).toBe(false);
  });

  it('that is silent is told, once, until it speaks', async () => {
    const { engine } = await start(snapshot({ sessions: [session()] }));
    const stall = { lastLineAt: 1, endsAt: null, evidence: ['The last tool was Bash.'] };
    engine.emit(changed({ stall }));
    await shown('stalled:ses_1');
    const first = theOne('stalled:ses_1');
    expect(first).toMatchObject({ title: 'atlas-api is silent', body: 'The last tool was Bash.' });
    engine.emit(changed({ stall: { ...stall, evidence: ['Still.'] } }));
    expect(theOne('stalled:ses_1')).toBe(first);
    engine.emit(changed({}));
    expect(centre.has('stalled:ses_1')).toBe(false);
  });
});
