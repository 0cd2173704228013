import type { Service } from '../../../shared/contract/services.ts';
import {
  budgetWords,
  certificateWords,
  KIND_NAMES,
  projectOf,
  RESTART_NAMES,
  responseTime,
  stateWords,
  targetWords,
  UPTIME_NAMES,
  uptimePercent,
} from '../../../shared/service-words.ts';
import { whoWords } from '../../../shared/words.ts';
import { useAct } from '../../hooks/use-act.ts';
import { useAway } from '../../hooks/use-away.ts';
import { useClock } from '../../hooks/use-clock.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { useMirror } from '../../mirror.ts';
import { hashOf } from '../../route.ts';
import { Button } from '../../ui/Button.tsx';
import { Command } from '../../ui/Command.tsx';
import { Problem } from '../../ui/Field.tsx';
import { Mark } from '../../ui/Mark.tsx';
import { Facts, Nothing, Part, Screen } from '../../ui/Screen.tsx';
import { Moment } from '../../ui/Time.tsx';
import { openDialog, say } from '../../ui.ts';
import { Bars } from './Bars.tsx';
import { faceOf } from './face.ts';
import { Incidents } from './Incidents.tsx';
import { ResponseChart } from './ResponseChart.tsx';
import { RestartCard } from './RestartCard.tsx';

/** Everything about one service. */
export function ServiceDetail({ id }: { id: string }) {
  const service = useMirror((snapshot) => snapshot.services.find((known) => known.id === id));
  if (!service) {
    return (
      <Screen title="Services">
        <Nothing>
          This service is not watched any more.{' '}
          <a href={hashOf('services')} className="link">
            All services
          </a>
        </Nothing>
      </Screen>
    );
  }
  return <Detail service={service} />;
}

function Detail({ service }: { service: Service }) {
  const { id, name, group, target, last, since, certificateExpiresAt } = service;
  const project = useMirror((snapshot) => projectOf(service, snapshot.projects)?.name ?? service.project);
  const newest = last?.at ?? 0;
  const status = useQuery('services.status', { ids: [id], checks: true }, newest);
  const [one] = status.data ?? [];
  const certificate = useClock((now) => certificateWords(certificateExpiresAt, now) ?? '');
  const [shape, tone] = faceOf(service);
  return (
    <Screen title={name} actions={<Actions service={service} />}>
      <div className="flex flex-col gap-2">
        <p className="flex flex-wrap items-center gap-2">
          <Mark shape={shape} tone={tone} />
          <span className="font-strong">{stateWords(service)}</span>
          {since !== null && (
            <span className="text-ink-2">
              since <Moment at={since} />
            </span>
          )}
          <a href={hashOf('services')} className="link ml-auto">
            All services
          </a>
        </p>
        {last && (
          <p className={`wrap-anywhere select-text ${last.ok === false ? 'text-bad' : 'text-ink-2'}`}>
            {last.detail}, <Moment at={last.at} />
          </p>
        )}
      </div>
      <Restarting service={service} />
      <Part title="The last 60 checks">
        <Problem text={status.error} />
        <div className="card p-3">
          <Bars checks={one?.checks ?? []} legend />
        </div>
      </Part>
      <Facts
        facts={[
          ['Looked at', `${KIND_NAMES[target.kind]}, ${targetWords(target)}`],
          ...(Object.entries(UPTIME_NAMES) as [keyof typeof UPTIME_NAMES, string][]).map(
            ([window, words]) =>
              [
                `Up over ${words}`,
                one && one.uptime[window] !== null ? uptimePercent(one.uptime[window]) : null,
              ] as const,
          ),
          ['Last answer', last?.ms == null ? null : responseTime(last.ms)],
          ...(certificate ? ([['Certificate', certificate]] as const) : []),
          ['Checked', `every ${service.intervalMs / 1_000} s, at most ${service.timeoutMs / 1_000} s`],
          ['Down, up after', `${service.downAfter} failed, ${service.upAfter} good`],
          ...(project ? ([['Project', project]] as const) : []),
          ...(group ? ([['Group', group]] as const) : []),
          ...(service.dependsOn.length > 0 ? ([['Depends on', service.dependsOn.join(', ')]] as const) : []),
          [
            'Brought back',
            service.restart === null
              ? 'not at all'
              : `by ${service.restart.kind === 'command' ? 'a command' : service.restart.kind}`,
          ],
          ...(service.source === 'config' ? ([['Set up in', 'config.jsonc']] as const) : []),
        ]}
      />
      <ResponseChart id={id} version={Math.floor(newest / 60_000)} />
      <Incidents serviceId={id} />
      <Restarts id={id} version={`${service.restarting?.id} ${service.restarting?.state} ${service.state}`} />
    </Screen>
  );
}

function Actions({ service }: { service: Service }) {
  const { id, name, state, source, restart, restarting } = service;
  const check = useAct('services.check');
  const pause = useAct('services.pause');
  const again = useAct('services.restart');
  const renew = useAct('services.renewPushUrl');
  const away = useAway();
  const isPaused = state === 'paused';
  const whyNotRestart =
    restart === null
      ? 'No restart is set up; edit the service first.'
      : isPaused
        ? 'It is paused; resume it first.'
        : restarting && restarting.state !== 'proposed'
          ? 'It is being restarted.'
          : null;
  return (
    <>
      <Problem text={check.error ?? pause.error ?? again.error ?? renew.error} />
      <Button
        busy={check.busy}
        why={away ?? (isPaused ? 'It is paused; resume it first.' : null)}
        onClick={() => void check.run({ id })}
      >
        Check now
      </Button>
      <Button busy={pause.busy} why={away} onClick={() => void pause.run({ id, paused: !isPaused })}>
        {isPaused ? 'Resume' : 'Pause'}
      </Button>
      <Button
        busy={again.busy}
        why={away ?? whyNotRestart}
        onClick={() => void again.run({ id }).then((done) => done && say(`${name} is being restarted.`))}
      >
        Restart
      </Button>
      {service.target.kind === 'heartbeat' && (
        <Button
          busy={renew.busy}
          why={away}
          onClick={() =>
            void renew.run({ id }).then((made) => made && openDialog({ kind: 'push-url', name, url: made.pushUrl }))
          }
        >
          New push URL…
        </Button>
      )}
      <Button
        why={away ?? (source === 'config' ? 'It is set up in config.jsonc; change it there.' : null)}
        onClick={() => openDialog({ kind: 'service', id })}
        aria-label={`Edit ${name}`}
      >
        Edit…
      </Button>
    </>
  );
}

/** The restart that is proposed or under way. */
function Restarting({ service: { restarting } }: { service: Service }) {
  if (!restarting) return null;
  if (restarting.state === 'proposed') return <RestartCard restart={restarting} />;
  return (
    <section aria-label="Restart" className="card flex flex-col gap-2 p-3">
      <p>
        <span className="font-strong">{RESTART_NAMES[restarting.state]}</span>
        <span className="text-ink-2"> {restarting.reason}</span>
      </p>
      <Command text={restarting.action} label="What runs" />
    </section>
  );
}

function Restarts({ id, version }: { id: string; version: string }) {
  const restarts = useQuery('services.restarts', { id, limit: 20 }, version);
  if (!restarts.data || restarts.data.length === 0) return null;
  return (
    <Part title="Restarts">
      <ul className="card divide-y divide-line">
        {restarts.data.map((restart) => (
          <li key={restart.id} className="flex flex-col gap-0.5 p-3">
            <p className="flex flex-wrap justify-between gap-x-3">
              <span className="font-strong">{RESTART_NAMES[restart.state]}</span>
              <span className="text-ink-2">
                by {whoWords(restart.by)}, <Moment at={restart.at} />
              </span>
            </p>
            <p className="text-ink-2">{restart.reason}</p>
            <p className="font-mono text-[0.75rem] wrap-anywhere">{restart.action}</p>
            <p className="text-small text-ink-3">{budgetWords(restart)}</p>
            {restart.detail && <p className="text-ink-2 wrap-anywhere">{restart.detail}</p>}
          </li>
        ))}
      </ul>
    </Part>
  );
}
