import type { Locator, Page } from 'playwright-core';
import { choose, pick } from '../browser.ts';

/** The popover as a person knows it: by role and by name. */
export class Popover {
  readonly page: Page;
  readonly level: Locator;
  readonly prompt: Locator;
  readonly project: Locator;
  readonly launchButton: Locator;
  readonly pauseAll: Locator;
  readonly resumeAll: Locator;
  readonly promotion: Locator;

  constructor(page: Page) {
    this.page = page;
    this.level = page.getByRole('heading', { level: 1 });
    this.prompt = page.getByRole('textbox', { name: 'Prompt' });
    this.project = page.getByRole('button', { name: /^Project: / });
    this.launchButton = page.getByRole('button', { name: 'Launch', exact: true });
    this.pauseAll = page.getByRole('button', { name: 'Pause all' });
    this.resumeAll = page.getByRole('button', { name: 'Resume all' });
    this.promotion = page.getByRole('article', { name: /^Ready for / });
  }

  /** Opens it at the gateway's address and waits for the first snapshot. */
  static async open(page: Page, url: string): Promise<Popover> {
    await page.goto(new URL('/#/', url).href);
    const popover = new Popover(page);
    await popover.level.waitFor();
    return popover;
  }

  /** The section of a name: Needs you, Needs input, Working, Completed. */
  section(name: 'Needs you' | 'Needs input' | 'Working' | 'Completed'): Locator {
    return this.page.getByRole('region', { name, exact: true });
  }

  /** The card of a question, by anything in its name: project or command. */
  question(name: string | RegExp): QuestionCard {
    return new QuestionCard(this.section('Needs you').getByRole('article', { name }).first());
  }

  /** The row of a session, by its project or what it does. */
  session(name: string | RegExp): Locator {
    return this.page.getByRole('listitem').filter({ has: this.page.getByRole('link', { name }) });
  }

  async launch(project: string, prompt?: string): Promise<void> {
    await pick(this.project, project);
    if (prompt !== undefined) await this.prompt.fill(prompt);
    await this.launchButton.click();
  }

  async stop(project: string): Promise<void> {
    await this.page
      .getByRole('button', { name: `Stop ${project}`, exact: true })
      .first()
      .click();
    await pointElsewhere(this.page);
  }

  /** Stop all and its confirmation. */
  async stopAll(): Promise<void> {
    await this.page.getByRole('button', { name: 'Stop all…' }).click();
    await this.page
      .getByRole('alertdialog')
      .getByRole('button', { name: /^Stop \d/ })
      .click();
  }

  /** The first project of all, by its path, where there is none yet. */
  async addFirstProject(path: string): Promise<void> {
    await this.page.getByRole('textbox', { name: 'Path of a git repository' }).fill(path);
    await this.page.getByRole('button', { name: 'Add project', exact: true }).click();
  }

  async approvePromotion(): Promise<void> {
    await this.promotion.getByRole('button', { name: 'Approve', exact: true }).click();
  }

  /** @param until the day from which it may be asked again, as a date field takes it */
  async declinePromotion(reason: string, until: string): Promise<void> {
    await this.promotion.getByRole('button', { name: 'Not yet…' }).click();
    const dialog = this.page.getByRole('dialog');
    await dialog.getByRole('textbox', { name: 'Reason' }).fill(reason);
    await choose(dialog.getByRole('combobox', { name: 'Ask again' }), 'On a date');
    await dialog.getByLabel('Date', { exact: true }).fill(until);
    await dialog.getByRole('button', { name: 'Not yet', exact: true }).click();
  }

  /** Raises or lowers the level by hand, from wherever the button is on screen. */
  async setLevel(name: 'Observe' | 'Cautious' | 'Moderate' | 'Full', reason?: string): Promise<void> {
    await this.page
      .getByRole('button', { name: new RegExp(`^Go .*to ${name}…$`) })
      .first()
      .click();
    const dialog = this.page.getByRole('dialog');
    if (reason !== undefined) await dialog.getByRole('textbox', { name: 'Reason' }).fill(reason);
    await dialog.getByRole('button', { name: `Go to ${name}`, exact: true }).click();
  }
}

/** The pointer leaves the list, which then moves freely again. */
export const pointElsewhere = (page: Page): Promise<void> => page.mouse.move(0, 0);

/** One question that waits for the person. */
export class QuestionCard {
  readonly card: Locator;

  constructor(card: Locator) {
    this.card = card;
  }

  /** The exact command or path, as it would run. */
  get command(): Locator {
    return this.card.getByRole('group', { name: /^Exact / });
  }

  /** A yes; where the risk is high, with the second click that it takes. */
  async approve(): Promise<void> {
    await this.card.getByRole('button', { name: 'Approve', exact: true }).click();
    const really = this.card.getByRole('button', { name: 'Approve: really' });
    if (await really.isVisible()) await really.click();
    await pointElsewhere(this.card.page());
  }

  /** Both steps of a critical approval. */
  async approveForGood(): Promise<void> {
    await this.card.getByRole('button', { name: 'Approve…', exact: true }).click();
    await this.card.getByRole('button', { name: 'Approve for good' }).click();
  }

  async deny(reason = ''): Promise<void> {
    await this.card.getByRole('button', { name: 'Deny…' }).click();
    const field = this.card.getByRole('textbox', { name: 'Reason' });
    await field.fill(reason);
    await field.press('Enter');
    await pointElsewhere(this.card.page());
  }
}
