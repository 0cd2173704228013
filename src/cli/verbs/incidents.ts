import type { Check } from '../../shared/contract/check.ts';
import type { Incident, IncidentEntry } from '../../shared/contract/incidents.ts';
import { clockSeconds, count, span, when } from '../../shared/format.ts';
import { checkWords, entryWords, incidentTitle } from '../../shared/service-words.ts';
import { serviceNamed } from '../service-ref.ts';
import { list, oneLine, paragraphs, table } from '../text.ts';
import { defineVerb, oneOf, type Verb, wholeNumber } from '../verb.ts';

const lasted = ({ failingSince, closedAt }: Incident, now: number): string =>
  `${span((closedAt ?? now) - failingSince)}${closedAt === null ? ', still' : ''}`;

const DAY = 86_400_000;

/** An entry, and below it the single checks that it stands for. */
function timelineLines(entry: IncidentEntry, single: readonly Check[], now: number): string {
  const { at, kind, checks } = entry;
  const until = checks && checks.until > at ? ` (until ${when(checks.until, now)})` : '';
  const line = `${when(at, now)}  ${kind.padEnd(7)}  ${oneLine(entryWords(entry))}${until}`;
  const own = checks ? single.filter((check) => check.at >= at && check.at <= checks.until) : [];
  if (own.length < 2) return line;
  return [line, ...own.map((check) => `    ${clockSeconds(check.at)}  ${oneLine(checkWords(check))}`)].join('\n');
}

const incidents = defineVerb({
  name: 'incidents',
  summary: 'List the incidents that are open, or with --all the closed ones too.',
  options: {
    all: { type: 'boolean', help: 'closed ones as well' },
    service: { type: 'string', value: '<service>', help: 'of one service only' },
    limit: { type: 'string', value: '<n>', help: 'at most so many; default: 50' },
  },
  example: 'tenure incidents --all --json',
  async run(cli, _given, values) {
    const limit = wholeNumber(values.limit, 'limit', 1, 1_000) ?? 50;
    const serviceId = values.service === undefined ? undefined : (await serviceNamed(cli, values.service)).id;
    const found = await cli.call('incidents.list', {
      all: values.all ?? false,
      limit,
      ...(serviceId && { serviceId }),
    });
    const rows = found.map((one) => [
      one.id,
      incidentTitle(one),
      when(one.failingSince, cli.now()),
      lasted(one, cli.now()),
      one.needsPerson ?? one.cause,
    ]);
    const empty = values.all ? 'None so far.' : 'No incident is open.';
    return { json: found, text: table(['id', 'what', 'since', 'for', 'why'], rows, empty) };
  },
});

const incidentShow = defineVerb({
  name: 'incidents show',
  summary: 'Show one incident with its timeline: checks, restarts and messages.',
  takes: ['incident'],
  options: { checks: { type: 'boolean', help: 'every single check that is kept as well' } },
  example: 'tenure incidents show inc_k3v9m2 --checks',
  async run(cli, [id = ''], values) {
    const incident = await cli.call('incidents.get', { id });
    const single = values.checks ? await cli.call('incidents.checks', { id, from: 0, to: cli.now() + DAY }) : null;
    return {
      json: single ? { ...incident, checks: single } : incident,
      text: paragraphs(
        list([
          ['Incident', `${oneLine(incidentTitle(incident))} (${incident.id})`],
          ['Lasted', lasted(incident, cli.now())],
          ['Why', oneLine(incident.cause)],
          ['Services', incident.kind === 'infrastructure' ? oneLine(incident.services.join(', ')) : null],
          [
            'Told',
            incident.toldAt === null
              ? 'not by itself'
              : `${when(incident.toldAt, cli.now())}, ${count(incident.reminders, 'reminder')}`,
          ],
          ['Needs you', incident.needsPerson && oneLine(incident.needsPerson)],
          ['Judged', incident.verdict && (incident.verdict === 'useful' ? 'useful' : 'a false alarm')],
        ]),
        incident.timeline.map((entry) => timelineLines(entry, single ?? [], cli.now())).join('\n'),
      ),
    };
  },
});

const incidentJudge = defineVerb({
  name: 'incidents judge',
  summary: 'Say whether the alert of an incident was useful or false; it counts in the trust record.',
  takes: ['incident', 'useful|false|none'],
  example: 'tenure incidents judge inc_k3v9m2 useful',
  async run(cli, [id = '', word = '']) {
    const verdict = oneOf(word, 'verdict', ['useful', 'false', 'none'] as const);
    const incident = await cli.call('incidents.judge', {
      id,
      verdict: verdict === 'useful' || verdict === 'false' ? verdict : null,
    });
    return { json: incident, text: incident.verdict === null ? 'Not judged.' : `Judged ${incident.verdict}.` };
  },
});

export const incidentVerbs: readonly Verb[] = [incidents, incidentShow, incidentJudge];
