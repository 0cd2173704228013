import type { Locator, Page } from 'playwright-core';
import { choose } from '../browser.ts';

export type ScreenName = 'Sessions' | 'Decisions' | 'Trust' | 'Services' | 'Projects' | 'Health' | 'Settings';

/** What the form of a project asks for. */
export interface ProjectForm {
  path?: string;
  name?: string;
  defaultPrompt?: string;
  verifyCommand?: string;
  worktree?: boolean;
  ceiling?: 'Observe' | 'Cautious' | 'Moderate' | 'Full';
  model?: string;
  cron?: string;
}

/** The larger window. */
export class TenureWindow {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  static async open(page: Page, url: string, screen: ScreenName, id?: string): Promise<TenureWindow> {
    const hash = `#/window/${screen.toLowerCase()}${id === undefined ? '' : `/${encodeURIComponent(id)}`}`;
    await page.goto(new URL(`/${hash}`, url).href);
    const shown = new TenureWindow(page);
    await page.getByRole('heading', { level: 1 }).waitFor();
    return shown;
  }

  async goTo(screen: ScreenName): Promise<void> {
    await this.page.getByRole('navigation', { name: 'Screens' }).getByRole('link', { name: screen }).click();
    await this.page.getByRole('heading', { level: 1, name: screen }).waitFor();
  }

  /** A named part of a screen: Evidence, Facts, Decisions, Transcript, The ladder … */
  part(name: string): Locator {
    return this.page.getByRole('region', { name, exact: true });
  }

  /** The value of a fact by its name: Branch, Tokens, Turns. A description list ties them by order alone. */
  fact(name: string): Locator {
    return this.page.getByRole('term').getByText(name, { exact: true }).locator('xpath=following-sibling::dd[1]');
  }

  async openSession(name: string | RegExp): Promise<void> {
    await this.page.getByRole('main').getByRole('link', { name }).first().click();
  }

  async filterDecisions(name: string): Promise<void> {
    await this.page
      .getByRole('group', { name: 'Filter by what became of it' })
      .getByRole('button', { name, exact: true })
      .click();
  }

  async addProject(form: ProjectForm): Promise<void> {
    await this.page.getByRole('button', { name: 'Add a project…' }).click();
    await this.fillProject(form);
    await this.page.getByRole('dialog').getByRole('button', { name: 'Add project' }).click();
  }

  async editProject(name: string, form: ProjectForm): Promise<void> {
    await this.page.getByRole('button', { name: `Edit ${name}`, exact: true }).click();
    await this.fillProject(form);
    await this.page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  }

  async removeProject(name: string): Promise<void> {
    await this.page.getByRole('button', { name: `Edit ${name}`, exact: true }).click();
    const dialog = this.page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Remove from Tenure…' }).click();
    await dialog.getByRole('button', { name: `Remove ${name}`, exact: true }).click();
  }

  private async fillProject(form: ProjectForm): Promise<void> {
    const dialog = this.page.getByRole('dialog');
    const texts = [
      ['Path', form.path],
      ['Name', form.name],
      ['Default prompt', form.defaultPrompt],
      ['Verify command', form.verifyCommand],
      ['Model', form.model],
      ['Schedule', form.cron],
    ] as const;
    for (const [label, value] of texts) {
      if (value !== undefined) await dialog.getByLabel(label, { exact: true }).fill(value);
    }
    if (form.worktree !== undefined)
      await dialog.getByRole('checkbox', { name: /work tree/ }).setChecked(form.worktree);
    if (form.ceiling !== undefined) await choose(dialog.getByRole('combobox', { name: 'Ceiling' }), form.ceiling);
  }
}
