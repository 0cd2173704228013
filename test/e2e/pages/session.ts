import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { type Rig, until } from '../../rig.ts';

export type TabName = 'Overview' | 'Transcript' | 'Changes';

/** The screen of one session in the larger window. */
export class SessionScreen {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** Opens it at its own address. */
  static async open(page: Page, url: string, id: string, tab: TabName = 'Overview'): Promise<SessionScreen> {
    await page.goto(new URL(`/#/window/sessions/${id}/${tab.toLowerCase()}`, url).href);
    const screen = new SessionScreen(page);
    await screen.tab(tab).and(page.locator('[aria-current]')).waitFor();
    return screen;
  }

  tab(name: TabName): Locator {
    return this.page.getByRole('navigation', { name: 'Session', exact: true }).getByRole('link', { name, exact: true });
  }

  async goTo(name: TabName): Promise<void> {
    await this.tab(name).click();
    await this.tab(name).and(this.page.locator('[aria-current]')).waitFor();
  }

  get transcript(): Locator {
    return this.page.getByRole('region', { name: 'Transcript', exact: true });
  }

  /** The scrolling list of entries, and one entry by what is in it. */
  get entries(): Locator {
    return this.transcript.getByRole('group', { name: 'Entries' });
  }

  entry(text: string | RegExp): Locator {
    return this.entries.getByRole('article').filter({ hasText: text });
  }

  get search(): Locator {
    return this.transcript.getByRole('searchbox', { name: 'Search the transcript' });
  }

  async only(name: 'All' | 'Text' | 'Tools' | 'Failures'): Promise<void> {
    await this.transcript.getByRole('button', { name, exact: true }).click();
  }

  get changes(): Locator {
    return this.page.getByRole('region', { name: 'Changes', exact: true });
  }

  /** A file in the list, by its whole path. */
  file(path: string): Locator {
    return this.changes.getByTitle(path, { exact: true });
  }

  /** The lines of the file that is shown. */
  lines(path: string): Locator {
    return this.changes.getByRole('group', { name: `Changes of ${path}` });
  }

  /** A line by its number, and what happened to it. */
  line(n: number, kind: 'added' | 'removed' | 'unchanged'): Locator {
    return this.changes.getByRole('button', { name: new RegExp(`Comment on line ${n}, ${kind}$`) });
  }

  /** The box in which a comment is written. */
  get comment(): Locator {
    return this.changes.getByRole('textbox', { name: /^Comment on / });
  }
}

/** The demo's first session, ended and measured, with everything that it asks approved. */
export async function demoSession(rig: Rig): Promise<string> {
  return until('the first session has ended', async () => {
    for (const { id } of await rig.call('decisions.list', {}))
      await rig.call('decisions.approve', { id, acknowledge: true });
    const ended = (await rig.call('sessions.list', {})).find((session) => session.state === 'ended');
    return ended?.evaluation && ended.id;
  });
}

/** A picture in light and in dark for a person to look at, when TENURE_SHOTS names a folder for it. */
export async function shoot(page: Page, name: string): Promise<void> {
  const folder = process.env.TENURE_SHOTS;
  if (!folder) return;
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await page.screenshot({ path: join(folder, `${name}-${colorScheme}.png`) });
  }
  await page.emulateMedia({ colorScheme: null });
}
