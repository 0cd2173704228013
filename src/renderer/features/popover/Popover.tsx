import { useCalm } from '../../hooks/use-calm.ts';
import { useHeldLayout } from '../../hooks/use-held-layout.ts';
import { useMirror } from '../../mirror.ts';
import { useUi } from '../../ui.ts';
import { NeedsYou } from '../decisions/NeedsYou.tsx';
import { LaunchBar } from '../launch/LaunchBar.tsx';
import { RevenueLine } from '../revenue/RevenueLine.tsx';
import { ServiceDots } from '../services/ServiceDots.tsx';
import { SessionGroups } from '../sessions/SessionGroups.tsx';
import { FooterActions, Machine } from '../system/Footer.tsx';
import { Strips } from '../system/Strips.tsx';
import { LevelHint } from '../trust/LevelHint.tsx';
import { Measures } from '../trust/Measures.tsx';
import { ToldLately } from '../trust/ToldLately.tsx';
import { UsageLine } from '../usage/UsageLine.tsx';
import { NoProjects, NoSessions } from './Empty.tsx';
import { FilterField, NoMatch } from './FilterField.tsx';
import { Header } from './Header.tsx';
import { narrowed } from './layout.ts';

/** All there is to see at a glance: the record, what needs the person, what works, what it costs. */
export function Popover({ retry }: { retry: () => void }) {
  const { held, scroller, content, ...pointer } = useCalm();
  const { layout: whole, version } = useHeldLayout(held);
  const filter = useUi((state) => state.filter);
  const sessions = useMirror((snapshot) => snapshot.sessions);
  const decisions = useMirror((snapshot) => snapshot.decisions);
  const layout = filter === null ? whole : narrowed(whole, filter, sessions, decisions);
  const looking = filter !== null && filter.trim() !== '';
  const promoting = useMirror((snapshot) => snapshot.trust.promotion?.state === 'open');
  const noProjects = useMirror((snapshot) => snapshot.projects.length === 0);
  const nothing = (looking || !promoting) && Object.values(layout).every((ids) => ids.length === 0);

  return (
    <div className="popover">
      <header className="flex shrink-0 flex-col gap-3 px-4 pt-3.5 pb-3">
        <Header />
        <Measures />
        <Strips retry={retry} />
        <LevelHint />
        {filter !== null && <FilterField filter={filter} found={Object.values(layout).flat().length} />}
      </header>
      <main ref={scroller} className="popover-list" {...pointer}>
        <div ref={content} className="flex min-h-full flex-col gap-3.5 pb-3">
          <NeedsYou ids={layout.needs_you} version={version} alone={looking} />
          <SessionGroups layout={layout} looking={looking} />
          {!looking && <ServiceDots />}
          {!looking && <ToldLately />}
          {looking && nothing && <NoMatch filter={filter} />}
          {!looking && nothing && (noProjects ? <NoProjects /> : <NoSessions />)}
        </div>
      </main>
      <footer className="flex shrink-0 flex-col gap-1.5 border-t border-line px-4 pt-2.5 pb-1.5">
        <div className="-mx-1">
          <LaunchBar />
        </div>
        <Machine />
        <UsageLine />
        <RevenueLine />
        <FooterActions />
      </footer>
    </div>
  );
}
