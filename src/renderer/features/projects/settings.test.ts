import { expect, test } from 'vitest';
import { project } from '../../../../test/fakes/pretend-scenes.ts';
import { nextOf, scheduleChange, scheduleOf, settingsOf } from './settings.ts';

function form(fields: Record<string, string>): FormData {
  const data = new FormData();
  for (const [name, value] of Object.entries(fields)) data.set(name, value);
  return data;
}

test('empty fields are null, an empty name is left to the engine, an unknown ceiling is not sent', () => {
  expect(settingsOf(form({ name: ' ', defaultPrompt: ' do it ', ceiling: 'boundless' }))).toEqual({
    defaultPrompt: 'do it',
    verifyCommand: null,
    model: null,
    protected: false,
    worktree: false,
    base: 'current',
    include: [],
    setupCommand: null,
  });
  expect(
    settingsOf(form({ name: 'a', ceiling: 'cautious', worktree: 'on', base: 'remote', include: ' a/* \n\n.env\r\n' })),
  ).toMatchObject({ name: 'a', ceiling: 'cautious', worktree: true, base: 'remote', include: ['a/*', '.env'] });
});

test('the time box is in minutes, and the usual one where nothing stands', () => {
  expect(settingsOf(form({ timeBoxMin: '1.5', protected: 'on' }))).toMatchObject({
    timeBoxMs: 90_000,
    protected: true,
  });
  expect(settingsOf(form({ timeBoxMin: '' }))).not.toHaveProperty('timeBoxMs');
});

test('what the next session is told is sent once its fields are there', () => {
  expect(nextOf(form({ name: 'a' }))).toBeNull();
  expect(nextOf(form({ notes: ' ', brief: 'on', most: '3' }))).toEqual({
    notes: null,
    brief: true,
    start: false,
    most: 3,
  });
});

const scheduled = project('a', {
  schedule: {
    cron: '0 9 * * *',
    timezone: 'Europe/Berlin',
    prompt: 'go',
    missed: 'skip',
    nextRunAt: 1,
    lastRunAt: null,
    lastNote: null,
  },
});

test('a schedule is sent only when it changes, and keeps its zone and prompt', () => {
  const same = scheduleOf(form({ cron: ' 0 9 * * * ', missed: 'skip' }));
  expect(scheduleChange(same, scheduled)).toBeUndefined();
  expect(scheduleChange(null, project('a'))).toBeUndefined();
  expect(scheduleChange(null, scheduled)).toBeNull();
  expect(scheduleChange(same, project('a'))).toEqual({ cron: '0 9 * * *', missed: 'skip' });
  expect(scheduleChange(scheduleOf(form({ cron: '0 9 * * *', missed: 'run_once' })), scheduled)).toEqual({
    cron: '0 9 * * *',
    missed: 'run_once',
    timezone: 'Europe/Berlin',
    prompt: 'go',
  });
});
