import { expect, it } from 'vitest';
import { createFakeClock, START } from './clock.ts';

it('runs timers at their own moment, in order, with those that they arm', () => {
  const clock = createFakeClock();
  const seen: string[] = [];
  const note = (name: string) => () => seen.push(`${name}@${clock.now() - START}`);
  clock.after(30, note('c'));
  clock.after(10, () => {
    note('a')();
    clock.after(5, note('b'));
  });
  const beat = clock.every(20, note('beat'));
  clock.after(10, note('a2'));
  clock.advance(40);
  beat.cancel();
  clock.advance(100);
  expect(seen).toEqual(['a@10', 'a2@10', 'b@15', 'beat@20', 'c@30', 'beat@40']);
  expect(clock.pending()).toBe(0);
});

it('jumps the wall clock alone', () => {
  const clock = createFakeClock();
  clock.after(10, () => expect.fail('a jump runs no timer'));
  clock.jump(-86_400_000);
  expect(clock.now()).toBe(START - 86_400_000);
  expect(clock.monotonic()).toBe(0);
});
