import { readdirSync, readFileSync } from 'node:fs';
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
 * The built screens. Only the files listed at start are served, by exact name: a path from outside
 * never reaches the file system, so there is nothing to traverse.
 */
export function staticRoutes(dir: string): Hono<GatewayEnv> {
  const app = new Hono<GatewayEnv>();
  const files = new Map(filesIn(dir).map((file) => [`/${file.split(sep).join('/')}`, join(dir, file)]));
  app.get('*', (c) => {
    const path = c.req.path === '/' ? '/index.html' : c.req.path;
    const file = files.get(path);
    if (file === undefined) return c.text('There is nothing here.', 404);
    const hashed = path.startsWith('/assets/');
    return c.body(readFileSync(file), 200, {
      'Content-Type': TYPES[extname(file)] ?? 'application/octet-stream',
      'Cache-Control': hashed ? 'public, max-age=31536000, immutable' : 'no-cache',
    });
  });
  return app;
}
