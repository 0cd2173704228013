import { expect, test } from 'vitest';
import { MAY, whyNot, whyNotLaunch, whyNotLevel, whyOverride } from './can.ts';

test('a pending question may be answered, anything else says why not', () => {
  expect(whyNot('decision.approve', 'pending')).toBeNull();
  expect(whyNot('decision.deny', 'expired')).toBe('The deadline has passed; it counts as denied.');
  expect(whyNot('session.stop', 'parked')).toBeNull();
  expect(whyNot('session.stop', 'ended')).toBe('This session has already ended.');
});

test('every refusal is a whole sentence', () => {
  const refusals = Object.values(MAY).flatMap((rule) => Object.values(rule).filter((value) => value !== true));
  expect(refusals.length).toBeGreaterThan(10);
  for (const refusal of refusals) expect(refusal).toMatch(/^[A-Z].*\.$/);
});

test('the level rises one step that was earned and falls any number; anything else is an override', () => {
  expect(whyNotLevel('full', 'full')).toBe('The level is already Full.');
  expect(whyNotLevel('full', 'observe')).toBeNull();
  expect(whyOverride('observe', 'cautious', null)).toBeNull();
  expect(whyOverride('full', 'observe', ['anything'])).toBeNull();
  expect(whyOverride('cautious', 'moderate', [])).toBeNull();
  expect(whyOverride('cautious', 'moderate', ['29 of 30 sessions'])).toBe(
    'The record has not earned Moderate yet: 29 of 30 sessions.',
  );
  expect(whyOverride('cautious', 'moderate', null)).toMatch(/^No promotion to Moderate is configured/);
  expect(whyOverride('observe', 'moderate', [])).toBe(
    'Moderate is 2 steps above Observe; the level rises one step at a time.',
  );
});

test('a project with a problem cannot be launched', () => {
  expect(whyNotLaunch({ problem: null })).toBeNull();
  expect(whyNotLaunch({ problem: 'It moved.' })).toBe('It moved.');
  expect(whyNotLaunch(undefined)).toBe('Add a project first.');
});
