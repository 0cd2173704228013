/**
 * What a start and its memory are measured against: every library that the engine loads, as it lies in
 * node_modules, and a socket that listens. Says so in the words of the engine, and does nothing else.
 */
import { createAdaptorServer } from '@hono/node-server';
import Sqlite from 'better-sqlite3';
import { Hono } from 'hono';

const OTHERS = [
  'croner',
  'hono/body-limit',
  'hono/cookie',
  'jsonc-parser',
  'node-cron',
  'pino',
  'pino-roll',
  'unbash',
  'zod',
];
for (const name of OTHERS) await import(name);

const db = new Sqlite(':memory:');
const app = new Hono();
const server = createAdaptorServer({ fetch: app.fetch });
server.listen(0, '127.0.0.1', () => console.log('Open http'));
process.on('SIGTERM', () => {
  db.close();
  process.exit(0);
});
