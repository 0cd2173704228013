import type { StoppedSession, StopReport } from '../../shared/contract/sessions.ts';
import { type Answer, defineVerb, UsageError } from '../verb.ts';

function told(report: StopReport): string {
  if (report.stillAlive.length > 0)
    return `${report.id} was stopped, but these processes are still alive: ${report.stillAlive.join(', ')}.`;
  return report.stopped ? `${report.id} is stopped.` : `${report.id} was not stopped.`;
}

/** `ses_1 of atlas is stopped.` */
const toldOfAll = (report: StoppedSession): string => {
  const named = told({ ...report, id: `${report.id} of ${report.project}` });
  return report.problem === undefined ? named : `${named} ${report.problem}`;
};

const worked = (report: StopReport): boolean => report.stopped && report.stillAlive.length === 0;

export const stop = defineVerb({
  name: 'stop',
  summary: 'Stop a session with its whole process group, or say what is still alive.',
  takes: ['session?'],
  options: { all: { type: 'boolean', help: 'every session that is queued, parked or running' } },
  example: 'tenure stop --all',
  async run(cli, [id = ''], values): Promise<Answer> {
    if ((id === '') === (values.all !== true)) throw new UsageError('"tenure stop" needs either a session or --all.');
    if (!values.all) {
      const report = await cli.call('sessions.stop', { id });
      return { json: report, text: told(report), exitCode: worked(report) ? 0 : 1 };
    }
    const reports = await cli.call('sessions.stopAll', {});
    const text = reports.length === 0 ? 'Nothing was running.' : reports.map(toldOfAll).join('\n');
    const left = reports.filter((report) => !worked(report)).length;
    if (left > 0)
      return {
        json: reports,
        text: `${text}\nNothing new starts while something is left: everything is paused until "tenure go-on".`,
        exitCode: 1,
      };
    return { json: reports, text, exitCode: 0 };
  },
});
