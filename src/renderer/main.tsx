import { connection } from './early.ts';

// Above, to be evaluated before everything below.

import { createRoot } from 'react-dom/client';
import { App } from './App.tsx';

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no element with the id "root".');

createRoot(root).render(<App retry={() => void connection.open()} />);
