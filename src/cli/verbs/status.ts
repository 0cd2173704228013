import { count, when } from '../../shared/format.ts';
import { groupOf } from '../../shared/state.ts';
import { list, oneLine, paragraphs, readable } from '../text.ts';
import { defineVerb } from '../verb.ts';
import { stateOf } from './sessions.ts';
import { describeTrust } from './trust.ts';

export const status = defineVerb({
  name: 'status',
  summary: 'Say what runs, what waits for you and how trust stands.',
  example: 'tenure status',
  async run(cli) {
    const { engine, projects, sessions, decisions, trust, paused, notices } = await cli.call('state.snapshot', {});
    const inGroup = (group: string) => sessions.filter((session) => groupOf(session) === group).length;
    const waiting = decisions.filter(({ state }) => state === 'pending').length;
    const json = {
      running: true,
      engine,
      projects: projects.length,
      sessions: { needsInput: inGroup('needs_input'), working: inGroup('working') },
      pendingDecisions: waiting,
      paused,
      level: trust.level,
      trust,
      notices,
    };
    const demo = engine.demo ? ', demo' : '';
    const text = paragraphs(
      list([
        [
          'Tenure',
          `${engine.version} (${engine.host}${demo}), process ${engine.pid}, since ${when(engine.startedAt, cli.now())}`,
        ],
        ['Folder', engine.home],
        ['Projects', String(projects.length)],
        ['Sessions', `${json.sessions.working} working, ${json.sessions.needsInput} waiting for you`],
        ...sessions
          .filter(({ waitingFor, held, stall }) => waitingFor || held || stall)
          .map((one): [string, string] => [
            '',
            `${one.id} on ${oneLine(one.project)}: ${oneLine(stateOf(one, cli.now()))}`,
          ]),
        [
          'Decisions',
          waiting === 0 ? 'nothing waits for you' : `${count(waiting, 'decision')} waiting: "tenure decisions"`,
        ],
        ['Paused', paused ? 'yes: nothing new starts ("tenure go-on")' : null],
      ]),
      describeTrust(trust, cli.now()),
      notices.map((notice) => `! ${readable(notice)}`).join('\n'),
    );
    return { json, text };
  },
});
