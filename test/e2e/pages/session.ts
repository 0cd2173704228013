import type { Locator, Page } from 'playwright-core';

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
}
