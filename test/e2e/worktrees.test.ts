import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { tempDir } from '../builders.ts';
import { bash, say } from '../fakes/messages-api.ts';
import { type Rig, startRig, until } from '../rig.ts';
import { CHROMIUM, ensureScreens, expectAccessible, launchBrowser, openPage, type Seen } from './browser.ts';
import { shoot } from './pages/session.ts';

let browser: Browser;
let rig: Rig;
let seen: Seen;

beforeAll(async () => {
  await ensureScreens();
  if (CHROMIUM) browser = await launchBrowser();
}, 180_000);
afterAll(() => browser?.close());
afterEach(async () => {
  await seen?.page.context().close();
  await rig.stop();
});

const commit = 'echo hello > greeting.txt && git add . && git commit --quiet -m "Greet"';

/** A session that has committed once and left a file behind. */
async function work(prompt: string) {
  const { project, repository } = await rig.addProject({ name: 'greeter' });
  const { id } = await rig.call('sessions.launch', { projectId: project.id, prompt });
  await until('it has ended', async () => {
    for (const { id: asked } of await rig.call('decisions.list', {})) {
      await rig.call('decisions.approve', { id: asked, confirm: true }).catch(() => undefined);
    }
    return (await rig.session(id)).state === 'ended';
  });
  return { id, project, repository, session: await rig.session(id) };
}

describe.skipIf(CHROMIUM === null)('the work of a session, in a browser', () => {
  test('is merged, said so on its row, and its tree cleaned from the disk', { timeout: 90_000 }, async () => {
    rig = await startRig({ script: [bash(commit), bash('echo draft > draft.txt'), say('Done.')] });
    await rig.raiseTo('moderate');
    const { id, repository, session } = await work('Greet.');
    const bare = join(tempDir('origin'), 'origin.git');
    repository.git('clone', '--quiet', '--bare', '.', bare);
    repository.git('remote', 'add', 'origin', bare);

    seen = await openPage(browser, { viewport: { width: 1280, height: 1100 } });
    const { page } = seen;
    await page.goto(rig.host.loginUrl());
    await page.goto(`${rig.host.url}/#/window/sessions/${id}`);
    const part = page.getByRole('region', { name: 'The work', exact: true });
    await part.getByText(/has 1 commit that main has not/).waitFor();
    await part.getByText('1 file is not committed.').waitFor();
    await part.getByText('Merging is a fast-forward into main.').waitFor();
    await part.scrollIntoViewIfNeeded();
    await shoot(page, 'work-open');
    await expectAccessible(page);

    await part.getByRole('button', { name: 'Push…' }).click();
    await page.getByRole('textbox', { name: 'Branch there' }).fill('greetings');
    await shoot(page, 'work-push');
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Push to origin' }).click();
    await until('it is pushed', () => {
      return repository.git('ls-remote', 'origin').includes('refs/heads/greetings');
    });

    const merge = part.getByRole('button', { name: 'Merge into main' });
    expect(await merge.getAttribute('aria-description')).toMatch(/Not everything is committed/);
    await part.getByRole('checkbox').check();
    await merge.click();
    await part.getByText(/merged into main/).waitFor();
    expect(existsSync(join(repository.path, 'greeting.txt'))).toBe(true);
    expect(existsSync(join(repository.path, 'draft.txt'))).toBe(false);
    await page.getByRole('link', { name: /greeter: .*merged into main/ }).waitFor();

    await part.getByRole('button', { name: 'Remove the tree…' }).click();
    const dialog = page.getByRole('alertdialog', { name: 'Discard this work?' });
    await dialog.getByText(/hold 1 uncommitted file\. That cannot be brought back\./).waitFor();
    await dialog.getByText('draft.txt').waitFor();
    await shoot(page, 'work-discard');
    await expectAccessible(page);
    expect(await dialog.getByRole('button', { name: 'Discard it' }).getAttribute('aria-disabled')).toBe('true');
    await dialog.getByRole('checkbox', { name: 'Lose 1 uncommitted file.' }).check();
    await dialog.getByRole('button', { name: 'Discard it' }).click();
    await dialog.waitFor({ state: 'hidden' });
    expect(existsSync(session.worktree ?? '')).toBe(false);
    expect((await rig.session(id)).work).toMatchObject({ state: 'merged', target: 'main' });
    await part.getByText('Its work tree is gone from the disk.').waitFor();
    expect(seen.problems).toEqual([]);
  });

  test('that conflicts says where, and the disk is cleaned of what nothing is lost with', {
    timeout: 90_000,
  }, async () => {
    rig = await startRig({ script: [bash(commit), say('Done.')] });
    await rig.raiseTo('moderate');
    const { id, repository, session } = await work('Greet.');
    repository.commit({ 'greeting.txt': 'somebody else was here\n' });

    seen = await openPage(browser, { viewport: { width: 1280, height: 1100 } });
    const { page } = seen;
    await page.goto(rig.host.loginUrl());
    await page.goto(`${rig.host.url}/#/window/sessions/${id}`);
    const part = page.getByRole('region', { name: 'The work', exact: true });
    await part.getByText(/Both sides changed greeting\.txt/).waitFor();
    expect(await part.getByRole('button', { name: 'Merge into main' }).getAttribute('aria-disabled')).toBe('true');
    await shoot(page, 'work-conflict');
    await page.setViewportSize({ width: 420, height: 600 });
    await part.scrollIntoViewIfNeeded();
    await shoot(page, 'work-conflict-narrow');
    await page.setViewportSize({ width: 1280, height: 1100 });
    await part.getByRole('button', { name: 'Keep' }).click();
    await part.getByRole('button', { name: 'Kept' }).waitFor();

    await page.goto(`${rig.host.url}/#/window/health`);
    const disk = page.getByRole('region', { name: 'Work trees on the disk' });
    await disk.getByText('A person keeps it.').waitFor();
    await disk.scrollIntoViewIfNeeded();
    await shoot(page, 'work-disk');
    await expectAccessible(page);
    // A person resolves it by hand, and Tenure notices.
    repository.git('merge', '--quiet', '--strategy=ours', '-m', 'by hand', session.branch ?? '');
    await rig.call('worktrees.discard', { sessionId: id });
    await disk.getByRole('button', { name: 'Measure' }).click();
    await disk.getByText('A person keeps it.').waitFor({ state: 'detached' });
    await shoot(page, 'work-disk-after');

    // The tree of the next session is left over once there is no repository to work in.
    rmSync(repository.path, { recursive: true });
    await disk.getByRole('button', { name: 'Measure' }).click();
    await disk.getByText(/^Its repository ".+" is not there, so nobody can tell what of its 1 file is/).waitFor();
    await shoot(page, 'work-disk-stray');
    await disk.getByRole('button', { name: /^Remove the tree/ }).click();
    const asks = page.getByRole('alertdialog', { name: 'Remove this work tree?' });
    await asks.getByRole('checkbox', { name: 'Lose 1 uncommitted file.' }).check();
    await shoot(page, 'work-disk-remove');
    await expectAccessible(page);
    await asks.getByRole('button', { name: 'Remove it' }).click();
    await asks.waitFor({ state: 'hidden' });
    await disk.getByText('No session has a work tree on the disk.').waitFor();
    expect(seen.problems).toEqual([]);
  });

  test('what the next one is told and what may start it is set with its project, and what came of it is said', {
    timeout: 60_000,
  }, async () => {
    rig = await startRig({ script: [say('Done.')] });
    await rig.raiseTo('moderate');
    const { project } = await rig.addProject({ name: 'greeter', verifyCommand: 'false' });
    seen = await openPage(browser, { viewport: { width: 1280, height: 1100 } });
    const { page } = seen;
    await page.goto(rig.host.loginUrl());
    await page.goto(`${rig.host.url}/#/window/projects`);
    await page.getByRole('button', { name: 'Edit greeter' }).click();
    const dialog = page.getByRole('dialog', { name: 'greeter' });
    await dialog.getByLabel('Notes for every session').fill('Keep the tone friendly.');
    await dialog.getByRole('checkbox', { name: 'Start the next session by itself' }).check();
    expect(await dialog.getByLabel('Time box').inputValue()).toBe('45');
    await dialog.getByLabel('Time box').fill('20');
    await dialog.getByRole('checkbox', { name: /^Protected/ }).check();
    await dialog.getByLabel('At most in a row').scrollIntoViewIfNeeded();
    await shoot(page, 'project-next');
    await expectAccessible(page);
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.waitFor({ state: 'detached' });
    const settings = { notes: 'Keep the tone friendly.', brief: true, start: true, most: 2 };
    expect(await rig.call('followOn.get', { projectId: project.id })).toMatchObject(settings);
    const [saved] = await rig.call('projects.list', {});
    expect(saved).toMatchObject({ protected: true, timeBoxMs: 1_200_000 });
    await rig.call('projects.update', { id: project.id, protected: false });

    const { id } = await rig.call('sessions.launch', { projectId: project.id, prompt: 'Greet.' });
    await rig.ended(id);
    expect(JSON.stringify(rig.api.requests[0]?.messages)).toContain('Keep the tone friendly.');
    const next = await until('it was decided', () => rig.call('followOn.next', { id }));
    await page.goto(`${rig.host.url}/#/window/sessions/${id}`);
    await page.getByText(next.reason).first().waitFor();
    await shoot(page, 'session-next');
    expect(seen.problems).toEqual([]);
  });
});
