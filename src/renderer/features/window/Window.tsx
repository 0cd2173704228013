import type { ReactNode } from 'react';
import type { Route } from '../../route.ts';
import { Mishap } from '../../ui/Mishap.tsx';
import { Activity } from '../activity/Activity.tsx';
import { AgentsScreen } from '../agents/AgentsScreen.tsx';
import { Decisions } from '../decisions/Decisions.tsx';
import { Projects } from '../projects/Projects.tsx';
import { RevenueScreen } from '../revenue/RevenueScreen.tsx';
import { Schedule } from '../schedule/Schedule.tsx';
import { ServicesScreen } from '../services/ServicesScreen.tsx';
import { SessionsScreen } from '../sessions/SessionsScreen.tsx';
import { Settings } from '../settings/Settings.tsx';
import { Health } from '../system/Health.tsx';
import { Strips } from '../system/Strips.tsx';
import { TrustScreen } from '../trust/TrustScreen.tsx';
import { UsageScreen } from '../usage/UsageScreen.tsx';
import { Sidebar } from './Sidebar.tsx';

type WindowRoute = Extract<Route, { view: 'window' }>;

/** The larger window: the same parts with room for everything. */
export function Window({ route, retry }: { route: WindowRoute; retry: () => void }) {
  return (
    <div className="window">
      <Sidebar screen={route.screen} />
      <main className="flex min-h-0 min-w-0 flex-col">
        <div className="flex flex-col gap-2 px-6 pt-4 empty:hidden">
          <Strips retry={retry} />
        </div>
        <Mishap of={`${route.screen} ${route.id} ${route.tab}`}>{screenOf(route)}</Mishap>
      </main>
    </div>
  );
}

function screenOf({ screen, id, tab }: WindowRoute): ReactNode {
  switch (screen) {
    case 'sessions':
      return <SessionsScreen id={id} tab={tab} />;
    case 'decisions':
      return <Decisions key={id} id={id} />;
    case 'trust':
      return <TrustScreen />;
    case 'agents':
      return <AgentsScreen id={id} />;
    case 'services':
      return <ServicesScreen id={id} />;
    case 'projects':
      return <Projects />;
    case 'usage':
      return <UsageScreen />;
    case 'revenue':
      return <RevenueScreen />;
    case 'schedule':
      return <Schedule />;
    case 'activity':
      return <Activity />;
    case 'health':
      return <Health />;
    case 'settings':
      return <Settings key={id} id={id} />;
  }
}
