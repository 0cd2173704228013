import { useMemo, useState } from 'react';
import type { Check } from '../../../shared/contract/check.ts';
import type { Service, Uptime } from '../../../shared/contract/services.ts';
import { count } from '../../../shared/format.ts';
import {
  isFailing,
  KIND_NAMES,
  projectOf,
  responseTime,
  stateWords,
  targetWords,
  uptimePercent,
} from '../../../shared/service-words.ts';
import { useKept } from '../../hooks/use-kept.ts';
import { useQuery } from '../../hooks/use-query.ts';
import { useMirror } from '../../mirror.ts';
import { isText } from '../../remembered.ts';
import { hashOf } from '../../route.ts';
import { Button } from '../../ui/Button.tsx';
import { Problem } from '../../ui/Field.tsx';
import { Mark } from '../../ui/Mark.tsx';
import { Nothing, Screen } from '../../ui/Screen.tsx';
import { openDialog } from '../../ui.ts';
import { DetectDialog } from '../detect/DetectDialog.tsx';
import { ActButton } from '../system/ActButton.tsx';
import { Bars } from './Bars.tsx';
import { faceOf, inOrder } from './face.ts';
import { Incidents } from './Incidents.tsx';

/** Rows at a time: a thousand services are not drawn at once. */
const PAGE = 50;

interface Status {
  uptime: Uptime;
  checks: Check[];
}

/** All services, the most urgent first. */
export function ServiceList() {
  const services = useMirror((snapshot) => snapshot.services);
  const [filter, setFilter] = useKept('services', isText, '');
  const [pages, setPages] = useState(1);
  const [looking, setLooking] = useState(false);
  const found = useMemo(() => inOrder(services.filter((service) => matches(service, filter))), [services, filter]);
  const shown = found.slice(0, pages * PAGE);
  const ids = shown.map(({ id }) => id).toSorted();
  // At most every other second, however many are checked meanwhile.
  const newest = Math.floor(Math.max(0, ...shown.map(({ last }) => last?.at ?? 0)) / 2_000);
  const status = useQuery('services.status', { ids, checks: true }, newest);
  const byId = useMemo(() => new Map((status.data ?? []).map((one) => [one.id, one])), [status.data]);
  const failing = services.filter(isFailing).length;
  return (
    <Screen
      title="Services"
      actions={
        <>
          <ActButton onClick={() => setLooking(true)}>Find what runs here…</ActButton>
          <ActButton kind="primary" onClick={() => openDialog({ kind: 'service' })}>
            Watch a service…
          </ActButton>
        </>
      }
    >
      {looking && <DetectDialog onClose={() => setLooking(false)} />}
      {services.length === 0 ? (
        <Nothing>
          Nothing is watched yet. Watch a website, a port, a container, a launchd or systemd job, a disk or a job that
          reports by itself; Tenure says once when it goes down, and brings it back when its level allows.
        </Nothing>
      ) : (
        <>
          <div className="flex flex-wrap items-center gap-3">
            <p className="mr-auto text-ink-2">
              {count(services.length, 'service')}
              {failing > 0 ? `, ${failing} failing` : ', none failing'}
            </p>
            <input
              type="search"
              aria-label="Filter services"
              placeholder="Filter by name, group, kind or state"
              value={filter}
              onChange={(event) => setFilter(event.currentTarget.value)}
              className="field max-w-64"
            />
          </div>
          <Problem text={status.error} />
          {found.length === 0 ? (
            <Nothing>No service matches.</Nothing>
          ) : (
            <ul className="card divide-y divide-line overflow-clip">
              {shown.map((service) => (
                <Row key={service.id} service={service} status={byId.get(service.id)} />
              ))}
            </ul>
          )}
          {shown.length < found.length && (
            <Button className="self-start" onClick={() => setPages(pages + 1)}>
              Show {Math.min(PAGE, found.length - shown.length)} more of {found.length}
            </Button>
          )}
          <Incidents />
        </>
      )}
    </Screen>
  );
}

function Row({ service, status }: { service: Service; status: Status | undefined }) {
  const { id, name, group, target, last } = service;
  const [shape, tone] = faceOf(service);
  const project = useMirror((snapshot) => projectOf(service, snapshot.projects)?.name ?? service.project);
  return (
    <li data-item className="flex flex-wrap items-center gap-x-4 gap-y-1 px-3 py-2">
      <a href={hashOf('services', id)} className="flex min-w-56 flex-1 items-start gap-2.5 rounded-control">
        <span className="flex h-4.5 items-center">
          <Mark shape={shape} tone={tone} />
        </span>
        <span className="min-w-0 flex-1">
          <span className="block truncate">
            <span className="font-strong">{name}</span>
            {[project, group].map(
              (of) =>
                of && (
                  <span key={of} className="text-ink-3">
                    {' '}
                    · {of}
                  </span>
                ),
            )}
          </span>
          <span className="block truncate text-ink-2" title={last?.detail}>
            {stateWords(service)}
            {last && last.ok !== true && `: ${last.detail}`}
          </span>
          <span className="block truncate text-small text-ink-3" title={targetWords(target)}>
            {KIND_NAMES[target.kind]}, {targetWords(target)}
          </span>
        </span>
      </a>
      <div className="w-52 max-w-full sm:w-64">
        <Bars checks={status?.checks ?? []} />
      </div>
      <p className="w-28 text-right text-small text-ink-2">
        <span className="block">{answerWords(last)}</span>
        <span className="block" title="Share of good checks over 24 hours">
          {uptimePercent(status?.uptime.day ?? null)}
        </span>
      </p>
    </li>
  );
}

function answerWords(last: Check | null): string {
  if (last === null) return 'not checked';
  if (last.ok === null) return 'unknown';
  if (!last.ok) return 'failed';
  return last.ms === null ? 'good' : responseTime(last.ms);
}

function matches(service: Service, filter: string): boolean {
  const words = filter.trim().toLowerCase();
  const { name, group, target } = service;
  const texts = [name, group, KIND_NAMES[target.kind], targetWords(target), stateWords(service)];
  return words === '' || texts.some((text) => text.toLowerCase().includes(words));
}
