import type { Service, ServiceInput } from '../../shared/contract/services.ts';
import { TenureError } from '../../shared/errors.ts';
import { when } from '../../shared/format.ts';
import {
  budgetWords,
  certificateWords,
  checksWords,
  checkWords,
  KIND_NAMES,
  RESTART_NAMES,
  responseTime,
  stateWords,
  targetWords,
  uptimePercent,
} from '../../shared/service-words.ts';
import { whoWords } from '../../shared/words.ts';
import { serviceNamed } from '../service-ref.ts';
import { list, oneLine, paragraphs, readable, table } from '../text.ts';
import { type Cli, defineVerb, type Verb } from '../verb.ts';
import { SERVICE_OPTIONS, settingsOf, TARGET_HELP } from './probe-settings.ts';

function describe(service: Service, now: number): string {
  const { name, id, target, last, restart, restarting, certificateExpiresAt } = service;
  return list([
    ['Service', `${oneLine(name)} (${id})`],
    ['State', oneLine(stateWords(service))],
    ['Looked at', oneLine(`${KIND_NAMES[target.kind]}, ${targetWords(target)}`)],
    ['Last check', last && oneLine(`${when(last.at, now)}: ${checkWords(last)}`)],
    ['Certificate', certificateWords(certificateExpiresAt, now)],
    ['Project', service.project && oneLine(service.project)],
    ['Conditions', service.conditions.length > 0 ? oneLine(service.conditions.join('; ')) : null],
    ['Brought back', restart ? `by ${restart.kind}` : 'not at all'],
    [
      'Restart',
      restarting && oneLine(`${RESTART_NAMES[restarting.state]}: ${restarting.action} (${budgetWords(restarting)})`),
    ],
  ]);
}

const probeList = defineVerb({
  name: 'probe list',
  summary: 'List the watched services with their state, last answer and uptime.',
  example: 'tenure probe list --json',
  async run(cli) {
    const [services, status] = await Promise.all([
      cli.call('services.list', {}),
      cli.call('services.status', { checks: false }),
    ]);
    const uptime = new Map(status.map((one) => [one.id, one.uptime]));
    const rows = services.map((service) => [
      service.name,
      stateWords(service),
      targetWords(service.target),
      service.last?.ok
        ? service.last.ms === null
          ? 'good'
          : responseTime(service.last.ms)
        : (service.last?.detail ?? 'not checked yet'),
      uptimePercent(uptime.get(service.id)?.day ?? null),
    ]);
    const empty = 'Nothing is watched yet. "tenure probe add <name> <target>" watches a service.';
    return {
      json: services.map((service) => ({ ...service, uptime: uptime.get(service.id) ?? null })),
      text: table(['name', 'state', 'target', 'last answer', '24 hours'], rows, empty),
    };
  },
});

const probeShow = defineVerb({
  name: 'probe show',
  summary: 'Show one service, its last 60 checks and its restarts.',
  takes: ['service'],
  example: 'tenure probe show "Media server"',
  async run(cli, [ref = '']) {
    const service = await serviceNamed(cli, ref);
    const [[status], restarts] = await Promise.all([
      cli.call('services.status', { ids: [service.id], checks: true }),
      cli.call('services.restarts', { id: service.id, limit: 10 }),
    ]);
    const bars = (status?.checks ?? []).map(({ ok }) => (ok === null ? '?' : ok ? '|' : 'x')).join('');
    const rows = restarts.map((one) => [
      when(one.at, cli.now()),
      RESTART_NAMES[one.state],
      whoWords(one.by),
      one.action,
      one.reason,
    ]);
    return {
      json: { ...service, uptime: status?.uptime ?? null, checks: status?.checks ?? [], restarts },
      text: paragraphs(
        describe(service, cli.now()),
        `${bars}\n${checksWords(status?.checks ?? [])}.`,
        rows.length > 0 ? table(['restart', 'came to', 'by', 'what', 'why'], rows, '') : null,
      ),
    };
  },
});

/** What was detected here, for `found:<key>`. @throws TenureError not_found */
async function foundAt(cli: Cli, target: string): Promise<ServiceInput | undefined> {
  if (!target.startsWith('found:')) return undefined;
  const key = target.slice('found:'.length);
  const { candidates } = await cli.call('detect.candidates', {});
  const found = candidates.find((one) => one.key === key);
  if (found) return found.draft;
  throw new TenureError(
    'not_found',
    `Nothing of the key "${oneLine(key)}" runs here now; "tenure probe detect" lists what does.`,
  );
}

const probeDetect = defineVerb({
  name: 'probe detect',
  summary: 'List what runs on this machine and could be watched: containers, jobs and units, listening ports.',
  example: 'tenure probe detect && tenure probe add Database found:container:db',
  async run(cli) {
    const seen = await cli.call('detect.candidates', {});
    const rows = seen.candidates.map(({ key, name, detail, watched }) => [
      `found:${oneLine(key)}`,
      oneLine(name),
      oneLine(detail),
      watched ? 'watched already' : '',
    ]);
    const list = table(['target', 'name', 'what', ''], rows, 'Nothing was found that could be watched.');
    return { json: seen, text: paragraphs(list, ...seen.notes.map(readable)) };
  },
});

const probeAdd = defineVerb({
  name: 'probe add',
  summary: `Watch a service. A target is ${TARGET_HELP}.`,
  takes: ['name', 'target'],
  options: SERVICE_OPTIONS,
  example:
    'tenure probe add "Media server" http://127.0.0.1:8096/health --condition "[RESPONSE_TIME] < 500" --restart docker:jellyfin',
  async run(cli, [name = '', target = ''], values) {
    const settings = settingsOf(name, target, values, await foundAt(cli, target));
    const { service, pushUrl } = await cli.call('services.add', settings);
    const push = pushUrl === null ? null : `Its push URL, shown only now:\n${pushUrl}`;
    return {
      json: { service, pushUrl },
      text: paragraphs(`Watched from now on.\n${describe(service, cli.now())}`, push),
    };
  },
});

const probeTest = defineVerb({
  name: 'probe test',
  summary: 'Check a watched service now, or try out a target without keeping anything. Exit code 1: it failed.',
  takes: ['service-or-target'],
  options: SERVICE_OPTIONS,
  example: 'tenure probe test https://example.com --condition "[CERTIFICATE_EXPIRATION] > 7d"',
  async run(cli, [ref = ''], values) {
    const services = await cli.call('services.list', {});
    const known = services.find(({ id, name }) => id === ref || name === ref);
    if (known) {
      const service = await cli.call('services.check', { id: known.id });
      return { json: service, text: describe(service, cli.now()), exitCode: service.last?.ok === false ? 1 : 0 };
    }
    const seen = await cli.call('services.try', settingsOf('Unnamed', ref, values, await foundAt(cli, ref)));
    const shown = list(Object.entries(seen.values).map(([name, value]) => [name, oneLine(value)]));
    return { json: seen, text: paragraphs(readable(checkWords(seen)), shown), exitCode: seen.ok === false ? 1 : 0 };
  },
});

const paused = (name: string, isPaused: boolean, summary: string): Verb =>
  defineVerb({
    name,
    summary,
    takes: ['service'],
    example: `tenure ${name} "Media server"`,
    async run(cli, [ref = '']) {
      const { id } = await serviceNamed(cli, ref);
      const service = await cli.call('services.pause', { id, paused: isPaused });
      return { json: service, text: describe(service, cli.now()) };
    },
  });

const probeRestart = defineVerb({
  name: 'probe restart',
  summary: 'Restart a service now, or say yes to the restart that is proposed (--decline: no).',
  takes: ['service'],
  options: { decline: { type: 'boolean', help: 'say no to the restart that is proposed' } },
  example: 'tenure probe restart "Media server"',
  async run(cli, [ref = ''], values) {
    const { id } = await serviceNamed(cli, ref);
    const restart = await cli.call(values.decline ? 'services.declineRestart' : 'services.restart', { id });
    return { json: restart, text: oneLine(`${RESTART_NAMES[restart.state]}: ${restart.action}`) };
  },
});

const probePushUrl = defineVerb({
  name: 'probe push-url',
  summary: 'Make a new push URL for a heartbeat; the old one ends.',
  takes: ['service'],
  example: 'tenure probe push-url "Nightly backup"',
  async run(cli, [ref = '']) {
    const { id } = await serviceNamed(cli, ref);
    const made = await cli.call('services.renewPushUrl', { id });
    return { json: made, text: `Its push URL, shown only now:\n${made.pushUrl}` };
  },
});

const probeRemove = defineVerb({
  name: 'probe remove',
  summary: 'Stop watching a service and forget its history. The service itself is untouched.',
  takes: ['service'],
  example: 'tenure probe remove "Media server"',
  async run(cli, [ref = '']) {
    const { id, name } = await serviceNamed(cli, ref);
    const removed = await cli.call('services.remove', { id });
    return { json: removed, text: `${oneLine(name)} is not watched any more.` };
  },
});

export const probeVerbs: readonly Verb[] = [
  probeList,
  probeShow,
  probeDetect,
  probeAdd,
  probeTest,
  paused('probe pause', true, 'Stop looking at a service until it is resumed; nothing is told or restarted.'),
  paused('probe resume', false, 'Look at a paused service again.'),
  probeRestart,
  probePushUrl,
  probeRemove,
];
