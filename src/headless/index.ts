import { enableCompileCache, flushCompileCache } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { keepOneArena } from './memory.ts';

keepOneArena();

/** Built: `out/main/headless.js`; from source: `src/headless/index.ts`. Both are two folders below the root. */
const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

// What was compiled once is kept beside the build and goes with it: half of a start is compiling. A folder of
// our own, for the usual one is a known name under /tmp. Where it cannot be written there is none.
enableCompileCache(join(root, 'out', '.compiled'));
// A start makes much that is thrown away at once; room that is made for it is held for as long as nothing
// happens, which is most of the time: a tenth of all the memory. Work then gets its room as ever.
setFlagsFromString('--semi-space-growth-factor=1');
const { run } = await import('./run.ts');
await run(root);
setFlagsFromString('--semi-space-growth-factor=2');
// Also for an engine that is killed one day.
flushCompileCache();
