import { beforeEach, describe, expect, it, vi } from 'vitest';
import { createAlerts } from '../../src/main/alerts.ts';
import { createNative } from '../../src/main/native.ts';
import type { Incident, IncidentMessage } from '../../src/shared/contract/incidents.ts';
import { createFakeClock } from '../fakes/clock.ts';
import { createEngineStandIn, snapshot } from '../fakes/electron/engine.ts';
import { app } from '../fakes/electron/index.ts';
import { centre, Notification } from '../fakes/electron/notification.ts';
import { incident, service } from '../fakes/services/views.ts';

vi.mock('electron', () => import('../fakes/electron/index.ts'));

const VERDICTS = ['Useful', 'False alarm'];
const openWindow = vi.fn<(hash: string) => void>();
const restart = { kind: 'docker', container: 'web' } as const;
const down: IncidentMessage = { kind: 'down', title: 'Web is down', body: 'refused' };
const recovered: IncidentMessage = { kind: 'recovered', title: 'Web recovered', body: 'It was down for 3 minutes.' };

async function start(services = [service({ restart })]) {
  await app.whenReady();
  const engine = createEngineStandIn(snapshot({ services, incidents: [incident()] }));
  const onStanding = () => undefined;
  const native = createNative({ platform: 'darwin', clock: createFakeClock(), isOn: () => true, onStanding });
  const stop = createAlerts({ engine, native, openWindow });
  const tell = (message: IncidentMessage, over: Partial<Incident> = {}): void =>
    engine.emit({ type: 'incident.told', body: { incident: incident(over), message } });
  return { engine, tell, stop };
}
const shown = (): Notification => {
  const found = Notification.objects.get('inc_1');
  if (!found) throw new Error('no notification');
  return found;
};

beforeEach(() => {
  centre.clear();
  Notification.objects.clear();
  openWindow.mockClear();
});

describe('an incident', () => {
  it('that lasts since before the start is not told again', async () => {
    await start();
    expect(centre.size).toBe(0);
  });

  it('is shown as it is told, with a restart where one is set up', async () => {
    const { engine, tell } = await start();
    tell(down);
    await vi.waitFor(() =>
      expect(centre.get('inc_1')).toMatchObject({ title: 'Web is down', body: 'refused', groupId: 'services' }),
    );
    shown().press(0);
    expect(engine.calls).toEqual([{ method: 'services.restart', input: { id: 'svc_web' } }]);
    // An answered one is gone; the next message has its own buttons.
    tell(down);
    await vi.waitFor(() => shown().press(1));
    expect(openWindow).toHaveBeenCalledWith('#/window/services/svc_web');
  });

  it.each([
    [2, 'useful'],
    [3, 'false'],
  ])('is judged on the notification itself: button %i says %s', async (index, verdict) => {
    const { engine, tell } = await start();
    tell(down);
    await vi.waitFor(() => expect(shown().actions.map(({ text }) => text)).toEqual(['Restart', 'Open', ...VERDICTS]));
    shown().press(index);
    expect(engine.calls).toEqual([{ method: 'alerts.judge', input: { id: 'inc_1', verdict } }]);
    expect(openWindow).not.toHaveBeenCalled();
  });

  it('without a restart, and an infrastructure event, can only be opened', async () => {
    const { engine, tell } = await start([service()]);
    tell(down, { kind: 'infrastructure', serviceId: null });
    await vi.waitFor(() => expect(shown().actions.map(({ text }) => text)).toEqual(['Open', ...VERDICTS]));
    shown().press(0);
    expect(engine.calls).toEqual([]);
    expect(openWindow).toHaveBeenCalledWith('#/window/services');
  });

  it('gives its place to what is said later, and goes when it ends without a word', async () => {
    const { engine, tell } = await start();
    tell(down);
    tell(recovered, { closedAt: 9 });
    await vi.waitFor(() => expect(centre.get('inc_1')).toMatchObject({ title: 'Web recovered' }));
    tell(down);
    await vi.waitFor(() => expect(centre.get('inc_1')).toMatchObject({ title: 'Web is down' }));
    engine.emit({ type: 'incident.changed', body: { incident: incident({ closedAt: 9 }) } });
    await vi.waitFor(() => expect(centre.has('inc_1')).toBe(false));
  });

  it('is veiled in private mode, and can only be opened', async () => {
    const { engine, tell } = await start();
    engine.configure({ notifications: { private: true } });
    tell(down);
    await vi.waitFor(() => expect(centre.get('inc_1')).toMatchObject({ title: 'Tenure' }));
    expect(JSON.stringify([...centre.values()])).not.toMatch(/Web|refused|Restart/);
    shown().press(0);
    expect(engine.calls).toEqual([]);
  });

  it('is told no more once it was stopped', async () => {
    const { tell, stop } = await start();
    stop();
    tell(down);
    expect(centre.size).toBe(0);
  });
});
