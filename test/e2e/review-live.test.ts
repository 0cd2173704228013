import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { tempDir } from '../builders.ts';
import { FAKE, INIT, RESULT, type Step } from '../fakes/scripted-claude.ts';
import { expectAccessible } from './browser.ts';
import { inBrowser } from './in-browser.ts';
import { SessionScreen, shoot } from './pages/session.ts';

const says = (block: object, parent?: string): Step => ({
  line: { type: 'assistant', ...(parent && { parent_tool_use_id: parent }), message: { id: 'm', content: [block] } },
});
const USED: Step = {
  line: { type: 'assistant', message: { id: 'u', content: [], usage: { input_tokens: 1_200, output_tokens: 34 } } },
};
const text = (words: string, parent?: string): Step => says({ type: 'text', text: words }, parent);

inBrowser('a transcript while the agent works', ({ start, open }) => {
  test('follows its end, says how much is new to who reads above, and shows what is odd', async () => {
    const dir = tempDir('live');
    const [scenario, more, end] = [join(dir, 'scenario.json'), join(dir, 'more'), join(dir, 'end')];
    const steps: Step[] = [
      INIT,
      USED,
      says({ type: 'thinking', thinking: 'First I think.\nThen I think again.' }),
      says({ type: 'tool_use', id: 'agent', name: 'Agent', input: { description: 'Look around', prompt: 'Look.' } }),
      text('I look around.', 'agent'),
      { raw: 'this is no JSON \u001b[31mat all\n' },
      { line: { type: 'news_of_tomorrow', what: 'unheard of' } },
      { longLine: 5_000_000 },
      ...Array.from({ length: 60 }, (_, n) => text(`Part ${n} of the work, for as long as it takes.`)),
      { waitFor: more },
      ...Array.from({ length: 12 }, (_, n) => text(`Later ${n}`)),
      { waitFor: end },
      text('The very last words.'),
      RESULT,
    ];
    writeFileSync(scenario, JSON.stringify({ version: '2.1.328', steps }));
    const rig = await start({ command: FAKE, agentEnv: { FAKE_CLAUDE: scenario } });
    const { project } = await rig.addProject({
      name: 'مشروع 🚀 with a name that is much longer than any row has room for',
    });
    const { id } = await rig.call('sessions.launch', { projectId: project.id, prompt: 'Work.' });
    const { page, problems } = await open(rig, { viewport: { width: 1280, height: 800 } });
    await page.getByRole('heading', { level: 1 }).waitFor();
    const screen = await SessionScreen.open(page, rig.host.url, id, 'Transcript');
    await screen.entry('Part 59').waitFor();
    await page.getByRole('img', { name: /tokens in the last minute, 1\.2k in ten$/ }).waitFor();

    // At the end it stays at the end; above it, it stays there and says what is new.
    await screen.entries.evaluate((list) => list.scrollTo(0, 0));
    await screen.entry('Subagent').first().waitFor();
    const thinking = screen.entries.getByRole('button', { name: /Thinking/ });
    expect(await thinking.getAttribute('aria-expanded')).toBe('false');
    await screen.entries.getByText('this is no JSON').waitFor();
    await screen.entries.getByText('news_of_tomorrow', { exact: true }).waitFor();
    const long = screen.entry('xxxxxxxx').first();
    await long.getByRole('button', { name: /^Show all \d+ KB$/ }).click();
    await long.getByText('… cut: 5000000 characters').waitFor();
    await shoot(page, 'live-odd');
    await screen.entries.evaluate((list) => list.scrollTo(0, 0));
    await screen.entry('Subagent').first().waitFor();
    await expectAccessible(page);
    writeFileSync(more, '');
    const fresh = screen.transcript.getByRole('button', { name: '12 new' });
    await fresh.waitFor();
    await shoot(page, 'live-new');
    await fresh.click();
    await screen.entry('Later 11').waitFor();
    await fresh.waitFor({ state: 'detached' });
    writeFileSync(end, '');
    await screen.entry('The very last words.').waitFor();
    await rig.ended(id);
    await screen.entries.getByText('Result').waitFor();
    expect(problems).toEqual([]);
  }, 90_000);
});
