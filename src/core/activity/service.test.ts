import { expect, test } from 'vitest';
import { testDatabase } from '../../../test/builders.ts';
import { createFakeClock, START } from '../../../test/fakes/clock.ts';
import { activityOf } from '../../shared/activity.ts';
import type { Fact } from '../../shared/contract/index.ts';
import { createJournal } from '../kernel/journal.ts';
import { createActivity } from './service.ts';

const alert = (sentence: string): Fact => ({
  type: 'resource.alerted',
  body: { alert: { id: 'alr_1', at: 0, metric: 'cpu', sentence, peak: 1, clearedAt: null, verdict: null } },
});
const paused = (now: boolean): Fact => ({ type: 'sessions.paused', body: { paused: now } });

function desk(keep = 1_000) {
  const database = testDatabase();
  const clock = createFakeClock();
  const open = (db = database.db) => {
    const journal = createJournal(db, clock, (error) => {
      throw error;
    });
    return { journal, activity: createActivity({ db, journal, keep }) };
  };
  let now = open();
  return {
    clock,
    database,
    get activity() {
      return now.activity;
    },
    tell: (...facts: Fact[]) => now.journal.commit((emit) => facts.forEach(emit)),
    trim: (kept: number) => now.journal.trim(kept),
    restart: () => {
      now = open(database.reopen());
    },
    said: (filter = {}) => now.activity.list(filter).entries.map(({ sentence }) => sentence),
  };
}

test('facts become sentences, newest first, once each over restarts', () => {
  const { tell, said, restart, activity } = desk();
  expect(activity.list({})).toEqual({ entries: [], total: 0, subjects: [], from: null });
  tell(paused(true), alert('The CPU is high.'));
  expect(said()).toEqual(['The CPU is high.', 'Everything was paused: nothing new starts.']);
  tell(paused(false));
  restart();
  const expected = ['Everything goes on again.', 'The CPU is high.', 'Everything was paused: nothing new starts.'];
  expect(said()).toEqual(expected);
  expect(said()).toEqual(expected);
});

test('what was read stays when the journal is trimmed, and what was lost between is skipped', () => {
  const { tell, said, trim, activity, restart } = desk();
  tell(alert('One.'));
  activity.catchUp();
  tell(alert('Two.'), alert('Three.'), alert('Four.'));
  trim(1);
  expect(said()).toEqual(['Four.', 'One.']);
  trim(0);
  restart();
  expect(said()).toEqual(['Four.', 'One.']);
  tell(alert('Five.'));
  expect(said()).toEqual(['Five.', 'Four.', 'One.']);
});

test('an older copy of the database under the same cursor tells nothing twice', () => {
  const { tell, said, database } = desk();
  tell(alert('One.'), alert('Two.'));
  said();
  // As after a copy was put back whose cursor is ahead of its facts.
  database.db.prepare("UPDATE settings SET value = '99' WHERE key = 'activity.seq'").run();
  tell(alert('Three.'));
  expect(said()).toEqual(['Three.', 'Two.', 'One.']);
});

test('only the newest are kept, and the pages join without a gap', () => {
  const { tell, activity, said } = desk(700);
  for (let n = 0; n < 1_200; n += 1) tell(alert(`Number ${n}.`));
  activity.catchUp();
  const first = activity.list({ limit: 400 });
  expect(first.total).toBe(700);
  const second = activity.list({ limit: 400, before: first.entries.at(-1)?.seq });
  const all = [...first.entries, ...second.entries].map(({ sentence }) => sentence);
  expect(all).toEqual(Array.from({ length: 700 }, (_, n) => `Number ${1_199 - n}.`));
  expect(said({ limit: 1 })).toEqual(['Number 1199.']);
});

test('filters: words in any order and case, literal signs, areas, times, routine', () => {
  const { tell, said, clock } = desk();
  tell(alert('The disk is 93 % full.'), alert('a_b'));
  clock.advance(60_000);
  tell(paused(true), { type: 'notices.changed', body: { notices: ['A notice.'] } });
  expect(said({ text: 'FULL disk' })).toEqual(['The disk is 93 % full.']);
  expect(said({ text: '%' })).toEqual(['The disk is 93 % full.']);
  expect(said({ text: '_' })).toEqual(['a_b.']);
  expect(said({ text: "' OR 1=1 --" })).toEqual([]);
  expect(said({ areas: ['sessions'] })).toEqual(['Everything was paused: nothing new starts.']);
  expect(said({ areas: [] })).toEqual([]);
  expect(said({ until: START + 1 })).toHaveLength(2);
  expect(said({ since: START + 1, routine: true })).toEqual([
    'A notice.',
    'Everything was paused: nothing new starts.',
  ]);
});

test.each(['über', 'ÜBER', 'Über straße', 'DIE', 'Straße.'])('%s is found whatever its case', (text) => {
  const { tell, said } = desk();
  tell(alert('Über die Straße.'), alert('Something else.'));
  expect(said({ text })).toEqual(['Über die Straße.']);
});

test('a full disk hides nothing that is there', () => {
  const { tell, said, database } = desk();
  tell(alert('One.'));
  said();
  tell(alert('Two, of which there is no room for a sentence. '.repeat(1_000)));
  const pages = database.db.pragma('page_count', { simple: true }) as number;
  database.db.pragma(`max_page_count = ${pages}`);
  expect(said()).toEqual(['One.']);
  database.db.pragma('max_page_count = 4294967294');
  expect(said()).toHaveLength(2);
});

const told = (type: string, body: unknown) => activityOf({ type, body } as unknown as Fact);

test.each<[type: string, body: unknown, place: string | null, sentence: string]>([
  [
    'config.changed',
    { keys: ['log.level', 'timezone'], by: 'owner (browser)' },
    '#/window/settings/log.level',
    'Settings changed by you (browser): log.level, timezone.',
  ],
  [
    'config.changed',
    { keys: ['timezone'], by: null },
    '#/window/settings/timezone',
    'Settings changed in their file: timezone.',
  ],
  [
    'alert.raised',
    { alert: { subject: 'ses_1', text: 'The gate refused one critical action of this session.' } },
    '#/window/sessions/ses_1',
    'The gate refused one critical action of this session.',
  ],
  [
    'alert.raised',
    { alert: { subject: 'pipeline', text: '5 of the last 20 actions failed.' } },
    '#/window/decisions',
    '5 of the last 20 actions failed.',
  ],
  [
    'trust.severe',
    { event: { kind: 'lost_work', text: 'The branch is gone' } },
    '#/window/trust',
    'Work was lost: The branch is gone.',
  ],
  [
    'ledger.broken',
    { ledger: { findings: [{ words: 'Event 3 is not as it was signed.' }] } },
    '#/window/trust',
    'The ledger of trust is not as it was written: Event 3 is not as it was signed.',
  ],
  [
    'session.settled',
    { session: { id: 'ses_1', project: 'shop', work: { state: 'merged', target: 'main', by: 'owner' } } },
    '#/window/sessions/ses_1',
    'Its work was merged into main.',
  ],
  [
    'alert.told',
    { alert: { kind: 'session', subject: 'shop seems to be stalled', place: '#/window/sessions/ses_1' } },
    '#/window/sessions/ses_1',
    'shop seems to be stalled.',
  ],
  ['project.removed', { id: 'prj_1', name: 'shop' }, '#/window/projects', 'The project was removed.'],
])('%s is told with its place', (type, body, place, sentence) => {
  expect(told(type, body)).toMatchObject({ place, sentence });
});

test('what a question, a piece of news or a bad edit says by itself is not told again', () => {
  expect(told('alert.told', { alert: { kind: 'question', subject: 'shop asks', place: null } })).toBeNull();
  expect(told('config.changed', { keys: [], by: null })).toBeNull();
});

test('a fact that nobody has to know is in no log', () => {
  expect(activityOf({ type: 'review.changed', body: { sessionId: 's', drafts: 1 } })).toBeNull();
});

test('an action is told from its folder, and its tool only where the words lack it', () => {
  const said = (tool: string, summary: string) =>
    activityOf({
      type: 'decision.recorded',
      body: {
        decision: {
          project: 'shop',
          sessionId: 's',
          risk: 'low',
          state: 'pending',
          action: { tool, summary, cwd: '/w/tree' },
        },
      },
    } as unknown as Fact)?.sentence;
  expect(said('Edit', 'Edit /w/tree/src/a.ts')).toBe('You were asked (low risk) about Edit src/a.ts.');
  expect(said('Bash', 'node --test')).toBe('You were asked (low risk) about Bash: node --test.');
});

test('a question of the agent is told as one, and its answer as an answer', () => {
  const action = { tool: 'AskUserQuestion', summary: 'Which colour?', cwd: '/w', questions: [] };
  const said = (type: string, state: string, answeredBy: string | null) =>
    activityOf({
      type,
      body: {
        decision: { project: 'shop', sessionId: 's', risk: 'read', state, action, answeredBy, answerReason: null },
      },
    } as unknown as Fact)?.sentence;
  expect(said('decision.recorded', 'pending', null)).toBe('The agent asks: Which colour?');
  expect(said('decision.answered', 'approved', 'owner (browser)')).toBe('Answered by you (browser), Which colour?');
});
