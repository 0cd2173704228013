import { paragraphs, readable } from '../text.ts';
import { defineVerb } from '../verb.ts';

const channels = defineVerb({
  name: 'notifications',
  summary: 'The ways in which Tenure reaches you, and how each stands.',
  example: 'tenure notifications',
  async run(cli) {
    const all = await cli.call('notifications.channels', {});
    const lines = all.map(({ title, state, sentence }) => `${state.padEnd(7)}  ${title}: ${readable(sentence)}`);
    return { json: all, text: paragraphs(lines.join('\n')) };
  },
});

const test = defineVerb({
  name: 'notifications test',
  summary: 'Send a test over every one of them and say what became of it; exit code 1 when one failed.',
  example: 'tenure notifications test',
  async run(cli) {
    const results = await cli.call('notifications.test', {});
    const lines = results.map(
      ({ title, outcome, sentence }) => `${outcome.padEnd(6)}  ${title}: ${readable(sentence)}`,
    );
    const failed = results.some(({ outcome }) => outcome === 'failed' || outcome === 'silent');
    return { json: results, text: paragraphs(lines.join('\n')), exitCode: failed ? 1 : 0 };
  },
});

const shell = defineVerb({
  name: 'shell',
  summary: 'Start at login, shortcuts, updates and where secrets lie.',
  example: 'tenure shell --json',
  async run(cli) {
    const state = await cli.call('shell.state', {});
    const { loginItem, shortcuts, updates, secrets } = state;
    const lines = [
      `At login: ${loginItem.sentence}`,
      ...shortcuts.map(({ sentence }) => `Shortcut: ${sentence}`),
      `Updates: ${updates.sentence}`,
      `Secrets: ${secrets.sentence}`,
    ];
    return { json: state, text: paragraphs(lines.map(readable).join('\n')) };
  },
});

/** How Tenure reaches the person, and the program around the engine. */
export const shellVerbs = [channels, test, shell];
