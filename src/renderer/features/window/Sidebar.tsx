import { LEVEL_WORDS } from '../../../shared/policy.ts';
import { isFailing } from '../../../shared/service-words.ts';
import { groupOf } from '../../../shared/state.ts';
import { useMirror } from '../../mirror.ts';
import { hashOf, SCREEN_NAMES, WINDOW_SCREENS, type WindowScreen } from '../../route.ts';
import { Ladder } from '../../ui/Ladder.tsx';
import { HeldFor } from '../../ui/Time.tsx';
import { Machine } from '../system/Footer.tsx';

export function Sidebar({ screen }: { screen: WindowScreen }) {
  const level = useMirror((snapshot) => snapshot.trust.level);
  const since = useMirror((snapshot) => snapshot.trust.since);
  const working = useMirror((snapshot) => snapshot.sessions.filter((session) => groupOf(session) === 'working').length);
  const waiting = useMirror((snapshot) => snapshot.decisions.filter(({ state }) => state === 'pending').length);
  const promoting = useMirror((snapshot) => snapshot.trust.promotion?.state === 'open');
  const failing = useMirror((snapshot) => snapshot.services.filter(isFailing).length);
  const odd = useMirror((snapshot) => snapshot.agents.open);
  const badges: Partial<Record<WindowScreen, { text: string; words: string; asks: boolean }>> = {
    ...(working > 0 && { sessions: { text: String(working), words: 'working', asks: false } }),
    ...(waiting > 0 && { decisions: { text: String(waiting), words: 'waiting for you', asks: true } }),
    ...(failing > 0 && { services: { text: String(failing), words: 'failing', asks: true } }),
    ...(odd > 0 && { agents: { text: String(odd), words: 'out of the ordinary', asks: true } }),
    ...(promoting && { trust: { text: '1', words: 'promotion waiting for you', asks: true } }),
  };
  return (
    <aside aria-label="Tenure" className="sidebar">
      <a href="#/" className="flex items-center gap-2.5 rounded-control px-2 py-1" title="Back to the popover">
        <Ladder level={level} />
        <span className="flex flex-wrap gap-x-2.5">
          <span className="font-strong">{LEVEL_WORDS[level].name}</span>
          <span className="whitespace-nowrap text-ink-2">
            <HeldFor since={since} />
          </span>
        </span>
      </a>
      <nav aria-label="Screens" className="screens">
        {WINDOW_SCREENS.map((name) => {
          const badge = badges[name];
          return (
            <a
              key={name}
              href={hashOf(name)}
              aria-current={name === screen ? 'page' : undefined}
              className="flex min-h-7 items-center justify-between gap-3 rounded-control px-2 text-ink-2 hover:text-ink aria-[current]:bg-chosen aria-[current]:font-strong aria-[current]:text-ink"
            >
              {SCREEN_NAMES[name]}
              {badge && (
                <span className={badge.asks ? 'rounded-full bg-human-soft px-1.5 text-small text-human' : 'text-ink-2'}>
                  {badge.text}
                  <span className="sr-only"> {badge.words}</span>
                </span>
              )}
            </a>
          );
        })}
      </nav>
      <div className="machine">
        <Machine />
      </div>
    </aside>
  );
}
