import { connection } from './early.ts';

// Above, to be evaluated before everything below.

import { createRoot } from 'react-dom/client';
import { App } from './App.tsx';
import { awayPorts, watchAway } from './away.ts';
import { watchLinks } from './route.ts';
import { Mishap } from './ui/Mishap.tsx';

// Only there does the system shine through.
if (window.tenure) document.documentElement.dataset.shell = window.tenure.platform;

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no element with the id "root".');

createRoot(root).render(
  <Mishap>
    <App retry={() => void connection.open()} />
  </Mishap>,
);

// The shell has notifications and a larger window of its own.
if (window.tenure) watchLinks();
else watchAway(awayPorts());
