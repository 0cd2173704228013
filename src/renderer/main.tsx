import { createRoot } from 'react-dom/client';
import { App } from './App.tsx';
import { createConnection, pagePorts } from './connect.ts';

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no element with the id "root".');

// The snapshot is on its way before the first component is made.
const connection = createConnection(pagePorts());
void connection.open();
createRoot(root).render(<App retry={() => void connection.open()} />);
