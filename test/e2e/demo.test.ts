import { expect, test } from 'vitest';
import { until } from '../rig.ts';
import { expectAccessible } from './browser.ts';
import { inBrowser } from './in-browser.ts';
import { Popover, pointElsewhere } from './pages/popover.ts';

inBrowser('the demo', ({ start, open }) => {
  test('shows the whole loop without any account: asked, approved, scored, promoted, one level up', async () => {
    const rig = await start({ demo: true });
    const { page, problems } = await open(rig, { deviceScaleFactor: 2 });
    const popover = new Popover(page);
    await popover.level.getByText('Cautious').waitFor();
    await page.getByText('Demo', { exact: true }).waitFor();

    /** Says yes to everything as it comes, `but` that, like a person in a hurry, until `done`. */
    const approveUntil = async (what: string, done: () => Promise<boolean>, but = /^$/): Promise<void> => {
      await until(what, async () => {
        if (await done()) return true;
        // Questions only: the promotion, which comes by the clock, is not theirs to click away.
        const card = popover.question(/corner-shop/).card.filter({ hasNotText: but });
        const yes = card.getByRole('button', { name: /^Approve(: really)?$/ });
        if (await yes.isVisible()) await yes.click({ timeout: 1_000 }).catch(() => undefined);
        await pointElsewhere(page);
        return false;
      });
    };
    const ended = async (): Promise<number> =>
      (await rig.call('sessions.list', {})).filter((session) => session.state === 'ended').length;

    await popover.question(/./).command.waitFor();
    await approveUntil('the first session has ended', async () => (await ended()) === 1);
    await popover.launch('corner-shop');
    const commit = popover.question(/git commit/);
    await approveUntil('a commit is asked', () => commit.command.isVisible(), /git commit/);
    await approveUntil('the second session has ended', async () => (await ended()) === 2);
    await rig.call('trust.check', {});
    await popover.promotion.waitFor();
    await expectAccessible(page);
    await popover.approvePromotion();
    await popover.level.getByText('Moderate').waitFor();

    const sessions = await rig.call('sessions.list', {});
    expect(sessions.map((session) => [session.outcome, session.agent])).toEqual([
      ['completed', 'demo'],
      ['completed', 'demo'],
    ]);
    expect(sessions.every((session) => (session.evaluation?.score ?? 0) >= 3)).toBe(true);
    expect(sessions.every((session) => (session.commits ?? 0) >= 1)).toBe(true);
    expect(problems).toEqual([]);
  }, 90_000);
});
