import { defineVerb } from '../verb.ts';

export const open = defineVerb({
  name: 'open',
  summary: 'Open the screens in a browser: prints a fresh login URL that works once.',
  options: { print: { type: 'boolean', help: 'print the URL and open nothing' } },
  example: 'tenure open --print',
  async run(cli, _given, values) {
    const url = await cli.loginLink();
    if (!values.print) cli.browse(url);
    return { json: { url }, text: url };
  },
});
