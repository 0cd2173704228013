import { useMemo } from 'react';
import { count } from '../../../shared/format.ts';
import { checkWords, isFailing, stateWords } from '../../../shared/service-words.ts';
import { useMirror } from '../../mirror.ts';
import { hashOf } from '../../route.ts';
import { Mark } from '../../ui/Mark.tsx';
import { Section } from '../../ui/Section.tsx';
import { faceOf, inOrder } from './face.ts';

/** More dots than this are told as a number. */
const MOST = 24;

/** The services as dots with names: those that fail stand in the open, all others behind one quiet line. */
export function ServiceDots() {
  const services = useMirror((snapshot) => snapshot.services);
  const ordered = useMemo(() => inOrder(services), [services]);
  if (services.length === 0) return null;
  const loud = ordered.filter((service) => isFailing(service) || service.state === 'pending');
  const quiet = ordered.filter((service) => !loud.includes(service));
  const failing = services.filter(isFailing).length;
  return (
    <Section
      title="Services"
      name="Services"
      figure={failing > 0 ? `${failing} of ${services.length} down` : `${services.length}`}
    >
      <div className="card">
        {loud.length > 0 && <Dots services={loud.slice(0, MOST)} more={loud.length - MOST} withWords />}
        {quiet.length > 0 && (
          <details data-item className={loud.length > 0 ? 'border-t border-line' : ''}>
            <summary className="flex min-h-8 list-none items-center gap-2 rounded-card px-3 text-ink-2 hover:bg-sunken/45">
              <Mark
                shape={quiet.every(({ state }) => state === 'up') ? 'dot' : 'ring'}
                tone={quiet.every(({ state }) => state === 'up') ? 'trust' : 'mute'}
              />
              {quietWords(quiet.map(({ state }) => state))}
            </summary>
            <Dots services={quiet.slice(0, MOST)} more={quiet.length - MOST} />
          </details>
        )}
      </div>
    </Section>
  );
}

function quietWords(states: readonly string[]): string {
  const of = (state: string): number => states.filter((one) => one === state).length;
  const [up, unknown, paused] = [of('up'), of('unknown'), of('paused')];
  return [
    ...(up > 0 ? [`${count(up, 'service')} up`] : []),
    ...(unknown > 0 ? [`${unknown} unknown`] : []),
    ...(paused > 0 ? [`${paused} paused`] : []),
  ].join(', ');
}

interface DotsProps {
  services: ReturnType<typeof inOrder>;
  more: number;
  withWords?: boolean;
}

function Dots({ services, more, withWords = false }: DotsProps) {
  return (
    <ul className="flex flex-wrap gap-x-4 gap-y-1.5 px-3 py-2">
      {services.map((service) => {
        const [shape, tone] = faceOf(service);
        const words = stateWords(service);
        return (
          <li key={service.id}>
            <a
              href={hashOf('services', service.id)}
              title={service.last ? `${words}. ${checkWords(service.last)}` : words}
              className="flex items-center gap-1.5 rounded-control"
            >
              <Mark shape={shape} tone={tone} />
              <span>{service.name}</span>
              <span className={withWords ? 'text-ink-2' : 'sr-only'}>{words}</span>
            </a>
          </li>
        );
      })}
      {more > 0 && (
        <li>
          <a href={hashOf('services')} className="link">
            and {more} more
          </a>
        </li>
      )}
    </ul>
  );
}
