import { HEALTH_WORDS } from '../../shared/words.ts';
import { paragraphs, readable } from '../text.ts';
import { defineVerb } from '../verb.ts';

export const doctor = defineVerb({
  name: 'doctor',
  summary: 'Check everything that Tenure needs; exit code 1 when something fails.',
  example: 'tenure doctor',
  async run(cli) {
    const checks = await cli.call('system.doctor', {});
    const lines = checks.map(({ name, state, detail, fix }) => {
      const remedy = fix === null ? '' : `\n         ${readable(fix)}`;
      return `${HEALTH_WORDS[state].padEnd(7)}  ${name}: ${readable(detail)}${remedy}`;
    });
    return {
      json: checks,
      text: paragraphs(lines.join('\n')),
      exitCode: checks.some(({ state }) => state === 'failing') ? 1 : 0,
    };
  },
});
