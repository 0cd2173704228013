import { beforeEach, describe, expect, it, vi } from 'vitest';
import { asksOf } from '../../src/main/asks.ts';
import { createNotifier } from '../../src/main/notifier.ts';
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
  const stop = createNotifier({ engine, platform, clock, open: opened });
  return { engine, clock, stop };
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
  it('takes up what was delivered, removes what is settled, and shows nothing twice', async () => {
    centre.set('dec_1', { id: 'dec_1', title: 'from before' });
    centre.set('dec_old', { id: 'dec_old', title: 'answered meanwhile' });
    const { engine } = await start(snapshot({ decisions: [asked, decision({ id: 'dec_2' })] }));
    await shown('dec_2');
    expect([...centre].map(([id, { title }]) => [id, title])).toEqual([
      ['dec_1', 'from before'],
      ['dec_2', 'atlas-api asks'],
    ]);
    theOne('dec_1').press(1);
    expect(engine.calls).toEqual([{ method: 'decisions.deny', input: { id: 'dec_1' } }]);
  });

  it('waits with what is new until it knows what was delivered', async () => {
    centre.set('dec_1', { id: 'dec_1', title: 'from before' });
    const { engine } = await start(snapshot({ decisions: [asked] }));
    engine.emit({ type: 'decision.recorded', body: { decision: decision({ id: 'dec_2' }) } });
    await shown('dec_2');
    expect(centre.get('dec_1')?.title).toBe('from before');
  });
});

describe('when macOS does not show them', () => {
  it('puts up a notice with the reason and takes it down at the next that is shown', async () => {
    standIn.notifications = 'fails';
    const { engine } = await start(snapshot({ decisions: [asked] }));
    await vi.waitFor(() => expect(engine.notices.get('notifications')).toMatch(/not allowed for this application/));
    standIn.notifications = 'works';
    engine.emit({ type: 'decision.recorded', body: { decision: decision({ id: 'dec_2' }) } });
    await shown('dec_2');
    expect(engine.notices.size).toBe(0);
  });

  it('is content once one was shown', async () => {
    const { engine, clock } = await start(snapshot({ decisions: [asked] }));
    await shown('dec_1');
    clock.advance(60_000);
    expect(engine.notices.size).toBe(0);
  });

  it('says nothing more to an engine that has stopped', async () => {
    standIn.notifications = 'silent';
    const { engine, clock, stop } = await start(snapshot({ decisions: [asked] }));
    await vi.waitFor(() => expect(clock.pending()).toBe(1));
    stop();
    clock.advance(10_000);
    expect(engine.notices.size).toBe(0);
  });

  it('does not take silence for success', async () => {
    standIn.notifications = 'silent';
    const { engine, clock } = await start(snapshot({ decisions: [asked] }));
    await vi.waitFor(() => expect(clock.pending()).toBe(1));
    clock.advance(10_000);
    expect(engine.notices.get('notifications')).toMatch(/is Tenure signed\?/);
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
      actions: [{ type: 'button', text: 'Open' }],
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
