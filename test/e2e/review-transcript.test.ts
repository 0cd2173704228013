import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { longTranscript } from '../bench/transcript.ts';
import { type Rig, startRig, until } from '../rig.ts';
import { CHROMIUM, ensureScreens, expectAccessible, launchBrowser, openPage, type Seen } from './browser.ts';
import { demoSession, SessionScreen, shoot } from './pages/session.ts';

const WIDE = { width: 1280, height: 800 };

let browser: Browser;
let rig: Rig;
let seen: Seen;
let page: Page;

beforeAll(async () => {
  await ensureScreens();
  if (!CHROMIUM) return;
  browser = await launchBrowser();
  rig = await startRig({ demo: true });
  seen = await openPage(browser, { viewport: WIDE });
  page = seen.page;
  await page.goto(rig.host.loginUrl());
  await page.getByRole('heading', { level: 1 }).waitFor();
}, 180_000);
afterAll(async () => {
  await browser?.close();
  await rig?.stop();
});

describe.skipIf(CHROMIUM === null)('the screen of a session', () => {
  test('tabs by address and by key; calls folded with their results; search and filters', async () => {
    const id = await demoSession(rig);
    const screen = await SessionScreen.open(page, rig.host.url, id);
    await page.getByRole('region', { name: 'Prompt' }).waitFor();
    await shoot(page, 'overview');
    await expectAccessible(page);
    // The code of the other tabs is there by now, so nothing comes between for which React would hold them back.
    const came = () => performance.getEntriesByType('resource').some(({ name }) => name.includes('/Transcript-'));
    await page.waitForFunction(came);
    const between = await page.evaluateHandle(() => {
      const seen: string[] = [];
      new MutationObserver((changes) => {
        for (const node of changes.flatMap(({ addedNodes }) => [...addedNodes])) seen.push(node.textContent ?? '');
      }).observe(document.body, { childList: true, subtree: true });
      return seen;
    });
    await page.keyboard.press('2');
    await screen.transcript.waitFor();
    expect(await between.jsonValue()).not.toContain('Loading…');
    // The focus goes along: what comes next with Tab is in it, however many sessions the list has.
    expect(await screen.transcript.evaluate((it) => it === document.activeElement)).toBe(true);
    await page.keyboard.press('Tab');
    expect(await screen.transcript.evaluate((it) => it.contains(document.activeElement))).toBe(true);
    expect(new URL(page.url()).hash).toBe(`#/window/sessions/${id}/transcript`);
    const call = screen.entry('npm test').or(screen.entry('node --test')).first();
    await call.waitFor();
    await shoot(page, 'transcript');
    const fold = call.getByRole('button', { expanded: false });
    await fold.focus();
    await page.keyboard.press('Enter');
    await call.getByRole('group', { name: 'What came back' }).waitFor();
    await expectAccessible(page);
    await shoot(page, 'transcript-open');
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'], { origin: rig.host.url });
    await call.getByRole('button', { name: 'Copy' }).click();
    await page.getByText('The entry was copied.').waitFor({ state: 'attached' });
    expect(await page.evaluate(() => navigator.clipboard.readText())).toMatch(/^node --test\n\n[\s\S]*pass 5/);
    await screen.only('Failures');
    await page
      .getByText(/Nothing failed so far|of \d+/)
      .first()
      .waitFor();
    await screen.only('All');

    await page.keyboard.press('/');
    await page.keyboard.type('TOTAL');
    await screen.transcript.getByText(/^\d+ match(es)?$/).waitFor();
    await page.keyboard.press('Enter');
    await screen.transcript.getByText(/^1 of \d+$/).waitFor();
    await shoot(page, 'transcript-search');
    await page.keyboard.press('Enter');
    await screen.transcript.getByText(/^2 of \d+$/).waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('N');
    await screen.transcript.getByText(/^1 of \d+$/).waitFor();
    expect(seen.problems).toEqual([]);
  }, 90_000);

  test('a transcript of 50,000 lines opens at its end, scrolls anywhere and is searched through', async () => {
    const id = await demoSession(rig);
    appendFileSync(join(rig.dataDir, 'transcripts', `${id}.jsonl`), longTranscript(50_000));
    // Gone through once, as the engine does while a session runs.
    await rig.call('sessions.transcript', { id, from: 0, limit: 1 });
    await page.goto(new URL(`/#/window/sessions/${id}`, rig.host.url).href);
    const screen = new SessionScreen(page);
    await page.getByRole('region', { name: 'Prompt' }).waitFor();
    const began = performance.now();
    await screen.tab('Transcript').click();
    await screen.entry('Step 49998').waitFor();
    const opened = Math.round(performance.now() - began);
    await screen.entries.evaluate((list) => list.scrollTo(0, list.scrollHeight / 2));
    await screen
      .entry(/Step 2\d{4}/)
      .first()
      .waitFor();
    await screen.transcript.getByRole('button', { name: 'To the end' }).waitFor();
    await shoot(page, 'long-middle');
    const found = performance.now();
    await screen.search.fill('needle');
    await screen.transcript.getByText('50 matches').waitFor();
    console.log(`50,000 lines: opened in ${opened} ms, searched in ${Math.round(performance.now() - found)} ms`);
    await screen.search.press('Enter');
    await screen.transcript.getByText(/^\d+ of 50$/).waitFor();
    // Each one is whole on screen and stays there, whatever comes in around it.
    for (const size of [{ width: 420, height: 600 }, WIDE]) {
      await page.setViewportSize(size);
      for (let n = 0; n < 3; n += 1) {
        await screen.search.press('Enter');
        await until('the one that was found is in the middle', () =>
          screen.entries.evaluate((list) => {
            const [box, found] = [list, list.querySelector('mark')].map((one) => one?.getBoundingClientRect());
            return found !== undefined && box !== undefined && found.top > box.top && found.bottom < box.bottom - 60;
          }),
        );
      }
    }
    await shoot(page, 'long-search');
    expect(await screen.entries.getByRole('article').count()).toBeLessThan(100);
    await expectAccessible(page);
    await page.keyboard.press('Escape');
    await page.keyboard.press('End');
    await screen.entry('Step 49998').waitFor();
    expect(seen.problems).toEqual([]);
  }, 90_000);
});
