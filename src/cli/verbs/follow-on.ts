import { projectNamed } from '../project-ref.ts';
import { list, oneLine, readable } from '../text.ts';
import { defineVerb, wholeNumber } from '../verb.ts';

export const projectFollow = defineVerb({
  name: 'project follow',
  summary: 'Show or set what new sessions on a project are told, and what their end may start.',
  takes: ['project'],
  options: {
    notes: { type: 'string', value: '<text>', help: 'what every session on it is told beside its prompt; "": nothing' },
    brief: { type: 'boolean', help: 'tell the next session what was measured of the one before (--no-brief: not)' },
    start: {
      type: 'boolean',
      help: '"continue" and "retry" start the next session, from Moderate on (--no-start: not)',
    },
    most: { type: 'string', value: '<number>', help: 'at most so many in a row, 1 to 10' },
  },
  example: 'tenure project follow shop --start --most 3',
  async run(cli, [ref = ''], values) {
    const { id, name } = await projectNamed(cli, ref);
    const most = wholeNumber(values.most, 'most', 1, 10);
    const given = {
      ...(values.notes !== undefined && { notes: values.notes }),
      ...(values.brief !== undefined && { brief: values.brief }),
      ...(values.start !== undefined && { start: values.start }),
      ...(most !== undefined && { most }),
    };
    const settings =
      Object.keys(given).length === 0
        ? await cli.call('followOn.get', { projectId: id })
        : await cli.call('followOn.set', { projectId: id, ...given });
    const text = list([
      ['Project', oneLine(name)],
      ['Told to every session', settings.notes === null ? 'nothing' : readable(settings.notes)],
      ['Told to the next session', settings.brief ? 'what was measured of the one before' : 'nothing'],
      [
        'Started by a recommendation',
        settings.start ? `at most ${settings.most} in a row, from Moderate on` : 'nothing',
      ],
    ]);
    return { json: settings, text };
  },
});
