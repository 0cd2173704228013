import { beforeEach, describe, expect, test, vi } from 'vitest';
import { type TestDatabase, testDatabase } from '../../../test/builders.ts';
import { createFakeClock } from '../../../test/fakes/clock.ts';
import { incident } from '../../../test/fakes/services/views.ts';
import type { Telling } from '../../shared/contract/notifications.ts';
import { createJournal, type Journal } from '../kernel/journal.ts';
import type { NotificationChannel } from '../kernel/shell-ports.ts';
import { createPageChannel } from './page-channel.ts';
import { digestOf, tellingOf } from './rules.ts';
import { createNotify, type Notify } from './service.ts';
import { createNotifyStorage } from './storage.ts';

let database: TestDatabase;
let journal: Journal;
let notify: Notify;
let quiet: number | null;
let settings: { private: boolean; digest: boolean };
let told: Telling[];
let withdrawn: string[];

const channel = (over: Partial<NotificationChannel> = {}): NotificationChannel => ({
  name: 'test',
  title: 'A channel',
  standing: () => ({ state: 'ready', sentence: 'It works.', lastAt: null }),
  tell: (telling) => void told.push(telling),
  withdraw: (id) => void withdrawn.push(id),
  test: async () => ({ outcome: 'shown', sentence: 'It arrived.' }),
  ...over,
});

/** As after a restart: everything but the database is new. */
function start(): void {
  journal = createJournal(database.db, createFakeClock(), (error) => {
    throw error;
  });
  notify = createNotify({
    journal,
    storage: createNotifyStorage(database.db),
    quietEnds: () => quiet,
    settings: () => settings,
  });
  notify.register(channel());
  notify.start();
}

const scored = (sessionId: string, score = 2) =>
  journal.commit((emit) =>
    emit({ type: 'evaluation.alerted', body: { sessionId, project: 'atlas', score, reason: 'No test ran.' } }),
  );
const titles = () => told.map(({ title }) => title);

beforeEach(() => {
  database = testDatabase();
  quiet = null;
  settings = { private: false, digest: true };
  told = [];
  withdrawn = [];
  start();
});

test('news are told at once, once, and with the place where they can be seen', () => {
  notify.tick();
  scored('ses_1');
  notify.tick();
  expect(told).toEqual([
    { id: 'news:score:ses_1', title: 'atlas: scored 2 of 5', body: 'No test ran.', place: '#/window/sessions/ses_1' },
  ]);
  journal.commit((emit) => emit({ type: 'sessions.paused', body: { paused: true } }));
  start();
  notify.tick();
  expect(told).toHaveLength(1);
});

test("the day's digest is told as it stands, and in private mode without a word of it", () => {
  const body = { from: 0, to: 1, title: 'The day: 1 session ended', body: '1 session ended: 1 completed, 2 commits.' };
  notify.tick();
  journal.commit((emit) => emit({ type: 'daily.told', body }));
  settings.private = true;
  journal.commit((emit) => emit({ type: 'daily.told', body: { ...body, to: 2 } }));
  expect(told).toEqual([
    { id: 'news:daily:1', title: body.title, body: body.body, place: '#/window/activity' },
    { id: 'news:daily:2', title: 'Tenure', body: 'There is something to look at.', place: '#/window/activity' },
  ]);
});

test('an old journal is no news to a first start', () => {
  database.db.prepare("DELETE FROM settings WHERE key = 'notify.told_to'").run();
  scored('ses_1');
  told = [];
  database.db.prepare("DELETE FROM settings WHERE key = 'notify.told_to'").run();
  start();
  notify.tick();
  expect(told).toEqual([]);
});

describe('quiet hours', () => {
  test('hold back, and end in one digest', () => {
    quiet = 1;
    scored('ses_1');
    scored('ses_2');
    scored('ses_1', 1);
    notify.tick();
    expect(told).toEqual([]);
    quiet = null;
    notify.tick();
    notify.tick();
    expect(told).toHaveLength(1);
    expect(told[0]).toMatchObject({ title: '2 things happened', body: 'atlas: scored 1 of 5\natlas: scored 2 of 5' });
  });

  test('lose nothing by a restart in the middle', () => {
    quiet = 1;
    scored('ses_1');
    start();
    scored('ses_2');
    notify.stop();
    quiet = null;
    start();
    notify.tick();
    expect(titles()).toEqual(['2 things happened']);
  });

  test('one by one where the person wants no digest; one alone is itself', () => {
    settings.digest = false;
    quiet = 1;
    scored('ses_1');
    scored('ses_2');
    quiet = null;
    notify.tick();
    expect(titles()).toEqual(['atlas: scored 2 of 5', 'atlas: scored 2 of 5']);
  });

  test('what comes before the beat after them brings along what was held back', () => {
    quiet = 1;
    scored('ses_1');
    quiet = null;
    scored('ses_2');
    notify.tick();
    expect(titles()).toEqual(['2 things happened']);
  });
});

test('private mode says that there is something and not what', () => {
  settings.private = true;
  scored('ses_1');
  expect(JSON.stringify(told)).not.toMatch(/atlas|scored|No test/);
  expect(told[0]).toMatchObject({ title: 'Tenure', place: '#/window/sessions/ses_1' });
  const news = ['a', 'b', 'c'].map((id) => ({ id, title: `secret ${id}`, body: 'secret', place: '#/' }));
  expect(JSON.stringify(digestOf(news, true))).not.toContain('secret');
});

test('a long digest counts what it leaves out', () => {
  const news = Array.from({ length: 9 }, (_, n) => ({ id: `${n}`, title: `Thing ${n}`, body: '', place: '#/' }));
  expect(digestOf(news, false)).toMatchObject({ title: '9 things happened', body: expect.stringMatching(/\n5 more$/) });
  expect(digestOf([], false)).toBeNull();
  expect(digestOf(news.slice(0, 1), false)).toEqual(tellingOf(news[0]!, false));
});

test('a strain that is over is withdrawn, told or held back', () => {
  const alert = { id: 'res_1', resource: 'memory', sentence: 'Memory is short.' } as never;
  journal.commit((emit) => emit({ type: 'resource.alerted', body: { alert } }));
  journal.commit((emit) => emit({ type: 'resource.cleared', body: { alert } }));
  expect([titles(), withdrawn]).toEqual([['This machine is under strain'], ['news:res_1']]);
  quiet = 1;
  journal.commit((emit) => emit({ type: 'resource.alerted', body: { alert } }));
  journal.commit((emit) => emit({ type: 'resource.cleared', body: { alert } }));
  quiet = null;
  notify.tick();
  expect(told).toHaveLength(1);
});

describe('the test', () => {
  test('says of every channel what became of it; one that is off is not tried', async () => {
    const off = vi.fn<NotificationChannel['test']>();
    notify.register(
      channel({ name: 'off', standing: () => ({ state: 'off', sentence: 'Off.', lastAt: null }), test: off }),
    );
    expect(await notify.test()).toEqual([
      { channel: 'test', title: 'A channel', outcome: 'shown', sentence: 'It arrived.' },
      { channel: 'off', title: 'A channel', outcome: 'off', sentence: 'Off.' },
    ]);
    expect(off).not.toHaveBeenCalled();
  });

  test('reaches the open pages as a signal, unless the person has switched them off', async () => {
    const heard: string[] = [];
    let isOn = true;
    journal.onSignal((signal) => heard.push(signal.type));
    const pages = createPageChannel({ journal, isOn: () => isOn });
    expect((await pages.test()).outcome).toBe('sent');
    isOn = false;
    expect(pages.standing().state).toBe('off');
    pages.tell({ id: 'a', title: '', body: '', place: '' });
    expect(heard).toEqual(['notification.told']);
  });
});

test('a service that is down is told in quiet hours as well, once; that it recovered can wait for their end', () => {
  const tellIncident = (kind: 'down' | 'recovered', title: string) =>
    journal.commit((emit) =>
      emit({ type: 'incident.told', body: { incident: incident(), message: { kind, title, body: 'refused' } } }),
    );
  notify.tick();
  quiet = 1;
  scored('ses_1');
  tellIncident('down', 'Web is down');
  expect(titles()).toEqual(['Web is down']);
  tellIncident('recovered', 'Web recovered');
  expect(titles()).toEqual(['Web is down']);
  quiet = null;
  notify.tick();
  expect(told.at(-1)).toMatchObject({ id: 'news:digest', body: 'atlas: scored 2 of 5\nWeb recovered' });
  expect(told).toHaveLength(2);
});
