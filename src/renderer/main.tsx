// First, so that it runs first.
import './early.ts';
import { createRoot } from 'react-dom/client';
import { App } from './App.tsx';
import { connection } from './early.ts';

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no element with the id "root".');

createRoot(root).render(<App retry={() => void connection.open()} />);
