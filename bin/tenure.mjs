#!/usr/bin/env node
import { existsSync } from 'node:fs';
import { onNode24 } from '../scripts/node.mjs';

// `npx tenure`. The build's CLI belongs to the build's engine; before the first build the sources run as they are.
if (await onNode24(import.meta.url)) {
  const built = new URL('../out/main/cli.js', import.meta.url);
  await import(existsSync(built) ? built.href : '../src/cli/index.ts');
}
