import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CHROMIUM } from './browser.ts';
import { differs } from './pixels.ts';
import { faults, type Look, openSights, type Sights } from './seeing.ts';

let sights: Sights;
beforeAll(async () => {
  if (CHROMIUM) sights = await openSights();
}, 180_000);
afterAll(() => sights?.close());

const SCREENS = [
  'sessions',
  'decisions',
  'trust',
  'agents',
  'services',
  'projects',
  'usage',
  'revenue',
  'schedule',
  'activity',
  'health',
  'settings',
];
const WINDOW = [1080, 720] as const;
const STATES = ['nothing', 'one', 'usual', 'hundreds', 'errors'] as const;

describe.skipIf(CHROMIUM === null)('how it looks', { timeout: 120_000 }, () => {
  test.each(STATES)(
    '%s: nothing is cut off or covered, in the popover and the window, with plain and double text',
    async (state) => {
      const wrong: string[] = [];
      for (const text of [100, 200]) {
        const page = await sights.see({ state, text });
        wrong.push(...(await faults(page)).map((one) => `popover at ${text} %: ${one}`));
        await page.context().close();
      }
      const page = await sights.see({ state, hash: '#/window/sessions', size: [1080, 720] });
      for (const screen of SCREENS) {
        for (const percent of [100, 200]) {
          await page.evaluate(
            ([to, size]) => {
              window.location.hash = `#/window/${to}`;
              document.documentElement.style.fontSize = `${size}%`;
            },
            [screen, percent] as const,
          );
          await page.getByRole('heading', { level: 1 }).first().waitFor();
          wrong.push(...(await faults(page)).map((one) => `${screen} at ${percent} %: ${one}`));
        }
      }
      await page.context().close();
      expect(wrong).toEqual([]);
    },
  );

  const LOOKS: readonly (readonly [name: string, look: Look])[] = [
    ['popover-usual-light', { state: 'usual' }],
    ['popover-usual-dark', { state: 'usual', options: { colorScheme: 'dark' } }],
    ['popover-contrast', { state: 'usual', options: { contrast: 'more' } }],
    ['popover-forced', { state: 'usual', options: { forcedColors: 'active' } }],
    ['popover-nothing', { state: 'nothing' }],
    ['popover-errors', { state: 'errors' }],
    ['popover-200', { state: 'usual', text: 200 }],
    ['palette-dark', { state: 'usual', press: 'Control+k', options: { colorScheme: 'dark' } }],
    ['launch-sheet', { state: 'usual', press: 'l' }],
    ['settings', { state: 'usual', hash: '#/window/settings', size: WINDOW }],
    ['sessions', { state: 'hundreds', hash: '#/window/sessions', size: WINDOW }],
    ['decisions', { state: 'usual', hash: '#/window/decisions', size: WINDOW }],
    ['trust-dark', { state: 'usual', hash: '#/window/trust', size: WINDOW, options: { colorScheme: 'dark' } }],
    ['agents', { state: 'usual', hash: '#/window/agents', size: WINDOW }],
    ['activity', { state: 'usual', hash: '#/window/activity', size: WINDOW }],
    ['schedule-contrast', { state: 'usual', hash: '#/window/schedule', size: WINDOW, options: { contrast: 'more' } }],
    ['health', { state: 'usual', hash: '#/window/health', size: [1080, 1400] }],
    ['health-dark-narrow', { state: 'errors', hash: '#/window/health', options: { colorScheme: 'dark' } }],
    ['usage', { state: 'usual', hash: '#/window/usage', size: WINDOW }],
    [
      'usage-nothing-dark',
      { state: 'nothing', hash: '#/window/usage', size: WINDOW, options: { colorScheme: 'dark' } },
    ],
    ['services', { state: 'served', hash: '#/window/services', size: WINDOW }],
    ['revenue', { state: 'usual', hash: '#/window/revenue', size: WINDOW }],
    ['projects-narrow', { state: 'usual', hash: '#/window/projects' }],
    ['activity-nothing', { state: 'nothing', hash: '#/window/activity', size: WINDOW }],
    ['popover-offline', { state: 'usual', offline: true }],
  ];
  test.each(LOOKS)('%s is as it was', async (name, look) => {
    const page = await sights.see(look);
    const difference = await differs(page, sights.judge, name);
    await page.context().close();
    expect(difference).toBeNull();
  });

  test.skipIf(process.env.TENURE_PIXELS === 'write')(
    'a picture that is missing, and one that is another, fail',
    async () => {
      const page = await sights.see({ state: 'usual' });
      expect(await differs(page, sights.judge, 'of-nothing')).toContain('there is no picture');
      await page.evaluate(() => document.querySelector('main')?.remove());
      expect(await differs(page, sights.judge, 'popover-usual-light')).toMatch(/% of it differs/);
      await page.context().close();
    },
  );
});
