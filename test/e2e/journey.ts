import { expect, test } from 'vitest';
import { type Rig, type RigOptions, startRig } from '../rig.ts';
import { expectAccessible, type Seen } from './browser.ts';
import { Popover } from './pages/popover.ts';
import { inEveryShell } from './shells.ts';

/** What a person has before them at the beginning: the real engine, and its popover, signed in. */
export interface Journey {
  rig: Rig;
  page: Seen['page'];
  popover: Popover;
  /** A second page, signed in as well. */
  another(): Promise<Popover>;
}

type Tell = (journey: Journey) => Promise<void>;
/**
 * One journey by its name. At its end every page that it opened is without a violation of the accessibility rules,
 * in light and in dark, and without an error of the console or of the content policy, but what `may` allows: what
 * the browser itself notes of a refusal that the journey is about.
 */
export type Define = (name: string, options: RigOptions, tell: Tell, may?: RegExp) => void;

/** Journeys on the real engine, in a browser that they share, and the same in Electron where its binary is. */
export function journeys(about: string, list: (journey: Define) => void): void {
  inEveryShell(about, (shell) => {
    list((name, options, tell, may) => {
      test(name, async () => {
        const rig = await startRig(options);
        const all: Seen[] = [];
        const another = async (): Promise<Popover> => {
          const seen = await shell.page(rig);
          all.push(seen);
          await seen.page.goto(rig.host.loginUrl());
          const popover = new Popover(seen.page);
          await popover.level.waitFor();
          return popover;
        };
        try {
          const popover = await another();
          await tell({ rig, page: popover.page, popover, another });
          for (const { page } of all) await expectAccessible(page);
          expect(all.flatMap(({ problems }) => problems).filter((problem) => !may?.test(problem))).toEqual([]);
        } finally {
          await shell.clear();
          await rig.stop();
        }
      });
    });
  });
}
