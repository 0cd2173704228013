import { absolute } from '../../shared/format.ts';
import { HEALTH_WORDS } from '../../shared/words.ts';
import { paragraphs, readable } from '../text.ts';
import { defineVerb } from '../verb.ts';

export const doctor = defineVerb({
  name: 'doctor',
  summary: 'Check everything that Tenure needs; exit code 1 when something fails.',
  example: 'tenure doctor',
  async run(cli) {
    const checks = await cli.call('system.doctor', {});
    const lines = checks.map(({ name, state, detail, fix, command, lastOkAt, lastError }) => {
      const more = [
        ...(fix === null ? [] : [readable(fix)]),
        ...(command === null ? [] : [`$ ${readable(command)}`]),
        ...(state === 'ok' || lastOkAt === null ? [] : [`Well last ${absolute(lastOkAt)}.`]),
        ...(state === 'unknown' && lastError
          ? [`Last failure ${absolute(lastError.at)}: ${readable(lastError.sentence)}`]
          : []),
      ];
      return [`${HEALTH_WORDS[state].padEnd(7)}  ${name}: ${readable(detail)}`, ...more].join('\n         ');
    });
    return {
      json: checks,
      text: paragraphs(lines.join('\n')),
      exitCode: checks.some(({ state }) => state === 'failing') ? 1 : 0,
    };
  },
});
