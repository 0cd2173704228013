import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join, sep } from 'node:path';
import { Hono } from 'hono';
import type { GatewayEnv } from './guard.ts';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
};

function filesIn(dir: string): string[] {
  try {
    return readdirSync(dir, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(dir.length + 1));
  } catch {
    return [];
  }
}

/**
 * The built screens. Only files that are listed are served, by exact name: a path from outside never reaches
 * the file system, so there is nothing to traverse. A newer build may take their place while we run: then they
 * are listed anew, for a page that finds none of its parts stays empty.
 */
export function staticRoutes(dir: string): Hono<GatewayEnv> {
  const app = new Hono<GatewayEnv>();
  const list = () => new Map(filesIn(dir).map((file) => [`/${file.split(sep).join('/')}`, join(dir, file)]));
  let files = list();
  app.get('*', (c) => {
    const path = c.req.path === '/' ? '/index.html' : c.req.path;
    const hashed = path.startsWith('/assets/');
    if (hashed && !files.has(path)) files = list();
    const file = files.get(path);
    if (file === undefined || !existsSync(file)) return c.text('There is nothing here.', 404);
    return c.body(readFileSync(file), 200, {
      'Content-Type': TYPES[extname(file)] ?? 'application/octet-stream',
      'Cache-Control': hashed ? 'public, max-age=31536000, immutable' : 'no-cache',
    });
  });
  return app;
}
